// Linear layers: Y = X W^T with W packed once.
//
// W `[outputs, inputs]` is packed in panels of 64 outputs, the last one filled up with zeros: `[panel][input][64]` in
// fp32, `[panel][input / 2][64][2]` in bf16 with an odd last input paired with zero. So the 64 outputs of a panel lie in
// SIMD lanes, the memory is read in ascending order, and an element of X is broadcast.
#ifndef MINFERENCE_GEMM_H
#define MINFERENCE_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "minference_elementwise.h"
#include "minference_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MI_GEMM_PANEL = 64,  ///< outputs of a panel
    MI_GEMM_ROWS = 384,  ///< the most rows of X in one call of mi_gemm
};

/// The bytes that a packed matrix takes.
size_t mi_gemm_packed_bytes(size_t outputs, size_t inputs, mi_dtype type);

/// Packs `rows` rows of W as outputs `first_output ...` of `packed`, which starts as zeros.
///
/// Calls for disjoint outputs may run at once.
void mi_gemm_pack(
    mi_isa isa, const void *w, mi_dtype w_type, size_t rows, size_t inputs, size_t first_output, void *packed,
    mi_dtype type);

/// A product; `x` and `packed` have the same element type.
typedef struct mi_gemm_args {
    const void *x;       ///< `[.., inputs]`, contiguous
    const void *packed;  ///< mi_gemm_pack's work
    const float *bias;   ///< `[outputs]`, or NULL
    void *y;             ///< `[.., outputs]`, contiguous
    size_t inputs;       ///< elements of a row of X
    size_t outputs;      ///< elements of a row of Y
    mi_dtype type;       ///< of x and packed: fp32 or bf16
    mi_dtype y_type;     ///< fp32 or bf16
    bool accumulate;     ///< y += instead of y =; y is fp32
} mi_gemm_args;

/// Rows `first ..< last` (at most MI_GEMM_ROWS) of Y, the outputs of one panel; sums are fp32.
///
/// More rows make better use of a panel. Takes up to 170 KiB of stack.
void mi_gemm(mi_isa isa, const mi_gemm_args *args, size_t first, size_t last, size_t panel);

#ifdef __cplusplus
}
#endif
#endif
