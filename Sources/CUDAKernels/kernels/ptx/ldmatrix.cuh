#pragma once

#include "ptx/bf16.cuh"

/// Four 8x8 matrices; lane `l` gives the shared address of row `l % 8` of matrix `l / 8`.
__device__ __forceinline__ void ldmatrix_x4(bf16x2 (&fragment)[4], unsigned int shared_address) {
    asm volatile(
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
        : "r"(shared_address)
        : "memory");
}

/// The same, each matrix transposed on its way.
__device__ __forceinline__ void ldmatrix_x4_transposed(bf16x2 (&fragment)[4], unsigned int shared_address) {
    asm volatile(
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
        : "r"(shared_address)
        : "memory");
}
