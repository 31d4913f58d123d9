#pragma once

/// 2^x within two units in the last place; zero for minus infinity, denormal results become zero.
__device__ __forceinline__ float fast_exp2(float x) {
    float result;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
}
