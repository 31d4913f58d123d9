// For each block of rows the energy of every whole key block: exponentials of rows times mean keys, relative to the
// largest of the block of rows, summed over rows in fixed order.

#include "ptx/exp2.cuh"
#include "sm80_key_energies_arguments.h"

constexpr int kWarps = 8;

extern "C" __global__ void __launch_bounds__(32 * kWarps)
    key_energies(const __grid_constant__ mi_key_energies_arguments args) {
    __shared__ float maxima[kWarps];
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    const long long first = (long long)blockIdx.x * args.block_size;
    const int rows = static_cast<int>(min((long long)args.block_size, args.row_count - first));
    const float *scores = args.scores + first * args.score_stride;
    const long long position = args.first_row + first;
    // Whole blocks up to the last row; a row counts from the position on at which a block begins.
    const long long blocks = (position + rows) / args.block_size;
    float maximum = -1e30f;
    for (int row = warp; row < rows; row += kWarps) {
        const long long seen = min(blocks, (position + row) / args.block_size + 1);
        for (long long block = lane; block < seen; block += 32)
            maximum = fmaxf(maximum, scores[row * args.score_stride + block] * args.score_scale);
    }
#pragma unroll
    for (int step = 16; step > 0; step /= 2) maximum = fmaxf(maximum, __shfl_xor_sync(~0u, maximum, step));
    if (lane == 0) maxima[warp] = maximum;
    __syncthreads();
#pragma unroll
    for (int other = 0; other < kWarps; other++) maximum = fmaxf(maximum, maxima[other]);
    float *energies = args.energies + (long long)blockIdx.x * args.energy_stride;
    for (long long block = threadIdx.x; block < blocks; block += 32 * kWarps) {
        const int begin = static_cast<int>(max(0ll, block * args.block_size - position));
        float energy = 0;
        for (int row = begin; row < rows; row++)
            energy += fast_exp2(scores[row * args.score_stride + block] * args.score_scale - maximum);
        energies[block] = energy;
    }
}
