// Products of mean queries and mean keys, in fp32. -DHEAD_DIM=32|64|96|128|256.

#include "sm80_block_scores_arguments.h"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kTile = MI_BLOCK_SCORES_TILE;
constexpr int kDepth = 16;  // elements of the head in shared memory at a time

/// Elements [depth, depth + kDepth) of kTile rows, transposed; rows from `count` on are zero.
__device__ __forceinline__ void stage(
    float (&to)[kDepth][kTile + 4], const float *from, int first, int count, int depth) {
    const int row = threadIdx.x / 4, column = threadIdx.x % 4 * 4;
    float4 v = {};
    if (first + row < count) {
        v = *reinterpret_cast<const float4 *>(from + (long long)(first + row) * kHeadDim + depth + column);
    }
    to[column][row] = v.x;
    to[column + 1][row] = v.y;
    to[column + 2][row] = v.z;
    to[column + 3][row] = v.w;
}

extern "C" __global__ void __launch_bounds__(256) block_scores(
    const __grid_constant__ mi_block_scores_arguments args) {
    __shared__ __align__(16) float queries[kDepth][kTile + 4], keys[kDepth][kTile + 4];
    const int first_row = blockIdx.y * kTile, first_key = blockIdx.x * kTile;
    const int key_count = args.causal[min(first_row + kTile, args.row_count) - 1];
    if (first_key >= key_count) return;
    const int row = threadIdx.x / 16 * 4, column = threadIdx.x % 16 * 4;
    float sums[4][4] = {};
    for (int depth = 0; depth < kHeadDim; depth += kDepth) {
        __syncthreads();
        stage(queries, args.query_means, first_row, args.row_count, depth);
        stage(keys, args.key_means, first_key, key_count, depth);
        __syncthreads();
#pragma unroll
        for (int d = 0; d < kDepth; d++) {
            const float4 q = *reinterpret_cast<const float4 *>(&queries[d][row]);
            const float4 k = *reinterpret_cast<const float4 *>(&keys[d][column]);
            const float qs[4] = {q.x, q.y, q.z, q.w}, ks[4] = {k.x, k.y, k.z, k.w};
#pragma unroll
            for (int i = 0; i < 4; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) sums[i][j] += qs[i] * ks[j];
            }
        }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            if (first_row + row + i < args.row_count && first_key + column + j < key_count) {
                float &score = args.scores[(first_row + row + i) * args.score_stride + first_key + column + j];
                score = args.adds ? score + sums[i][j] : sums[i][j];
            }
        }
    }
}
