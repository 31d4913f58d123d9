// Decode attention at one instruction-set level: lanes along the head, keys and values read once for a group of
// query heads. Bound by memory, so the arithmetic is the simplest that keeps up.

#include "vector.h"
#include "exp2.h"
#include "exponential.h"
#include "partial.h"
#include "row_dot.h"
#include "decode_weights.h"

/// Adds two rows of values, weighted: `output[d] += p0 * v0[d] + p1 * v1[d]`.
static inline __attribute__((always_inline)) void MI_(add_pair)(
    float *output, const void *values, mi_dtype dtype, int64_t pair, int head_dim, float p0, float p1) {
    int d = 0;
    if (dtype == MI_FLOAT32) {
        const float *v0 = (const float *)values + pair * 2 * head_dim, *v1 = v0 + head_dim;
        for (; d + MI_LANES <= head_dim; d += MI_LANES) {
            vf sum = MI_(fma)(MI_(load)(v0 + d), MI_(splat)(p0), MI_(load)(output + d));
            MI_(store)(output + d, MI_(fma)(MI_(load)(v1 + d), MI_(splat)(p1), sum));
        }
        for (; d < head_dim; d++) {
            output[d] += p0 * v0[d] + p1 * v1[d];
        }
        return;
    }
    const uint32_t *v = (const uint32_t *)values + pair * head_dim;
    for (; d + MI_LANES <= head_dim; d += MI_LANES) {
        vi both = (vi)MI_(load)((const float *)(v + d));
        vf sum = MI_(fma)((vf)(both << 16), MI_(splat)(p0), MI_(load)(output + d));
        MI_(store)(output + d, MI_(fma)((vf)(both & (int32_t)0xFFFF0000), MI_(splat)(p1), sum));
    }
    for (; d < head_dim; d++) {
        uint32_t even = v[d] << 16, odd = v[d] & 0xFFFF0000u;
        float x, y;
        __builtin_memcpy(&x, &even, 4);
        __builtin_memcpy(&y, &odd, 4);
        output[d] += p0 * x + p1 * y;
    }
}

static void MI_(decode_partial)(const void *queries, const void *keys, const void *values, mi_dtype dtype,
                                int32_t head_dim, int32_t group, float scale, float soft_cap, int64_t first,
                                int64_t begin, int64_t end, float *partial, float *scratch) {
    const int64_t count = end - begin, stride = count + 2;
    const int64_t row_bytes = head_dim * (dtype == MI_FLOAT32 ? 4 : 2);
    const float log2_scale = scale * 1.44269504088896340736f;
    for (int64_t key = 0; key < count; key++) {
        for (int g = 0; g < group; g++) {
            const char *query = (const char *)queries + g * row_bytes;
            const char *row = (const char *)keys + (begin + key) * row_bytes;
            scratch[g * stride + key] =
                log2_scale * (dtype == MI_FLOAT32 ? MI_(row_dot)(query, row, MI_FLOAT32, head_dim)
                                                  : MI_(row_dot)(query, row, MI_BFLOAT16, head_dim));
        }
    }
    for (int g = 0; g < group; g++) {
        MI_(decode_weights)(scratch + g * stride, count, soft_cap, first - begin,
                            partial + g * MI_DECODE_PARTIAL(head_dim), head_dim);
    }
    for (int64_t pair = 0; pair < (count + 1) / 2; pair++) {
        for (int g = 0; g < group; g++) {
            const float *p = scratch + g * stride + pair * 2;
            if (pair * 2 + 1 < count || dtype == MI_BFLOAT16) {
                MI_(add_pair)(partial + g * MI_DECODE_PARTIAL(head_dim), values, dtype, begin / 2 + pair, head_dim,
                              p[0], p[1]);
            } else {
                const float *v = (const float *)values + (end - 1) * head_dim;
                for (int d = 0; d < head_dim; d++) {
                    partial[g * MI_DECODE_PARTIAL(head_dim) + d] += p[0] * v[d];
                }
            }
        }
    }
}
