#include "mi_kernel_source.h"

// One array per file, one line per file in the table below; both in alphabetical order.
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
static const char ptx_float8[] = {
#embed "kernels/ptx/float8.cuh"
    , 0};
static const char ptx_ldmatrix[] = {
#embed "kernels/ptx/ldmatrix.cuh"
    , 0};
static const char ptx_mbarrier[] = {
#embed "kernels/ptx/mbarrier.cuh"
    , 0};
static const char ptx_mma[] = {
#embed "kernels/ptx/mma.cuh"
    , 0};
static const char ptx_movmatrix[] = {
#embed "kernels/ptx/movmatrix.cuh"
    , 0};
static const char ptx_shared[] = {
#embed "kernels/ptx/shared.cuh"
    , 0};
static const char ptx_tma[] = {
#embed "kernels/ptx/tma.cuh"
    , 0};
static const char ptx_vector[] = {
#embed "kernels/ptx/vector.cuh"
    , 0};
static const char ptx_warpgroup[] = {
#embed "kernels/ptx/warpgroup.cuh"
    , 0};
static const char ptx_wgmma[] = {
#embed "kernels/ptx/wgmma.cuh"
    , 0};
static const char sm80_antidiagonal_blocks[] = {
#embed "kernels/sm80_antidiagonal_blocks.cu"
    , 0};
static const char sm80_antidiagonal_blocks_arguments[] = {
#embed "include/sm80_antidiagonal_blocks_arguments.h"
    , 0};
static const char sm80_argmax[] = {
#embed "kernels/sm80_argmax.cu"
    , 0};
