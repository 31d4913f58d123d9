// Attention over two disjoint sets of keys from the attention over each and the logarithms of its sums.

#include "ptx/exp2.cuh"
#include "ptx/vector.cuh"
#include "sm80_merge_attention_arguments.h"

extern "C" __global__ void __launch_bounds__(256) merge_attention(
    const __grid_constant__ mi_merge_attention_arguments args) {
    const int vectors = args.head_dim / 8;
    const long long item = (long long)blockIdx.x * 256 + threadIdx.x;
    const long long row = item / vectors;
    if (row >= args.row_count) return;
    const int head = args.heads[blockIdx.y];
    const long long sum = head * args.row_count + row;
    const float other_sum = args.other_log_sums[sum] + args.bias;
    // Minus infinity: no key of the other part.
    if (other_sum < -1e30f) return;
    const float weight = 1 / (1 + fast_exp2(args.log_sums[sum] - other_sum));
    const long long place = row * args.row_stride + head * args.head_dim + item % vectors * 8;
    bf16 *output = static_cast<bf16 *>(args.output) + place;
    float own[8], other[8];
    widen(*reinterpret_cast<const uint4 *>(output), own);
    widen(load_once(static_cast<const bf16 *>(args.other) + place), other);
#pragma unroll
    for (int i = 0; i < 8; i++) own[i] += weight * (other[i] - own[i]);
    store_vector(output, own);
}
