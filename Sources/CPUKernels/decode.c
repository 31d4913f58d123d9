#include "minference_decode.h"

#define MI_SOURCE "decode.inl.h"
#include "foreach_isa.h"

void mi_decode_partial(mi_isa isa, const void *queries, const void *keys, const void *values, mi_dtype dtype,
                       int32_t head_dim, int32_t group, float scale, float soft_cap, int64_t first, int64_t begin,
                       int64_t end, float *partial, float *scratch) {
    MI_DISPATCH(isa, decode_partial, queries, keys, values, dtype, head_dim, group, scale, soft_cap, first, begin, end,
                partial, scratch);
}

void mi_decode_merge(const float *partials, int64_t part_stride, int32_t parts, int32_t head_dim, mi_dtype dtype,
                     void *output) {
    float maximum = partials[head_dim];
    for (int32_t part = 1; part < parts; part++) {
        float m = partials[part * part_stride + head_dim];
        maximum = m > maximum ? m : maximum;
    }
    float sum = 0;
    for (int32_t part = 0; part < parts; part++) {
        const float *p = partials + part * part_stride;
        sum += p[head_dim + 1] * __builtin_exp2f(p[head_dim] - maximum);
    }
    for (int32_t d = 0; d < head_dim; d++) {
        float x = 0;
        for (int32_t part = 0; part < parts; part++) {
            const float *p = partials + part * part_stride;
            x += p[d] * __builtin_exp2f(p[head_dim] - maximum);
        }
        x /= sum;
        if (dtype == MI_FLOAT32) {
            ((float *)output)[d] = x;
        } else {
            uint32_t bits;
            __builtin_memcpy(&bits, &x, 4);
            ((uint16_t *)output)[d] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
        }
    }
}
