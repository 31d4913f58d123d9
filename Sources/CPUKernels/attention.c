#include "minference_attention.h"

#include <string.h>

#include "attention_keys.h"

#define MI_SOURCE "attention.inl.h"
#include "foreach_isa.h"

size_t mi_attention_scratch_bytes(int32_t head_dim, int64_t column_count) {
    size_t floats = 3 * 64                                  // maximum, sum, rescale
                    + 2 * 64 * (size_t)head_dim             // query tile, output
                    + MI_PANEL_KEYS * 64                    // scores
                    + 2 * MI_PANEL_KEYS * (size_t)head_dim  // widened keys and values
        ;
    return floats * sizeof(float) + (size_t)column_count + 64;
}

void mi_attend_row_blocks(mi_isa isa, const mi_attention_head *head, int64_t begin, int64_t end, void *scratch) {
    MI_DISPATCH(isa, attend, head, begin, end, scratch);
}

size_t mi_gathered_bytes(mi_dtype dtype, int32_t head_dim, int64_t column_count) {
    return (size_t)mi_group_ceiling(column_count) * (size_t)head_dim * (dtype == MI_FLOAT32 ? 4 : 2);
}

void mi_gather_columns(mi_dtype dtype, int32_t head_dim, const void *keys, const void *values,
                       const int32_t *columns, int64_t column_count, void *column_keys, void *column_values) {
    const size_t row = (size_t)head_dim * (dtype == MI_FLOAT32 ? 4 : 2);
    const int64_t padded = mi_group_ceiling(column_count);
    memset((char *)column_keys + column_count * (int64_t)row, 0, (size_t)(padded - column_count) * row);
    for (int64_t i = 0; i < column_count; i++) {
        memcpy((char *)column_keys + i * (int64_t)row, (const char *)keys + columns[i] * (int64_t)row, row);
    }
    if (dtype == MI_FLOAT32) {
        memset((char *)column_values + column_count * (int64_t)row, 0, (size_t)(padded - column_count) * row);
        for (int64_t i = 0; i < column_count; i++) {
            memcpy((char *)column_values + i * (int64_t)row, (const char *)values + columns[i] * (int64_t)row, row);
        }
        return;
    }
    // bf16 values lie in pairs of tokens, [token / 2][head_dim][2].
    const uint16_t *from = values;
    uint16_t *to = column_values;
    for (int64_t i = 0; i < padded; i += 2) {
        for (int64_t half = 0; half < 2; half++) {
            uint16_t *out = to + i * head_dim + half;
            if (i + half >= column_count) {
                for (int32_t d = 0; d < head_dim; d++) {
                    out[2 * d] = 0;
                }
                continue;
            }
            int64_t key = columns[i + half];
            const uint16_t *in = from + (key & ~(int64_t)1) * head_dim + (key & 1);
            for (int32_t d = 0; d < head_dim; d++) {
                out[2 * d] = in[2 * d];
            }
        }
    }
}
