#include "mi_kernel_source.h"

// One array per file, one line per file in the table below; both in alphabetical order.
static const char ptx_bf16[] = {
#embed "kernels/ptx/bf16.cuh"
    , 0};

static const mi_kernel_source sources[] = {
    {"ptx/bf16.cuh", ptx_bf16},
};

const mi_kernel_source *const mi_kernel_sources = sources;
const int mi_kernel_source_count = sizeof(sources) / sizeof(sources[0]);
