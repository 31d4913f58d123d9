// Rows of the embedding table, widened to fp32. -DTABLE=32|16, an element type.

#include "ptx/vector.cuh"
#include "sm80_embed_arguments.h"

using Table = Element<TABLE>;
constexpr int kVector = 4;
constexpr int kUnroll = 4;

extern "C" __global__ void __launch_bounds__(256) embed(const __grid_constant__ mi_embed_arguments args) {
    const long long row = blockIdx.x;
    const Table *from = static_cast<const Table *>(args.table) + args.tokens[row] * (long long)args.width;
    float *to = args.output + row * args.width;
    const int step = blockDim.x * kVector;
    for (int first = threadIdx.x * kVector; first < args.width; first += step * kUnroll) {
        float v[kUnroll][kVector];
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            if (first + u * step < args.width) load_vector(from + first + u * step, v[u]);
        }
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            if (first + u * step < args.width) store_vector(to + first + u * step, v[u]);
        }
    }
}
