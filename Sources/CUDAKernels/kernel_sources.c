#include "mi_kernel_source.h"

// One array per file, one line per file in the table below; both in alphabetical order.
static const char mi_tensor_map[] = {
#embed "include/mi_tensor_map.h"
    , 0};
static const char ptx_bf16[] = {
#embed "kernels/ptx/bf16.cuh"
    , 0};
static const char ptx_cp_async[] = {
#embed "kernels/ptx/cp_async.cuh"
    , 0};
static const char ptx_exp2[] = {
#embed "kernels/ptx/exp2.cuh"
    , 0};
static const char ptx_ldmatrix[] = {
#embed "kernels/ptx/ldmatrix.cuh"
    , 0};
static const char ptx_mma[] = {
#embed "kernels/ptx/mma.cuh"
    , 0};
static const char ptx_shared[] = {
#embed "kernels/ptx/shared.cuh"
    , 0};
static const char sm80_attention[] = {
#embed "kernels/sm80_attention.cu"
    , 0};
static const char sm80_attention_arguments[] = {
#embed "include/sm80_attention_arguments.h"
    , 0};
static const char sm80_attention_rows[] = {
#embed "kernels/sm80_attention_rows.cuh"
    , 0};
static const char sm80_attention_shared[] = {
#embed "kernels/sm80_attention_shared.cuh"
    , 0};
static const char sm80_attention_walk[] = {
#embed "kernels/sm80_attention_walk.cuh"
    , 0};
static const char sm80_convert[] = {
#embed "kernels/sm80_convert.cu"
    , 0};
static const char sm80_convert_arguments[] = {
#embed "include/sm80_convert_arguments.h"
    , 0};

static const mi_kernel_source sources[] = {
    {"mi_tensor_map.h", mi_tensor_map},
    {"ptx/bf16.cuh", ptx_bf16},
    {"ptx/cp_async.cuh", ptx_cp_async},
    {"ptx/exp2.cuh", ptx_exp2},
    {"ptx/ldmatrix.cuh", ptx_ldmatrix},
    {"ptx/mma.cuh", ptx_mma},
    {"ptx/shared.cuh", ptx_shared},
    {"sm80_attention.cu", sm80_attention},
    {"sm80_attention_arguments.h", sm80_attention_arguments},
    {"sm80_attention_rows.cuh", sm80_attention_rows},
    {"sm80_attention_shared.cuh", sm80_attention_shared},
    {"sm80_attention_walk.cuh", sm80_attention_walk},
    {"sm80_convert.cu", sm80_convert},
    {"sm80_convert_arguments.h", sm80_convert_arguments},
};

const mi_kernel_source *const mi_kernel_sources = sources;
const int mi_kernel_source_count = sizeof(sources) / sizeof(sources[0]);
