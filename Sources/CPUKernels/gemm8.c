#include "minference_gemm8.h"

/// Rows of the register tile.
#define MI_GEMM_TILE_ROWS 6

#define MI_SOURCE "gemm8.inl.h"
#include "foreach_isa.h"

void mi_gemm8(mi_isa isa, const mi_gemm8_args *args, size_t first, size_t last, size_t panel) {
    MI_DISPATCH(isa, gemm8, args, (ptrdiff_t)first, (ptrdiff_t)last, (ptrdiff_t)panel)
}
