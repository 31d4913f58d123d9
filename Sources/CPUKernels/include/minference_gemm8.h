// Linear layers with 8-bit weights: Y = X W^T, W in int8 or e4m3 with an fp32 factor per group of inputs.
//
// Panels of 64 outputs as in minference_gemm.h, one byte an element: `[panel][input][64]`. Every output has one factor
// for each `group` inputs, `[panel][input / group][64]`; an element is its byte's number times its factor. Only weights
// are rounded: inputs and sums stay as they are.
#ifndef MINFERENCE_GEMM8_H
#define MINFERENCE_GEMM8_H

#include "minference_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a byte means.
typedef enum mi_byte_format {
    MI_BYTE_INT8 = 0,    ///< -127 ... 127
    MI_BYTE_FLOAT8 = 1,  ///< e4m3: 4 exponent bits, 3 fraction bits, largest 448, no infinities
} mi_byte_format;

enum {
    MI_GEMM8_LEAST_GROUP = 16,  ///< the fewest inputs of a group
    MI_GEMM8_DEPTH = 256,       ///< groups that are not the whole row divide this
};

/// The bytes that the elements of a packed matrix take.
size_t mi_gemm8_packed_bytes(size_t outputs, size_t inputs);

/// The factors of a packed matrix.
size_t mi_gemm8_scale_count(size_t outputs, size_t inputs, size_t group);

/// Rounds `rows` rows of W to outputs `first_output ...` of `packed` and `scales`, which start as zeros.
///
/// `group` is a power of two from MI_GEMM8_LEAST_GROUP to MI_GEMM8_DEPTH, or `inputs`. The largest magnitude of a group
/// becomes 127 or 448; others are rounded to the nearest number, ties to even. Calls for disjoint outputs may run at
/// once.
void mi_gemm8_pack(
    mi_isa isa, const void *w, mi_dtype w_type, size_t rows, size_t inputs, size_t first_output, size_t group,
    mi_byte_format format, uint8_t *packed, float *scales);

/// A product.
typedef struct mi_gemm8_args {
    const void *x;          ///< `[.., inputs]`, contiguous
    const uint8_t *packed;  ///< mi_gemm8_pack's work
    const float *scales;    ///< and its factors
    const float *bias;      ///< `[outputs]`, or NULL
    void *y;                ///< `[.., outputs]`, contiguous
    size_t inputs;          ///< elements of a row of X
    size_t outputs;         ///< elements of a row of Y
    size_t group;           ///< inputs that share a factor
    mi_dtype x_type;        ///< fp32 or bf16
    mi_dtype y_type;        ///< fp32 or bf16
    mi_byte_format format;  ///< of packed
    bool accumulate;        ///< y += instead of y =; y is fp32
} mi_gemm8_args;

/// Rows `first ..< last` (at most MI_GEMM_ROWS) of Y, the outputs of one panel; sums are fp32.
///
/// A single row multiplies the bytes as they are read. More rows widen a range of the panel to fp32 once.
void mi_gemm8(mi_isa isa, const mi_gemm8_args *args, size_t first, size_t last, size_t panel);

#ifdef __cplusplus
}
#endif
#endif
