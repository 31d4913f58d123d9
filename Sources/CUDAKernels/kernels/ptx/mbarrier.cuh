#pragma once

#include "ptx/shared.cuh"

// Barriers in shared memory that count arrivals of threads and bytes of bulk copies. A phase completes when both
// counts are met; whoever waits names the parity of the phase it waits for.

using mbarrier = unsigned long long;

__device__ __forceinline__ void mbarrier_init(mbarrier *barrier, unsigned int arrivals) {
    asm volatile("mbarrier.init.shared.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals) : "memory");
}

/// Makes initialised barriers visible to the copy engine.
__device__ __forceinline__ void mbarrier_init_fence() {
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
}

__device__ __forceinline__ void mbarrier_arrive(mbarrier *barrier, unsigned int count = 1) {
    asm volatile(
        "{ .reg .b64 state; mbarrier.arrive.shared.b64 state, [%0], %1; }" ::"r"(shared_address(barrier)), "r"(count)
        : "memory");
}

/// Arrives, and has the phase wait for `bytes` of bulk copies besides.
__device__ __forceinline__ void mbarrier_arrive_expect(mbarrier *barrier, unsigned int bytes) {
    asm volatile(
        "{ .reg .b64 state; mbarrier.arrive.expect_tx.shared.b64 state, [%0], %1; }" ::"r"(shared_address(barrier)),
        "r"(bytes)
        : "memory");
}

/// Waits until the phase of `parity` is complete.
__device__ __forceinline__ void mbarrier_wait(mbarrier *barrier, unsigned int parity) {
    asm volatile(
        "{\n"
        ".reg .pred done;\n"
        "again:\n"
        "mbarrier.try_wait.parity.shared.b64 done, [%0], %1;\n"
        "@done bra finished;\n"
        "bra again;\n"
        "finished:\n"
        "}\n" ::"r"(shared_address(barrier)),
        "r"(parity)
        : "memory");
}
