#include "mi_kernel_source.h"

// One array per file, one line per file in the table below; both in alphabetical order.
static const char convert_arguments[] = {
#embed "include/convert_arguments.h"
    , 0};
static const char estimate_scores[] = {
#embed "kernels/estimate_scores.cuh"
    , 0};
static const char mass_split[] = {
#embed "kernels/mass_split.cuh"
    , 0};
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
static const char sm80_convert[] = {
#embed "kernels/sm80_convert.cu"
    , 0};
static const char sm80_estimate[] = {
#embed "kernels/sm80_estimate.cu"
    , 0};
static const char sm80_estimate_arguments[] = {
#embed "include/sm80_estimate_arguments.h"
    , 0};
static const char sm80_mass[] = {
#embed "kernels/sm80_mass.cu"
    , 0};
static const char sm80_mass_arguments[] = {
#embed "include/sm80_mass_arguments.h"
    , 0};
static const char sm80_select[] = {
#embed "kernels/sm80_select.cu"
    , 0};
static const char sm80_select_arguments[] = {
#embed "include/sm80_select_arguments.h"
    , 0};

static const mi_kernel_source sources[] = {
    {"convert_arguments.h", convert_arguments},
    {"estimate_scores.cuh", estimate_scores},
    {"mass_split.cuh", mass_split},
    {"mi_tensor_map.h", mi_tensor_map},
    {"ptx/bf16.cuh", ptx_bf16},
    {"ptx/cp_async.cuh", ptx_cp_async},
    {"ptx/exp2.cuh", ptx_exp2},
    {"ptx/ldmatrix.cuh", ptx_ldmatrix},
    {"ptx/mma.cuh", ptx_mma},
    {"ptx/shared.cuh", ptx_shared},
    {"sm80_convert.cu", sm80_convert},
    {"sm80_estimate.cu", sm80_estimate},
    {"sm80_estimate_arguments.h", sm80_estimate_arguments},
    {"sm80_mass.cu", sm80_mass},
    {"sm80_mass_arguments.h", sm80_mass_arguments},
    {"sm80_select.cu", sm80_select},
    {"sm80_select_arguments.h", sm80_select_arguments},
};

const mi_kernel_source *const mi_kernel_sources = sources;
const int mi_kernel_source_count = sizeof(sources) / sizeof(sources[0]);
