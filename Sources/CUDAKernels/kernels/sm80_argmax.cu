// The first of the highest numbers of every row; -1 where one is NaN.

#include "sm80_argmax_arguments.h"

constexpr int kThreads = 1024;

/// In the order of the numbers, NaN above all; of equals the lower index is higher.
__device__ __forceinline__ unsigned long long rank(float value, int index) {
    const unsigned int bits = __float_as_uint(value + 0.0f);
    const unsigned int order = value != value ? ~0u : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return static_cast<unsigned long long>(order) << 32 | ~static_cast<unsigned int>(index);
}

extern "C" __global__ void __launch_bounds__(kThreads) argmax(const __grid_constant__ mi_argmax_arguments args) {
    __shared__ unsigned long long warps[kThreads / 32];
    const float *logits = args.logits + (long long)blockIdx.x * args.width;
    unsigned long long best = 0;
#pragma unroll 8
    for (int i = threadIdx.x; i < args.width; i += kThreads) best = max(best, rank(logits[i], i));
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) best = max(best, __shfl_xor_sync(~0u, best, mask));
    if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = best;
    __syncthreads();
    if (threadIdx.x >= 32) return;
    best = warps[threadIdx.x];
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) best = max(best, __shfl_xor_sync(~0u, best, mask));
    if (threadIdx.x == 0) {
        args.indexes[blockIdx.x] = best >> 32 == ~0u ? -1 : static_cast<int>(~static_cast<unsigned int>(best));
    }
}
