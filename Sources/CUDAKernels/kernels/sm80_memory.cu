// The tokens that stand for blocks of memory: those whose keys agree best with the queries that come soon after them.
// -DHEAD_DIM=32|64|96|128|256.

#include "ptx/bf16.cuh"
#include "sm80_memory_arguments.h"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kParts = kHeadDim / 32;
constexpr int kRowBlock = MI_MEMORY_ROW_BLOCK;
constexpr int kMost = MI_MEMORY_MOST_REPRESENTATIVES;

/// `sum += sign * row`; a lane has every 32nd element.
__device__ __forceinline__ void add_row(float (&sum)[kParts], const bf16 *row, float sign, int lane) {
#pragma unroll
    for (int i = 0; i < kParts; i++) sum[i] += sign * to_float(row[lane + 32 * i]);
}

/// A warp keeps the sum of the window's queries while it goes from token to token: a row leaves, a row comes.
extern "C" __global__ void __launch_bounds__(32 * MI_MEMORY_WARPS)
    memory_scores(const __grid_constant__ mi_memory_arguments args) {
    const int lane = threadIdx.x % 32;
    const int first = (blockIdx.x * MI_MEMORY_WARPS + threadIdx.x / 32) * MI_MEMORY_TOKENS;
    const int last = min(first + MI_MEMORY_TOKENS, args.token_count);
    const auto query = [&](int row) { return static_cast<const bf16 *>(args.queries) + row * args.row_stride; };
    float sum[kParts] = {};
    for (int token = first; token < last; token++) {
        // The rows after the token, counted from the call's first.
        const int begin = max(token + 1 - args.query_start, 0);
        const int end = min(token + 1 - args.query_start + args.window, args.query_count);
        if (token == first) {
            for (int row = begin; row < end;) {
                if (row % kRowBlock == 0 && row + kRowBlock <= end) {
                    const float *mean = args.query_means + (long long)(row / kRowBlock) * kHeadDim;
#pragma unroll
                    for (int i = 0; i < kParts; i++) sum[i] += kRowBlock * mean[lane + 32 * i];
                    row += kRowBlock;
                } else {
                    add_row(sum, query(row++), 1, lane);
                }
            }
        } else {
            const int leaves = token - args.query_start, comes = leaves + args.window;
            if (comes >= 0 && comes < args.query_count) add_row(sum, query(comes), 1, lane);
            if (leaves >= 0 && leaves < args.query_count) add_row(sum, query(leaves), -1, lane);
        }
        const bf16 *key = static_cast<const bf16 *>(args.keys) + (long long)token * kHeadDim;
        float product = 0;
#pragma unroll
        for (int i = 0; i < kParts; i++) product = fmaf(to_float(key[lane + 32 * i]), sum[i], product);
#pragma unroll
        for (int step = 16; step > 0; step /= 2) product += __shfl_xor_sync(~0u, product, step);
        if (lane == 0) args.scores[token] = end > begin ? product / (end - begin) : 0;
    }
}

extern "C" __global__ void __launch_bounds__(256)
    memory_representatives(const __grid_constant__ mi_memory_arguments args) {
    __shared__ int chosen[kMost];
    if (threadIdx.x < kMost) chosen[threadIdx.x] = 0;
    __syncthreads();
    const long long first = (long long)blockIdx.x * args.block_size;
    const float *scores = args.scores + first;
    for (int token = threadIdx.x; token < args.block_size; token += blockDim.x) {
        const float score = scores[token];
        int better = 0;
        for (int other = 0; other < args.block_size; other++) {
            const float rival = scores[other];
            better += rival > score || (rival == score && other < token);
        }
        if (better < args.count) chosen[better] = token;
    }
    __syncthreads();
    if (threadIdx.x >= kHeadDim) return;
    const bf16 *keys = static_cast<const bf16 *>(args.still_keys) + first * kHeadDim + threadIdx.x;
    float sum = 0;
    for (int i = 0; i < args.count; i++) sum += to_float(keys[(long long)chosen[i] * kHeadDim]);
    args.representatives[(long long)blockIdx.x * kHeadDim + threadIdx.x] = sum / args.count;
}
