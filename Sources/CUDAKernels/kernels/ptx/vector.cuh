#pragma once

#include "ptx/bf16.cuh"

// Runs of elements in one access of up to 16 bytes, widened to fp32 on the way in and rounded on the way out.
// Addresses are aligned to the run.

/// How macros name element types: 32 is fp32, 16 is bf16.
template <int kBits>
struct ElementOfBits {
    using Type = float;
};
template <>
struct ElementOfBits<16> {
    using Type = bf16;
};
template <int kBits>
using Element = typename ElementOfBits<kBits>::Type;

/// 16 bytes that are read once: they pass by the first-level cache.
__device__ __forceinline__ uint4 load_once(const void *address) {
    uint4 v;
    asm("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
        : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
        : "l"(address));
    return v;
}

/// 8 bytes that are read once.
__device__ __forceinline__ uint2 load_once_8(const void *address) {
    uint2 v;
    asm("ld.global.nc.L1::no_allocate.v2.u32 {%0, %1}, [%2];" : "=r"(v.x), "=r"(v.y) : "l"(address));
    return v;
}

/// 16 bytes as four fp32 elements.
__device__ __forceinline__ void widen(uint4 bits, float (&v)[4]) {
    v[0] = __uint_as_float(bits.x);
    v[1] = __uint_as_float(bits.y);
    v[2] = __uint_as_float(bits.z);
    v[3] = __uint_as_float(bits.w);
}

/// 8 bytes as four bf16 elements.
__device__ __forceinline__ void widen(uint2 bits, float (&v)[4]) {
    v[0] = low_float(bits.x);
    v[1] = high_float(bits.x);
    v[2] = low_float(bits.y);
    v[3] = high_float(bits.y);
}

/// 16 bytes as eight bf16 elements.
__device__ __forceinline__ void widen(uint4 bits, float (&v)[8]) {
    const bf16x2 pairs[4] = {bits.x, bits.y, bits.z, bits.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        v[2 * i] = low_float(pairs[i]);
        v[2 * i + 1] = high_float(pairs[i]);
    }
}

/// Four elements of either type.
__device__ __forceinline__ void load_vector(const float *from, float (&v)[4]) { widen(load_once(from), v); }
__device__ __forceinline__ void load_vector(const bf16 *from, float (&v)[4]) { widen(load_once_8(from), v); }

__device__ __forceinline__ void store_vector(float *to, const float (&v)[4]) {
    *reinterpret_cast<float4 *>(to) = make_float4(v[0], v[1], v[2], v[3]);
}

__device__ __forceinline__ void store_vector(float *to, const float (&v)[8]) {
    reinterpret_cast<float4 *>(to)[0] = make_float4(v[0], v[1], v[2], v[3]);
    reinterpret_cast<float4 *>(to)[1] = make_float4(v[4], v[5], v[6], v[7]);
}

__device__ __forceinline__ void store_vector(bf16 *to, const float (&v)[4]) {
    *reinterpret_cast<uint2 *>(to) = make_uint2(pack_bf16x2(v[0], v[1]), pack_bf16x2(v[2], v[3]));
}

__device__ __forceinline__ void store_vector(bf16 *to, const float (&v)[8]) {
    *reinterpret_cast<uint4 *>(to) = make_uint4(
        pack_bf16x2(v[0], v[1]), pack_bf16x2(v[2], v[3]), pack_bf16x2(v[4], v[5]), pack_bf16x2(v[6], v[7]));
}
