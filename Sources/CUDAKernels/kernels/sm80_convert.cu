// Element types of uploaded tensors: SOURCE and TARGET are 32 (float), 16 (bfloat16) or 5 (IEEE half, source only).
#include "sm80_convert_arguments.h"
#include "ptx/bf16.cuh"

constexpr int kSource = SOURCE;
constexpr int kTarget = TARGET;

__device__ __forceinline__ float load(unsigned long long address, long long index) {
    if constexpr (kSource == 32) return reinterpret_cast<const float *>(address)[index];
    const unsigned short bits = reinterpret_cast<const unsigned short *>(address)[index];
    if constexpr (kSource == 16) return to_float(bits);
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}

extern "C" __global__ void __launch_bounds__(256)
    convert(const __grid_constant__ mi_convert_arguments args) {
    const long long stride = static_cast<long long>(gridDim.x) * blockDim.x;
    long long index = static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    for (; index < args.count; index += stride) {
        const float value = load(args.source, index);
        if constexpr (kTarget == 32) {
            reinterpret_cast<float *>(args.target)[index] = value;
        } else {
            reinterpret_cast<bf16 *>(args.target)[index] = to_bf16(value);
        }
    }
}
