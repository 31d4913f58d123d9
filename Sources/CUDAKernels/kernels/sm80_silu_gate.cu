// output = silu(gate) * up; a row per thread block, or per blocks side by side. -DINPUT=32|16, an element type -DOUTPUT=32|16, an element type.

#include "ptx/exp2.cuh"
#include "ptx/vector.cuh"
#include "sm80_silu_gate_arguments.h"

using Input = Element<INPUT>;
using Output = Element<OUTPUT>;
constexpr int kVector = 16 / sizeof(Input);
constexpr int kUnroll = 4;

/// g / (1 + e^-g), through e^-|g| so that nothing overflows and large negative g keep their relative accuracy.
__device__ __forceinline__ float silu(float g) {
    const float e = fast_exp2(-fabsf(g) * 1.44269504088896340736f);
    return __fdividef(g >= 0 ? g : g * e, 1.0f + e);
}

extern "C" __global__ void __launch_bounds__(256) silu_gate(const __grid_constant__ mi_silu_gate_arguments args) {
    const long long row = blockIdx.x;
    const Input *gate = static_cast<const Input *>(args.gate_up) + row * 2 * args.width;
    const Input *up = gate + args.width;
    Output *output = static_cast<Output *>(args.output) + row * args.width;
    const int step = gridDim.y * blockDim.x * kVector;
    for (int first = (blockIdx.y * blockDim.x + threadIdx.x) * kVector; first < args.width; first += step * kUnroll) {
        uint4 gates[kUnroll], ups[kUnroll];
#pragma unroll
        for (int i = 0; i < kUnroll; i++) {
            if (first + i * step < args.width) {
                gates[i] = load_once(gate + first + i * step);
                ups[i] = load_once(up + first + i * step);
            }
        }
#pragma unroll
        for (int i = 0; i < kUnroll; i++) {
            if (first + i * step >= args.width) break;
            float g[kVector], u[kVector];
            widen(gates[i], g);
            widen(ups[i], u);
#pragma unroll
            for (int j = 0; j < kVector; j++) {
                g[j] = silu(g[j]) * u[j];
            }
            store_vector(output + first + i * step, g);
        }
    }
}
