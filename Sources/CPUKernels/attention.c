#include "minference_attention.h"

#include <math.h>
#include <string.h>

#include "attention_keys.h"

#define MI_SOURCE "attention.inl.h"
#include "foreach_isa.h"

size_t mi_attention_scratch_bytes(int32_t head_dim, int64_t column_count) {
    size_t floats = 4 * 64                                  // maximum, sum, rescale, the panel's maximum
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

static float mi_load_number(const void *numbers, mi_dtype dtype, int64_t at) {
    if (dtype == MI_FLOAT32) {
        return ((const float *)numbers)[at];
    }
    uint32_t bits = (uint32_t)((const uint16_t *)numbers)[at] << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static void mi_store_number(void *numbers, mi_dtype dtype, int64_t at, float value) {
    if (dtype == MI_FLOAT32) {
        ((float *)numbers)[at] = value;
        return;
    }
    uint32_t bits;
    memcpy(&bits, &value, 4);
    ((uint16_t *)numbers)[at] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

/// Where element `d` of a token's value lies: bf16 tokens are interleaved in pairs.
static int64_t mi_value_offset(mi_dtype dtype, int32_t head_dim, int64_t token, int32_t d) {
    return dtype == MI_FLOAT32 ? token * head_dim + d : ((token & ~(int64_t)1) * head_dim + 2 * d) + (token & 1);
}

void mi_mean_blocks(mi_dtype dtype, int32_t head_dim, const void *keys, const void *values, int64_t key_count,
                    int32_t block_size, void *mean_keys, void *mean_values) {
    const int64_t blocks = key_count / block_size;
    for (int64_t block = 0; block < mi_group_ceiling(blocks); block++) {
        float key[MI_MAXIMUM_HEAD_DIM] = {0}, value[MI_MAXIMUM_HEAD_DIM] = {0};
        const int64_t end = block < blocks ? (block + 1) * block_size : block * block_size;
        for (int64_t token = block * block_size; token < end; token++) {
            for (int32_t d = 0; d < head_dim; d++) {
                key[d] += mi_load_number(keys, dtype, token * head_dim + d);
                value[d] += mi_load_number(values, dtype, mi_value_offset(dtype, head_dim, token, d));
            }
        }
        for (int32_t d = 0; d < head_dim; d++) {
            mi_store_number(mean_keys, dtype, block * head_dim + d, key[d] / (float)block_size);
            mi_store_number(mean_values, dtype, mi_value_offset(dtype, head_dim, block, d),
                            value[d] / (float)block_size);
        }
    }
}

void mi_merge_attention(mi_dtype dtype, int32_t head_dim, int64_t stride, int64_t rows, void *output,
                        float *log_sums, const void *other, const float *other_log_sums) {
    for (int64_t row = 0; row < rows; row++) {
        if (other_log_sums[row] == -INFINITY) {
            continue;
        }
        const float weight = 1 / (1 + exp2f(log_sums[row] - other_log_sums[row]));
        log_sums[row] = other_log_sums[row] - log2f(weight);
        for (int32_t d = 0; d < head_dim; d++) {
            const int64_t at = row * stride + d;
            const float own = mi_load_number(output, dtype, at);
            mi_store_number(output, dtype, at, own + weight * (mi_load_number(other, dtype, at) - own));
        }
    }
}
