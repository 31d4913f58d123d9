#pragma once

// Rotations by position: unit complex numbers from a table in two parts.

/// Cosine and sine of pair `pair` at `position`: the product of the two tabulated numbers, the table's scale included.
__device__ __forceinline__ float2 turn_at(
    const float *coarse, const float *fine, int coarse_step, int half, long long position, int pair) {
    coarse += position / coarse_step * 2 * half + pair;
    fine += position % coarse_step * 2 * half + pair;
    const float ca = coarse[0], sa = coarse[half], cb = fine[0], sb = fine[half];
    return {ca * cb - sa * sb, sa * cb + ca * sb};
}

/// `(a, b)` turned by the angle of cosine `c` and sine `s`.
__device__ __forceinline__ void rotate(float &a, float &b, float c, float s) {
    const float turned = a * c - b * s;
    b = b * c + a * s;
    a = turned;
}
