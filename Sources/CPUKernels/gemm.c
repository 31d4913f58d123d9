#include "minference_gemm.h"

/// Inputs whose panel is taken through all rows before the next ones: 64 KiB of bf16, which the second cache feeds to a
/// tile of 6 rows at full speed (less would store and reload sums more often). Where bf16 is widened, the range's fp32
/// copy lies on the stack.
#define MI_GEMM_DOT_DEPTH 512
#define MI_GEMM_WIDENED_DEPTH 256

/// Rows of the register tile.
#define MI_GEMM_TILE_ROWS 6

#define MI_SOURCE "gemm.inl.h"
#include "foreach_isa.h"

void mi_gemm(mi_isa isa, const mi_gemm_args *args, size_t first, size_t last, size_t panel) {
    MI_DISPATCH(isa, gemm, args, (ptrdiff_t)first, (ptrdiff_t)last, (ptrdiff_t)panel)
}
