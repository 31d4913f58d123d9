#pragma once

// bfloat16 without the toolkit's headers, which a machine with only NVRTC does not have.

using bf16 = unsigned short;
using bf16x2 = unsigned int;

/// Two floats, rounded to nearest even, the first in the lower half.
__device__ __forceinline__ bf16x2 pack_bf16x2(float low, float high) {
    bf16x2 packed;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

__device__ __forceinline__ bf16 to_bf16(float value) { return static_cast<bf16>(pack_bf16x2(value, 0.0f)); }

__device__ __forceinline__ float to_float(bf16 value) {
    return __uint_as_float(static_cast<unsigned int>(value) << 16);
}

/// The lower half.
__device__ __forceinline__ float low_float(bf16x2 packed) { return __uint_as_float(packed << 16); }
/// The upper half.
__device__ __forceinline__ float high_float(bf16x2 packed) { return __uint_as_float(packed & 0xFFFF0000u); }

/// Two floats as f16, rounded to nearest even, the first in the lower half.
__device__ __forceinline__ unsigned int pack_f16x2(float low, float high) {
    unsigned int packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}
