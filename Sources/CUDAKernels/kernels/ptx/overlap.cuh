#pragma once

// Programmatic dependent launch: a kernel that is launched so begins while the kernel before it still runs.
//
// Such a kernel reads nothing that another kernel writes, and writes nothing that another reads, before its
// `wait_for_predecessors`. All its threads that get there wait, so that kernels are complete in the order of their launches.

/// Lets the kernel after this one begin once all thread blocks of this one are here or done.
__device__ __forceinline__ void launch_dependents() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;");
#endif
}

/// Waits until the kernels before this one are complete and what they wrote is there.
__device__ __forceinline__ void wait_for_predecessors() {
#if __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

/// 16 bytes that a kernel before this one wrote: no compiler moves this load before the wait.
__device__ __forceinline__ uint4 load_written(const void *address) {
    uint4 v;
    asm volatile("ld.global.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "l"(address)
                 : "memory");
    return v;
}
