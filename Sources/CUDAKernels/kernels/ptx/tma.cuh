#pragma once

#include "ptx/mbarrier.cuh"
#include "mi_tensor_map.h"

// Bulk tensor copies from global to shared memory. Coordinates are fastest first and may lie outside the tensor on
// either side: such elements arrive as zeros, and count as bytes all the same.

__device__ __forceinline__ void tma_prefetch_map(const mi_tensor_map *map) {
    asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory");
}

__device__ __forceinline__ void tma_load_3d(
    unsigned int target, const mi_tensor_map *map, mbarrier *barrier, int x, int y, int z) {
    asm volatile(
        "cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];"
        ::"r"(target), "l"(map), "r"(shared_address(barrier)), "r"(x), "r"(y), "r"(z)
        : "memory");
}
