// Decode attention over keys and values of one byte each: a row is widened once for all query heads of a group.

#include "vector.h"
#include "exp2.h"
#include "exponential.h"
#include "partial.h"
#include "row_dot.h"
#include "decode_weights.h"
#include "byte_lanes.h"

/// A row of bytes times `factor`; `head_dim` is a multiple of 8.
static inline __attribute__((always_inline)) void MI_(widen_bytes)(
    const uint8_t *row, int head_dim, float factor, mi_byte_format format, float *wide) {
    int d = 0;
    if (format == MI_BYTE_INT8) {
        for (; d + MI_LANES <= head_dim; d += MI_LANES) {
            MI_(store)(wide + d, MI_(load_bytes)(row + d, MI_BYTE_INT8) * factor);
        }
    } else {
        for (; d + MI_LANES <= head_dim; d += MI_LANES) {
            MI_(store)(wide + d, MI_(load_bytes)(row + d, MI_BYTE_FLOAT8) * MI_FLOAT8_SCALE * factor);
        }
    }
    if (d < head_dim) {
        // Half a vector of 16 lanes.
        uint8_t rest[MI_LANES] = {0};
        __builtin_memcpy(rest, row + d, (size_t)(head_dim - d));
        vf v = format == MI_BYTE_INT8 ? MI_(load_bytes)(rest, MI_BYTE_INT8)
                                      : MI_(load_bytes)(rest, MI_BYTE_FLOAT8) * MI_FLOAT8_SCALE;
        MI_(store_part)(wide + d, v * factor, head_dim - d);
    }
}

static void MI_(kv8_decode_partial)(
    const mi_kv8_head *head, const void *queries, mi_dtype query_type, int32_t group, float scale,
    float soft_cap, int64_t first, int64_t begin, int64_t end, float *partial, float *scratch) {
    const int64_t count = end - begin, stride = count + 2;
    const int dim = head->head_dim;
    float row[MI_MAXIMUM_HEAD_DIM], query[MI_DECODE_GROUP][MI_MAXIMUM_HEAD_DIM];
    for (int g = 0; g < group; g++) {
        const char *from = (const char *)queries + (ptrdiff_t)g * dim * (query_type == MI_FLOAT32 ? 4 : 2);
        for (int d = 0; d < dim; d += MI_LANES) {
            vf v = MI_(load_row)(from, query_type, d, dim) * (scale * 1.44269504088896340736f);
            MI_(store_row)(query[g], MI_FLOAT32, d, dim, v);
        }
    }
    for (int64_t key = 0; key < count; key++) {
        const float factor = head->key_factors[(begin + key) / MI_KV8_BLOCK];
        MI_(widen_bytes)(head->keys + (begin + key) * dim, dim, factor, head->format, row);
        for (int g = 0; g < group; g++) {
            scratch[g * stride + key] = MI_(row_dot)(query[g], row, MI_FLOAT32, dim);
        }
    }
    for (int g = 0; g < group; g++) {
        MI_(decode_weights)(
            scratch + g * stride, count, soft_cap, first - begin, partial + g * MI_DECODE_PARTIAL(dim), dim);
    }
    for (int64_t key = 0; key < count; key++) {
        const float factor = head->value_factors[(begin + key) / MI_KV8_BLOCK];
        MI_(widen_bytes)(head->values + (begin + key) * dim, dim, factor, head->format, row);
        for (int g = 0; g < group; g++) {
            float *out = partial + g * MI_DECODE_PARTIAL(dim);
            vf weight = MI_(splat)(scratch[g * stride + key]);
            for (int d = 0; d < dim; d += MI_LANES) {
                vf v = MI_(load_row)(row, MI_FLOAT32, d, dim);
                MI_(store_row)(out, MI_FLOAT32, d, dim, MI_(fma)(weight, v, MI_(load_row)(out, MI_FLOAT32, d, dim)));
            }
        }
    }
}
