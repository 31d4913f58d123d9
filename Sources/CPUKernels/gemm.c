#include "minference_gemm.h"

/// Inputs whose panel is taken through all rows before the next ones: 32 KiB of bf16, so it stays in the first cache.
#define MI_GEMM_DEPTH 256

#define MI_SOURCE "gemm.inl.h"
#include "foreach_isa.h"

void mi_gemm(mi_isa isa, const mi_gemm_args *args, size_t first, size_t last, size_t panel) {
    MI_DISPATCH(isa, gemm, args, (ptrdiff_t)first, (ptrdiff_t)last, (ptrdiff_t)panel)
}
