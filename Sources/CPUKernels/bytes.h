// Numbers of one byte: rounding to them. Reading them back in lanes is in byte_lanes.h.
#ifndef MINFERENCE_BYTES_H
#define MINFERENCE_BYTES_H

#include <stdint.h>

#include "minference_gemm8.h"

/// The largest number of a format.
static inline float mi_byte_largest(mi_byte_format format) {
    return format == MI_BYTE_INT8 ? 127.0f : 448.0f;
}

/// Adding this to a small number leaves its nearest integer, ties to even, in the fraction's last bits.
#define MI_ROUNDING 12582912.0f
#define MI_ROUNDING_BITS 0x4B400000

static inline int32_t mi_nearest(float x) {
    float shifted = x + MI_ROUNDING;
    int32_t bits;
    __builtin_memcpy(&bits, &shifted, 4);
    return bits - MI_ROUNDING_BITS;
}

/// The nearest integer of -127 ... 127.
static inline uint8_t mi_int8(float x) {
    x = x > 127 ? 127 : x < -127 ? -127 : x;
    return (uint8_t)(int8_t)mi_nearest(x);
}

/// The nearest e4m3 number, ties to even; beyond the largest, the largest.
static inline uint8_t mi_float8(float x) {
    uint32_t bits;
    __builtin_memcpy(&bits, &x, 4);
    const uint8_t sign = (uint8_t)(bits >> 24 & 0x80);
    float magnitude = __builtin_fabsf(x);
    magnitude = magnitude < 448 ? magnitude : 448;
    // Below 2^-6 numbers are 2^-9 apart; eight such steps are the first normal number by themselves.
    if (magnitude < 0x1p-6f) {
        return sign | (uint8_t)mi_nearest(magnitude * 0x1p9f);
    }
    __builtin_memcpy(&bits, &magnitude, 4);
    bits += 0x7FFFF + (bits >> 20 & 1);
    return sign | (uint8_t)((bits >> 20) - ((127 - 7) << 3));
}

static inline uint8_t mi_byte(float x, mi_byte_format format) {
    return format == MI_BYTE_INT8 ? mi_int8(x) : mi_float8(x);
}

#endif
