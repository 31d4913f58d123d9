#ifndef MI_TENSOR_MAP_H
#define MI_TENSOR_MAP_H

/// A tile of device memory as the tensor memory accelerator takes it: 128 opaque bytes, encoded by the driver.
///
/// A kernel needs it at a multiple of 64 bytes, an alignment that Swift cannot import. So tensor maps come first in a
/// struct of arguments, where the offsets are the same with and without it; launches pad the end.
typedef struct {
#ifdef __CUDACC__
    alignas(64)
#endif
        unsigned long long words[16];
} mi_tensor_map;

#endif
