// output = x / sqrt(mean(x^2) + epsilon) * weight, a row per thread block, held in registers between its two uses.
// -DOUTPUT=32|16, an element type.

#include "ptx/vector.cuh"
#include "sm80_rms_norm_arguments.h"

using Output = Element<OUTPUT>;
constexpr int kVector = 4;
constexpr int kVectors = MI_RMS_NORM_PER_THREAD / kVector;

extern "C" __global__ void __launch_bounds__(1024) rms_norm(const __grid_constant__ mi_rms_norm_arguments args) {
    __shared__ float sums[32];
    const long long row = blockIdx.x;
    const float *x = args.x + row * args.width;
    Output *output = static_cast<Output *>(args.output) + row * args.width;
    const int first = threadIdx.x * kVector, step = blockDim.x * kVector;

    float v[kVectors][kVector] = {};
#pragma unroll
    for (int i = 0; i < kVectors; i++) {
        if (first + i * step < args.width) load_vector(x + first + i * step, v[i]);
    }
    float squares[kVectors];
#pragma unroll
    for (int i = 0; i < kVectors; i++) {
        squares[i] = v[i][0] * v[i][0] + v[i][1] * v[i][1] + v[i][2] * v[i][2] + v[i][3] * v[i][3];
    }
    float sum = (squares[0] + squares[1]) + (squares[2] + squares[3]);
#pragma unroll
    for (int mask = 16; mask > 0; mask >>= 1) {
        sum += __shfl_xor_sync(~0u, sum, mask);
    }
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = sum;
    __syncthreads();
    sum = threadIdx.x % 32 < blockDim.x / 32 ? sums[threadIdx.x % 32] : 0.0f;
#pragma unroll
    for (int mask = 16; mask > 0; mask >>= 1) {
        sum += __shfl_xor_sync(~0u, sum, mask);
    }
    const float factor = 1.0f / sqrtf(sum / args.width + args.epsilon);
#pragma unroll
    for (int i = 0; i < kVectors; i++) {
        if (first + i * step >= args.width) break;
        const float4 weight = *reinterpret_cast<const float4 *>(args.weight + first + i * step);
        const float out[kVector] = {v[i][0] * factor * weight.x, v[i][1] * factor * weight.y,
                                    v[i][2] * factor * weight.z, v[i][3] * factor * weight.w};
        store_vector(output + first + i * step, out);
    }
}
