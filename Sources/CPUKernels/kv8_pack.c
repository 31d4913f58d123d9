#include "bytes.h"
#include "minference_kv8.h"

/// Token `token` of a head as fp32.
static void load_token(
    mi_isa isa, const void *rows, mi_dtype type, bool pairs, int32_t head_dim, int64_t token, float *numbers) {
    if (!pairs) {
        const ptrdiff_t size = type == MI_FLOAT32 ? 4 : 2;
        mi_convert(isa, (const char *)rows + token * head_dim * size, type, numbers, MI_FLOAT32, (size_t)head_dim);
        return;
    }
    const uint16_t *pair = (const uint16_t *)rows + token / 2 * 2 * head_dim + token % 2;
    for (int32_t d = 0; d < head_dim; d++) {
        uint32_t bits = (uint32_t)pair[2 * d] << 16;
        __builtin_memcpy(numbers + d, &bits, 4);
    }
}

void mi_kv8_pack(
    mi_isa isa, const void *rows, mi_dtype type, bool pairs, int32_t head_dim, int64_t tokens, int64_t block,
    mi_byte_format format, uint8_t *bytes, float *factors) {
    const int64_t first = block * MI_KV8_BLOCK;
    const int64_t count = tokens - first < MI_KV8_BLOCK ? tokens - first : MI_KV8_BLOCK;
    float numbers[MI_MAXIMUM_HEAD_DIM], largest = 0;
    for (int64_t token = 0; token < count; token++) {
        load_token(isa, rows, type, pairs, head_dim, first + token, numbers);
        for (int32_t d = 0; d < head_dim; d++) {
            const float magnitude = __builtin_fabsf(numbers[d]);
            largest = magnitude > largest ? magnitude : largest;
        }
    }
    const float factor = largest / mi_byte_largest(format);
    factors[block] = factor;
    uint8_t *out = bytes + first * head_dim;
    for (int64_t token = 0; token < MI_KV8_BLOCK; token++, out += head_dim) {
        if (token >= count || !(factor > 0)) {
            __builtin_memset(out, 0, (size_t)head_dim);
            continue;
        }
        load_token(isa, rows, type, pairs, head_dim, first + token, numbers);
        for (int32_t d = 0; d < head_dim; d++) {
            out[d] = mi_byte(numbers[d] / factor, format);
        }
    }
}
