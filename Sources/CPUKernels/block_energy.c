#include "minference_block_energy.h"

#include <math.h>

#include "attention_panel.h"
#include "minference_elementwise.h"

#define MI_SOURCE "block_energy.inl.h"
#include "foreach_isa.h"

size_t mi_block_energy_scratch_bytes(int32_t head_dim, int32_t run) {
    const size_t depth = (size_t)head_dim * (size_t)run;
    return sizeof(float) * (64 * depth + MI_ENERGY_KEYS * 64 + 4 * depth);
}

void mi_block_energies(mi_isa isa, const mi_block_energy *energy, float *energies, float *maxima, void *scratch) {
    MI_DISPATCH(isa, block_energies, energy, energies, maxima, scratch);
}

void mi_block_probabilities(const float *energies, const float *maxima, int64_t blocks, int32_t block_keys,
                            int32_t row_begin, int32_t row_end, float *scores) {
    const int64_t panels = (blocks * block_keys + MI_ENERGY_KEYS - 1) / MI_ENERGY_KEYS;
    const int64_t panel_blocks = MI_ENERGY_KEYS / block_keys;
    for (int64_t block = 0; block < blocks; block++) {
        scores[block] = 0;
    }
    for (int32_t row = row_begin; row < row_end; row++) {
        const float last = maxima[(panels - 1) * 64 + row];
        float total = 0;
        for (int64_t panel = 0; panel < panels; panel++) {
            const float factor = exp2f(maxima[panel * 64 + row] - last);
            for (int64_t b = panel * panel_blocks; b < blocks && b < (panel + 1) * panel_blocks; b++) {
                total += energies[b * 64 + row] * factor;
            }
        }
        if (total <= 0) {
            continue;
        }
        for (int64_t panel = 0; panel < panels; panel++) {
            const float factor = exp2f(maxima[panel * 64 + row] - last) / total;
            for (int64_t b = panel * panel_blocks; b < blocks && b < (panel + 1) * panel_blocks; b++) {
                scores[b] += energies[b * 64 + row] * factor;
            }
        }
    }
}

void mi_reposition_rows(mi_isa isa, const mi_reposition *args, size_t first, size_t last) {
    MI_DISPATCH(isa, reposition_rows, args, first, last)
}

void mi_block_representatives(mi_isa isa, const void *queries, int64_t query_stride, int64_t query_count,
                              const void *keys, mi_dtype dtype, int32_t head_dim, int64_t first, int32_t block_size,
                              int64_t window, int32_t count, int32_t *best) {
    MI_DISPATCH(isa, block_representatives, queries, query_stride, query_count, keys, dtype, head_dim, first,
                block_size, window, count, best)
}