static const char sm80_argmax_arguments[] = {
#embed "include/sm80_argmax_arguments.h"
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
static const char sm80_block_means[] = {
#embed "kernels/sm80_block_means.cu"
    , 0};
static const char sm80_block_means_arguments[] = {
#embed "include/sm80_block_means_arguments.h"
    , 0};
static const char sm80_block_scores[] = {
#embed "kernels/sm80_block_scores.cu"
    , 0};
static const char sm80_block_scores_arguments[] = {
#embed "include/sm80_block_scores_arguments.h"
    , 0};
static const char sm80_convert[] = {
#embed "kernels/sm80_convert.cu"
    , 0};
static const char sm80_convert_arguments[] = {
#embed "include/sm80_convert_arguments.h"
    , 0};
static const char sm80_decode_attention[] = {
#embed "kernels/sm80_decode_attention.cu"
    , 0};
static const char sm80_decode_attention_arguments[] = {
#embed "include/sm80_decode_attention_arguments.h"
    , 0};
static const char sm80_embed[] = {
#embed "kernels/sm80_embed.cu"
    , 0};
static const char sm80_embed_arguments[] = {
#embed "include/sm80_embed_arguments.h"
    , 0};
static const char sm80_estimate[] = {
#embed "kernels/sm80_estimate.cu"
    , 0};
static const char sm80_estimate_arguments[] = {
#embed "include/sm80_estimate_arguments.h"
    , 0};
static const char sm80_float8_tile[] = {
#embed "kernels/sm80_float8_tile.cuh"
    , 0};
static const char sm80_key_energies[] = {
#embed "kernels/sm80_key_energies.cu"
    , 0};
static const char sm80_key_energies_arguments[] = {
#embed "include/sm80_key_energies_arguments.h"
    , 0};
static const char sm80_key_tile[] = {
#embed "kernels/sm80_key_tile.cuh"
    , 0};
static const char sm80_kv_quantize[] = {
#embed "kernels/sm80_kv_quantize.cu"
    , 0};
static const char sm80_kv_quantize_arguments[] = {
#embed "include/sm80_kv_quantize_arguments.h"
    , 0};
static const char sm80_mass[] = {
#embed "kernels/sm80_mass.cu"
    , 0};
static const char sm80_mass_arguments[] = {
#embed "include/sm80_mass_arguments.h"
    , 0};
static const char sm80_memory[] = {
#embed "kernels/sm80_memory.cu"
    , 0};
static const char sm80_memory_arguments[] = {
#embed "include/sm80_memory_arguments.h"
    , 0};
static const char sm80_merge_attention[] = {
#embed "kernels/sm80_merge_attention.cu"
    , 0};
static const char sm80_merge_attention_arguments[] = {
#embed "include/sm80_merge_attention_arguments.h"
    , 0};
static const char sm80_pack_runs[] = {
#embed "kernels/sm80_pack_runs.cu"
    , 0};
static const char sm80_pack_runs_arguments[] = {
#embed "include/sm80_pack_runs_arguments.h"
    , 0};
static const char sm80_range_bits[] = {
#embed "kernels/sm80_range_bits.cu"
    , 0};
static const char sm80_range_bits_arguments[] = {
#embed "include/sm80_range_bits_arguments.h"
    , 0};
static const char sm80_reposition[] = {
#embed "kernels/sm80_reposition.cu"
    , 0};
static const char sm80_reposition_arguments[] = {
#embed "include/sm80_reposition_arguments.h"
    , 0};
static const char sm80_rms_norm[] = {
#embed "kernels/sm80_rms_norm.cu"
    , 0};
static const char sm80_rms_norm_arguments[] = {
#embed "include/sm80_rms_norm_arguments.h"
    , 0};
static const char sm80_rotary[] = {
#embed "kernels/sm80_rotary.cuh"
    , 0};
static const char sm80_rotate_store[] = {
#embed "kernels/sm80_rotate_store.cu"
    , 0};
static const char sm80_rotate_store_arguments[] = {
#embed "include/sm80_rotate_store_arguments.h"
    , 0};
static const char sm80_row_bits[] = {
#embed "kernels/sm80_row_bits.cu"
    , 0};
static const char sm80_row_bits_arguments[] = {
#embed "include/sm80_row_bits_arguments.h"
    , 0};
static const char sm80_row_mass[] = {
#embed "kernels/sm80_row_mass.cu"
    , 0};
static const char sm80_row_mass_arguments[] = {
#embed "include/sm80_row_mass_arguments.h"
    , 0};
static const char sm80_select[] = {
#embed "kernels/sm80_select.cu"
    , 0};
static const char sm80_select_arguments[] = {
#embed "include/sm80_select_arguments.h"
    , 0};
static const char sm80_silu_gate[] = {
#embed "kernels/sm80_silu_gate.cu"
    , 0};
static const char sm80_silu_gate_arguments[] = {
#embed "include/sm80_silu_gate_arguments.h"
    , 0};
static const char sm80_top_k[] = {
#embed "kernels/sm80_top_k.cu"
    , 0};
static const char sm80_top_k_arguments[] = {
#embed "include/sm80_top_k_arguments.h"
    , 0};
static const char sm90_attention[] = {
#embed "kernels/sm90_attention.cu"
    , 0};
static const char sm90_attention_arguments[] = {
#embed "include/sm90_attention_arguments.h"
    , 0};
static const char sm90_attention_plan[] = {
#embed "kernels/sm90_attention_plan.cu"
    , 0};

static const mi_kernel_source sources[] = {
    {"estimate_scores.cuh", estimate_scores},
    {"mass_split.cuh", mass_split},
    {"mi_tensor_map.h", mi_tensor_map},
    {"ptx/bf16.cuh", ptx_bf16},
    {"ptx/cp_async.cuh", ptx_cp_async},
    {"ptx/exp2.cuh", ptx_exp2},
    {"ptx/float8.cuh", ptx_float8},
    {"ptx/ldmatrix.cuh", ptx_ldmatrix},
    {"ptx/mbarrier.cuh", ptx_mbarrier},
    {"ptx/mma.cuh", ptx_mma},
    {"ptx/movmatrix.cuh", ptx_movmatrix},
    {"ptx/shared.cuh", ptx_shared},
    {"ptx/tma.cuh", ptx_tma},
    {"ptx/vector.cuh", ptx_vector},
    {"ptx/warpgroup.cuh", ptx_warpgroup},
    {"ptx/wgmma.cuh", ptx_wgmma},
    {"sm80_antidiagonal_blocks.cu", sm80_antidiagonal_blocks},
    {"sm80_antidiagonal_blocks_arguments.h", sm80_antidiagonal_blocks_arguments},
    {"sm80_argmax.cu", sm80_argmax},
    {"sm80_argmax_arguments.h", sm80_argmax_arguments},
    {"sm80_attention.cu", sm80_attention},
    {"sm80_attention_arguments.h", sm80_attention_arguments},
    {"sm80_attention_rows.cuh", sm80_attention_rows},
    {"sm80_attention_shared.cuh", sm80_attention_shared},
    {"sm80_attention_walk.cuh", sm80_attention_walk},
    {"sm80_block_means.cu", sm80_block_means},
    {"sm80_block_means_arguments.h", sm80_block_means_arguments},
    {"sm80_block_scores.cu", sm80_block_scores},
    {"sm80_block_scores_arguments.h", sm80_block_scores_arguments},
    {"sm80_convert.cu", sm80_convert},
    {"sm80_convert_arguments.h", sm80_convert_arguments},
    {"sm80_decode_attention.cu", sm80_decode_attention},
    {"sm80_decode_attention_arguments.h", sm80_decode_attention_arguments},
    {"sm80_embed.cu", sm80_embed},
    {"sm80_embed_arguments.h", sm80_embed_arguments},
    {"sm80_estimate.cu", sm80_estimate},
    {"sm80_estimate_arguments.h", sm80_estimate_arguments},
    {"sm80_float8_tile.cuh", sm80_float8_tile},
    {"sm80_key_energies.cu", sm80_key_energies},
    {"sm80_key_energies_arguments.h", sm80_key_energies_arguments},
    {"sm80_key_tile.cuh", sm80_key_tile},
    {"sm80_kv_quantize.cu", sm80_kv_quantize},
    {"sm80_kv_quantize_arguments.h", sm80_kv_quantize_arguments},
    {"sm80_mass.cu", sm80_mass},
    {"sm80_mass_arguments.h", sm80_mass_arguments},
    {"sm80_memory.cu", sm80_memory},
    {"sm80_memory_arguments.h", sm80_memory_arguments},
    {"sm80_merge_attention.cu", sm80_merge_attention},
    {"sm80_merge_attention_arguments.h", sm80_merge_attention_arguments},
    {"sm80_pack_runs.cu", sm80_pack_runs},
    {"sm80_pack_runs_arguments.h", sm80_pack_runs_arguments},
    {"sm80_range_bits.cu", sm80_range_bits},
    {"sm80_range_bits_arguments.h", sm80_range_bits_arguments},
    {"sm80_reposition.cu", sm80_reposition},
    {"sm80_reposition_arguments.h", sm80_reposition_arguments},
    {"sm80_rms_norm.cu", sm80_rms_norm},
    {"sm80_rms_norm_arguments.h", sm80_rms_norm_arguments},
    {"sm80_rotary.cuh", sm80_rotary},
    {"sm80_rotate_store.cu", sm80_rotate_store},
    {"sm80_rotate_store_arguments.h", sm80_rotate_store_arguments},
    {"sm80_row_bits.cu", sm80_row_bits},
    {"sm80_row_bits_arguments.h", sm80_row_bits_arguments},
    {"sm80_row_mass.cu", sm80_row_mass},
    {"sm80_row_mass_arguments.h", sm80_row_mass_arguments},
    {"sm80_select.cu", sm80_select},
    {"sm80_select_arguments.h", sm80_select_arguments},
    {"sm80_silu_gate.cu", sm80_silu_gate},
    {"sm80_silu_gate_arguments.h", sm80_silu_gate_arguments},
    {"sm80_top_k.cu", sm80_top_k},
    {"sm80_top_k_arguments.h", sm80_top_k_arguments},
    {"sm90_attention.cu", sm90_attention},
    {"sm90_attention_arguments.h", sm90_attention_arguments},
    {"sm90_attention_plan.cu", sm90_attention_plan},
};

const mi_kernel_source *const mi_kernel_sources = sources;
const int mi_kernel_source_count = sizeof(sources) / sizeof(sources[0]);
