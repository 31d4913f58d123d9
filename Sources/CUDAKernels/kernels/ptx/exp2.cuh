#pragma once

/// 2^x within two units in the last place; zero for minus infinity, denormal results become zero.
__device__ __forceinline__ float fast_exp2(float x) {
    float result;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
}

/// 2^x for x up to 127 by multiplications, within 1e-4 of it; what is below 2^-126 becomes about that.
///
/// The integer part goes into the exponent, the rest, from -1/2 to 1/2, through a polynomial (least relative error).
__device__ __forceinline__ float polynomial_exp2(float x) {
    // Adding 1.5 * 2^23 rounds to an integer, which the lower bits then hold.
    constexpr float kRounding = 12582912.0f;
    x = fmaxf(x, -126.0f);
    const float rounded = x + kRounding;
    const float rest = x - (rounded - kRounding);
    float power = fmaf(rest, 0.05517076f, 0.24260888f);
    power = fmaf(power, rest, 0.69326093f);
    power = fmaf(power, rest, 0.99992821f);
    return __int_as_float(__float_as_int(power) + (__float_as_int(rounded) << 23));
}
