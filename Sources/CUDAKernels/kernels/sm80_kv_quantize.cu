// Keys and values of a finished layer in 8-bit floating point, with a factor per 64 tokens and head. -DHEAD_DIM.
//
// Bound by bytes: 2 are read and 1 is written per element. A thread block keeps its 64 tokens in registers between
// finding the largest magnitude and rounding, so that the cache is read once.

#include "ptx/float8.cuh"
#include "ptx/vector.cuh"
#include "sm80_kv_quantize_arguments.h"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kThreads = 256;
constexpr int kTokens = MI_KV_BLOCK_TOKENS;
constexpr int kVectors = kTokens * kHeadDim / 8;
constexpr int kPerThread = (kVectors + kThreads - 1) / kThreads;

static_assert(kVectors % kThreads == 0, "every thread takes as many vectors");

extern "C" __global__ void __launch_bounds__(kThreads) kv_quantize(
    const __grid_constant__ mi_kv_quantize_arguments args) {
    __shared__ float largest[kThreads / 32];
    const long long block = blockIdx.x, head = blockIdx.y;
    const bf16 *source = static_cast<const bf16 *>(blockIdx.z == 0 ? args.source[0] : args.source[1]) +
                         (head * args.capacity + block * kTokens) * kHeadDim;
    const int valid = static_cast<int>(min(static_cast<long long>(kTokens), args.tokens - block * kTokens)) * kHeadDim / 8;

    uint4 vectors[kPerThread];
    float magnitude = 0;
#pragma unroll
    for (int i = 0; i < kPerThread; i++) {
        const int vector = i * kThreads + threadIdx.x;
        vectors[i] = vector < valid ? load_once(source + vector * 8) : uint4{};
    }
#pragma unroll
    for (int i = 0; i < kPerThread; i++) {
        float v[8];
        widen(vectors[i], v);
#pragma unroll
        for (int j = 0; j < 8; j++) magnitude = fmaxf(magnitude, fabsf(v[j]));
    }
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) magnitude = fmaxf(magnitude, __shfl_xor_sync(~0u, magnitude, mask));
    if (threadIdx.x % 32 == 0) largest[threadIdx.x / 32] = magnitude;
    __syncthreads();
#pragma unroll
    for (int warp = 0; warp < kThreads / 32; warp++) magnitude = fmaxf(magnitude, largest[warp]);

    const float factor = magnitude / 448.0f;
    const float inverse = factor > 0 ? 1.0f / factor : 0.0f;
    const long long place = head * gridDim.x + block;
    if (threadIdx.x == 0) (blockIdx.z == 0 ? args.factors[0] : args.factors[1])[place] = factor;
    uint2 *elements = reinterpret_cast<uint2 *>(blockIdx.z == 0 ? args.elements[0] : args.elements[1]) + place * kVectors;
#pragma unroll
    for (int i = 0; i < kPerThread; i++) {
        float v[8];
        widen(vectors[i], v);
#pragma unroll
        for (int j = 0; j < 8; j++) v[j] *= inverse;
        elements[i * kThreads + threadIdx.x] =
            make_uint2(pack_e4m3x4(v[0], v[1], v[2], v[3]), pack_e4m3x4(v[4], v[5], v[6], v[7]));
    }
}
