#pragma once

/// Copies 16 bytes from global to shared memory in the background, around L1; zeros instead, without a read, when
/// `present` is false. Completes with `cp_async_wait_all` of the same thread.
__device__ __forceinline__ void cp_async_16(unsigned int shared_address, const void *source, bool present) {
    const int bytes = present ? 16 : 0;
    asm volatile("cp.async.cg.shared.global.L2::128B [%0], [%1], 16, %2;" ::"r"(shared_address), "l"(source),
                 "r"(bytes)
                 : "memory");
}

/// Waits for all copies that this thread started.
__device__ __forceinline__ void cp_async_wait_all() { asm volatile("cp.async.wait_all;" ::: "memory"); }
