#pragma once

#include "ptx/bf16.cuh"

// 8-bit floating point, e4m3: 4 exponent bits (bias 7), 3 fraction bits, no infinities, largest value 448.

/// The upper bytes of both halves of `bytes` as f16, each 2^-8 times its value: the fields only move, so that
/// subnormal values come out right, too. The lower bytes do not matter.
__device__ __forceinline__ unsigned int e4m3_as_f16x2(unsigned int bytes) {
    return (bytes & 0x80008000u) | (bytes >> 1 & 0x3F803F80u);
}

/// What `e4m3_as_f16x2` leaves out of a value.
constexpr float kE4M3Scale = 256.0f;

/// Four e4m3 elements, rounded to nearest even, magnitudes above 448 to 448; the first in the lowest byte.
__device__ __forceinline__ unsigned int pack_e4m3x4(float a, float b, float c, float d) {
#if __CUDA_ARCH__ >= 890
    unsigned short low, high;
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(low) : "f"(b), "f"(a));
    asm("cvt.rn.satfinite.e4m3x2.f32 %0, %1, %2;" : "=h"(high) : "f"(d), "f"(c));
    return low | static_cast<unsigned int>(high) << 16;
#else
    const float values[4] = {a, b, c, d};
    unsigned int packed = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const float magnitude = fminf(fabsf(values[i]), 448.0f);
        // Adding a power of two rounds at the last of the fraction bits that stay; below 2^-6 that is 2^-9.
        const unsigned int exponent = max(__float_as_uint(magnitude) >> 23, 121u);
        const float anchor = __uint_as_float((exponent + 20) << 23);
        const unsigned int steps = __float_as_uint(magnitude + anchor) & 0x7FFFFFu;
        // A fraction that rounds up to the next power of two carries into the exponent by itself.
        const unsigned int bits = ((exponent - 121) << 3) + steps;
        packed |= (bits | __float_as_uint(values[i]) >> 24 & 0x80u) << 8 * i;
    }
    return packed;
#endif
}
