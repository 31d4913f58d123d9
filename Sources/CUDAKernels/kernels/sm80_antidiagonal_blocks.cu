// Antidiagonal sums as probabilities of each run of rows, added up over blocks of rows and keys in fixed order.

#include "ptx/exp2.cuh"
#include "sm80_antidiagonal_blocks_arguments.h"

constexpr int kWarps = 8;

/// The runs of keys that begin no later than run `run` of rows.
__device__ __forceinline__ long long visible_runs(const mi_antidiagonal_blocks_arguments &args, long long run) {
    return (args.first_row + run * args.run_tokens) / args.run_tokens + 1;
}

extern "C" __global__ void __launch_bounds__(32 * kWarps)
    antidiagonal_blocks(const __grid_constant__ mi_antidiagonal_blocks_arguments args) {
    __shared__ float shifts[MI_ANTIDIAGONAL_MOST_RUNS];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const long long first = (long long)blockIdx.x * args.block_runs;
    const int runs = static_cast<int>(min((long long)args.block_runs, args.run_count - first));
    for (int run = warp; run < runs; run += kWarps) {
        const float *row = args.scores + (first + run) * args.score_stride;
        const long long visible = visible_runs(args, first + run);
        float maximum = -1e30f, sum = 0;
        for (long long key = lane; key < visible; key += 32) {
            const float score = row[key] * args.score_scale;
            const float larger = fmaxf(maximum, score);
            sum = sum * fast_exp2(maximum - larger) + fast_exp2(score - larger);
            maximum = larger;
        }
        float highest = maximum;
#pragma unroll
        for (int step = 16; step > 0; step /= 2) highest = fmaxf(highest, __shfl_xor_sync(~0u, highest, step));
        sum *= fast_exp2(maximum - highest);
#pragma unroll
        for (int step = 16; step > 0; step /= 2) sum += __shfl_xor_sync(~0u, sum, step);
        if (lane == 0) shifts[run] = highest + log2f(sum);
    }
    __syncthreads();
    const long long most = visible_runs(args, first + runs - 1);
    float *sums = args.sums + (long long)blockIdx.x * args.sum_stride;
    for (long long block = threadIdx.x; block * args.block_runs < most; block += 32 * kWarps) {
        const long long key = block * args.block_runs;
        float sum = 0;
        for (int run = 0; run < runs; run++) {
            const float *row = args.scores + (first + run) * args.score_stride + key;
            const int keys = static_cast<int>(min((long long)args.block_runs, visible_runs(args, first + run) - key));
            for (int place = 0; place < keys; place++) sum += fast_exp2(row[place] * args.score_scale - shifts[run]);
        }
        sums[block] = sum;
    }
}
