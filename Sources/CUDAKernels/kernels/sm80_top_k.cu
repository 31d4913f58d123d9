// The positions of the highest scores of every row, ascending; of equal scores the first ones. A radix select: four
// passes find the smallest score that is kept, one byte a pass, a last one writes.

#include "sm80_top_k_arguments.h"

constexpr int kThreads = 512;
constexpr int kWarps = kThreads / 32;

/// An unsigned number in the order of the scores; both zeros are the same.
__device__ __forceinline__ unsigned int ordered(float score) {
    const unsigned int bits = __float_as_uint(score + 0.0f);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

struct Shared {
    unsigned int histogram[256];
    int higher[kWarps + 1];
    int equal[kWarps + 1];
    unsigned int prefix;
    int needed;
};

/// Of the candidates, whose bits above `shift + 8` are `prefix`, finds the byte of the one that is `needed`-th highest.
__device__ __forceinline__ void select_byte(Shared &shared, const float *scores, int length, int shift) {
    for (int i = threadIdx.x; i < 256; i += kThreads) shared.histogram[i] = 0;
    __syncthreads();
    const unsigned int prefix = shared.prefix;
    for (int i = threadIdx.x; i < length; i += kThreads) {
        const unsigned int key = ordered(scores[i]);
        if (shift == 24 || key >> (shift + 8) == prefix) atomicAdd(&shared.histogram[key >> shift & 255], 1);
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        // Lane l looks after bytes 255 - 8 l and the seven below.
        const int top = 255 - threadIdx.x * 8;
        int counts[8], sum = 0;
#pragma unroll
        for (int i = 0; i < 8; i++) sum += counts[i] = shared.histogram[top - i];
        int before = sum;
#pragma unroll
        for (int offset = 1; offset < 32; offset *= 2) {
            const int other = __shfl_up_sync(~0u, before, offset);
            if (threadIdx.x >= offset) before += other;
        }
        before -= sum;
        const int needed = shared.needed;
        __syncwarp();
        if (before < needed && needed <= before + sum) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                if (before < needed && needed <= before + counts[i]) {
                    shared.prefix = prefix << 8 | (top - i);
                    shared.needed = needed - before;
                }
                before += counts[i];
            }
        }
    }
    __syncthreads();
}

extern "C" __global__ void __launch_bounds__(kThreads) top_k(const __grid_constant__ mi_top_k_arguments args) {
    __shared__ Shared shared;
    const long long row = blockIdx.x;
    const float *scores = args.scores + row * args.stride;
    int *indexes = args.indexes + row * args.count;
    const int length = args.lengths[row];
    if (length <= args.count) {
        for (int i = threadIdx.x; i < length; i += kThreads) indexes[i] = i;
        return;
    }
    if (threadIdx.x == 0) {
        shared.prefix = 0;
        shared.needed = args.count;
    }
    __syncthreads();
    for (int shift = 24; shift >= 0; shift -= 8) select_byte(shared, scores, length, shift);
    // All above the threshold, and the first `needed` that equal it.
    const unsigned int threshold = shared.prefix;
    const int needed = shared.needed;

    // A warp takes a run of the row, so that its places follow from two counts of the warps before.
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int run = ((length + kWarps - 1) / kWarps + 31) / 32 * 32;
    const int begin = warp * run, end = min(begin + run, length);
    int higher = 0, equal = 0;
    for (int i = begin + lane; i < end; i += 32) {
        const unsigned int key = ordered(scores[i]);
        higher += key > threshold;
        equal += key == threshold;
    }
    higher = __reduce_add_sync(~0u, higher);
    equal = __reduce_add_sync(~0u, equal);
    if (lane == 0) {
        shared.higher[warp] = higher;
        shared.equal[warp] = equal;
    }
    __syncthreads();
    higher = equal = 0;
    for (int w = 0; w < warp; w++) {
        higher += shared.higher[w];
        equal += shared.equal[w];
    }
    for (int first = begin; first < end; first += 32) {
        const unsigned int key = first + lane < end ? ordered(scores[first + lane]) : 0;
        const unsigned int highers = __ballot_sync(~0u, key > threshold);
        const unsigned int equals = __ballot_sync(~0u, first + lane < end && key == threshold);
        const unsigned int below = (1u << lane) - 1;
        const int rank = equal + __popc(equals & below);
        const int place = higher + __popc(highers & below) + min(rank, needed);
        if (highers >> lane & 1 || (equals >> lane & 1 && rank < needed)) indexes[place] = first + lane;
        higher += __popc(highers);
        equal += __popc(equals);
    }
}
