#pragma once

/// The address of shared memory as PTX counts it.
__device__ __forceinline__ unsigned int shared_address(const void *pointer) {
    return static_cast<unsigned int>(__cvta_generic_to_shared(pointer));
}
