#include "mi_kernel_source.h"

// One array per file, one line per file in the table below; both in alphabetical order.
static const char convert_arguments[] = {
#embed "include/convert_arguments.h"
    , 0};
static const char mi_tensor_map[] = {
#embed "include/mi_tensor_map.h"
    , 0};
static const char ptx_bf16[] = {
#embed "kernels/ptx/bf16.cuh"
    , 0};
static const char sm80_convert[] = {
#embed "kernels/sm80_convert.cu"
    , 0};

static const mi_kernel_source sources[] = {
    {"convert_arguments.h", convert_arguments},
    {"mi_tensor_map.h", mi_tensor_map},
    {"ptx/bf16.cuh", ptx_bf16},
    {"sm80_convert.cu", sm80_convert},
};

const mi_kernel_source *const mi_kernel_sources = sources;
const int mi_kernel_source_count = sizeof(sources) / sizeof(sources[0]);
