#pragma once

// What a warpgroup (four warps that issue matrix instructions together) needs beside the matrix instructions.

/// Gives registers back to the multiprocessor, down to `kCount` per thread.
template <int kCount>
__device__ __forceinline__ void release_registers() {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(kCount));
}

/// Takes registers, up to `kCount` per thread.
template <int kCount>
__device__ __forceinline__ void acquire_registers() {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(kCount));
}
