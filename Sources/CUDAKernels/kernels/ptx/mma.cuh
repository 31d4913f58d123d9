#pragma once

#include "ptx/bf16.cuh"

// Tensor-core products of one warp, sm_80 and later. A thread's part of a 16x16 A fragment is four registers: rows
// `lane / 4` and `+ 8`, columns `2 * (lane % 4)` and the next, then the same of columns 8-15. A 16x8 accumulator
// holds two columns of row `lane / 4`, then two of row `lane / 4 + 8`.

/// `accumulator += a b`: 16x16 times 16x8, bf16 in, fp32 out.
__device__ __forceinline__ void mma_m16n8k16(
    float (&accumulator)[4], const bf16x2 (&a)[4], bf16x2 b_low, bf16x2 b_high) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(accumulator[0]), "+f"(accumulator[1]), "+f"(accumulator[2]), "+f"(accumulator[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b_low), "r"(b_high));
}
