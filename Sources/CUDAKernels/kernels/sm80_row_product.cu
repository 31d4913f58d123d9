// One row times a matrix, as in decoding: output = W x + bias, or output += W x + bias. -DOUTPUT=32|16, an element type.
//
// Bound by the bytes of W. A warp makes one output at a time and holds the next kUnroll loads of each lane in flight,
// across the ends of rows too; the first ones are asked for before the kernel that makes x is done.

#include "ptx/overlap.cuh"
#include "ptx/vector.cuh"
#include "sm80_row_product_arguments.h"

using Output = Element<OUTPUT>;
constexpr int kWarps = MI_ROW_PRODUCT_WARPS;
constexpr int kUnroll = 4;
constexpr int kVectors = 32 * kUnroll;  // 16-byte vectors of a row that a warp holds

/// 16 bytes of the matrix. Volatile, so that the first loads stay before the wait.
__device__ __forceinline__ uint4 load_weights(const uint4 *address) {
    uint4 v;
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(address));
    return v;
}

__device__ __forceinline__ void add_product(float (&sums)[2], unsigned int weights, unsigned int x) {
    sums[0] = fmaf(low_float(weights), low_float(x), sums[0]);
    sums[1] = fmaf(high_float(weights), high_float(x), sums[1]);
}

__device__ __forceinline__ float read_output(const float *output) { return *output; }
__device__ __forceinline__ float read_output(const bf16 *output) { return to_float(*output); }
__device__ __forceinline__ void write_output(float *output, float value) { *output = value; }
__device__ __forceinline__ void write_output(bf16 *output, float value) { *output = to_bf16(value); }

extern "C" __global__ void __launch_bounds__(kWarps * 32, 2) row_product(
    const __grid_constant__ mi_row_product_arguments args) {
    extern __shared__ uint4 x[];
    const int lane = threadIdx.x % 32;
    const int vectors = args.inputs / 8;
    const int step = kWarps * gridDim.x;
    const uint4 *weights = static_cast<const uint4 *>(args.weights);

    // Neighbouring rows on different multiprocessors: all of them have as many, whatever is left over.
    int row = threadIdx.x / 32 * gridDim.x + blockIdx.x;
    int first = lane;
    const uint4 *at = weights + (long long)row * vectors + lane;
    uint4 held[kUnroll] = {};
#pragma unroll
    for (int u = 0; u < kUnroll; u++) {
        if (row < args.outputs && first + 32 * u < vectors) held[u] = load_weights(at + 32 * u);
    }
    launch_dependents();
    wait_for_predecessors();
    for (int i = threadIdx.x; i < vectors; i += kWarps * 32) {
        x[i] = load_written(static_cast<const uint4 *>(args.input) + i);
    }
    __syncthreads();

    float sums[2] = {};
    while (row < args.outputs) {
        const bool ends = first - lane + kVectors >= vectors;
        const int next_row = ends ? row + step : row;
        const int next = ends ? lane : first + kVectors;
        const int limit = next_row < args.outputs ? vectors : 0;
        at = weights + (long long)next_row * vectors + next;
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            if (first + 32 * u < vectors) {
                const uint4 w = held[u], v = x[first + 32 * u];
                add_product(sums, w.x, v.x);
                add_product(sums, w.y, v.y);
                add_product(sums, w.z, v.z);
                add_product(sums, w.w, v.w);
            }
            if (next + 32 * u < limit) held[u] = load_weights(at + 32 * u);
        }
        if (ends) {
            float sum = sums[0] + sums[1];
#pragma unroll
            for (int mask = 16; mask > 0; mask /= 2) sum += __shfl_xor_sync(~0u, sum, mask);
            if (lane == 0) {
                Output *output = static_cast<Output *>(args.output) + row;
                if (args.bias) sum += args.bias[row];
                if (args.accumulates) sum += read_output(output);
                write_output(output, sum);
            }
            sums[0] = sums[1] = 0;
        }
        row = next_row;
        first = next;
    }
}
