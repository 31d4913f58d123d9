#pragma once

#include "ptx/bf16.cuh"

/// The transpose of an 8x8 matrix of bf16 that a warp holds: of row `lane / 4` the columns `2 * (lane % 4)` and the next.
__device__ __forceinline__ bf16x2 transpose_8x8(bf16x2 part) {
    bf16x2 transposed;
    asm volatile("movmatrix.sync.aligned.m8n8.trans.b16 %0, %1;" : "=r"(transposed) : "r"(part));
    return transposed;
}
