#ifndef MI_KERNEL_SOURCE_H
#define MI_KERNEL_SOURCE_H

/// A file of CUDA C++ that travels inside the binary as text and is compiled on the machine that runs it.
typedef struct {
    /// The path by which other files include it, e.g. `ptx/mma.cuh`.
    const char *name;
    /// Its text, zero-terminated.
    const char *text;
} mi_kernel_source;

/// Every kernel file and every header that kernels include.
extern const mi_kernel_source *const mi_kernel_sources;
/// The number of files.
extern const int mi_kernel_source_count;

#endif
