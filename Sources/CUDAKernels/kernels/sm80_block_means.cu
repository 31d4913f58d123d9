// Mean vectors of blocks of rows, summed in fixed order. -DHEAD_DIM=32|64|96|128|256.

#include "ptx/vector.cuh"
#include "sm80_block_means_arguments.h"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kLanes = kHeadDim / 8;
constexpr int kSlots = 256 / kLanes;

extern "C" __global__ void __launch_bounds__(256) block_means(
    const __grid_constant__ mi_block_means_arguments args) {
    __shared__ __align__(16) float sums[kSlots][kHeadDim];
    const int slot = threadIdx.x / kLanes, element = threadIdx.x % kLanes * 8;
    const long long first = (long long)blockIdx.x * args.block_size;
    const int rows = static_cast<int>(min((long long)args.block_size, args.row_count - first));
    const bf16 *from = static_cast<const bf16 *>(args.rows) + first * args.row_stride + element;
    if (slot < kSlots) {
        float sum[8] = {};
#pragma unroll 4
        for (int row = slot; row < rows; row += kSlots) {
            float v[8];
            widen(load_once(from + row * args.row_stride), v);
#pragma unroll
            for (int i = 0; i < 8; i++) sum[i] += v[i];
        }
        store_vector(&sums[slot][element], sum);
    }
    __syncthreads();
    if (threadIdx.x >= kHeadDim) return;
    float sum = 0;
#pragma unroll
    for (int s = 0; s < kSlots; s++) sum += sums[s][threadIdx.x];
    args.means[(long long)blockIdx.x * kHeadDim + threadIdx.x] = sum / args.block_size;
}
