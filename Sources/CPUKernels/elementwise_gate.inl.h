#include "vector.h"
#include "exponential.h"
#include "partial.h"

/// g / (1 + e^-g), through e^-|g| so that nothing overflows and large negative g keep their relative accuracy.
static inline __attribute__((always_inline)) vf MI_(silu)(vf g) {
    vf magnitude = (vf)((vi)g & 0x7FFFFFFF);
    vf e = MI_(exp)(-magnitude);
    vi positive = (vi)(g >= MI_(splat)(0.0f));
    vf numerator = (vf)(((vi)g & positive) | ((vi)(g * e) & ~positive));
    return numerator / (1.0f + e);
}

/// g / 2 * (1 + tanh(u)) = g / (1 + e^-2u) with u = sqrt(2 / pi) * (g + 0.044715 g^3); through e^-|2u|, as above.
static inline __attribute__((always_inline)) vf MI_(gelu)(vf g) {
    vf twice = g * MI_(fma)(g * g, MI_(splat)(0.0713548162726f), MI_(splat)(1.59576912161f));
    vf magnitude = (vf)((vi)twice & 0x7FFFFFFF);
    vf e = MI_(exp)(-magnitude);
    vi positive = (vi)(g >= MI_(splat)(0.0f));
    vf numerator = (vf)(((vi)g & positive) | ((vi)(g * e) & ~positive));
    return numerator / (1.0f + e);
}

static void MI_(silu_gate)(
    const float *gate_up, ptrdiff_t rows, ptrdiff_t count, void *output, mi_dtype output_type) {
    const ptrdiff_t size = output_type == MI_FLOAT32 ? 4 : 2;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *gate = gate_up + r * 2 * count;
        const float *up = gate + count;
        char *out = (char *)output + r * count * size;
        for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
            vf g = MI_(load_row)(gate, MI_FLOAT32, i, count);
            vf u = MI_(load_row)(up, MI_FLOAT32, i, count);
            MI_(store_row)(out, output_type, i, count, MI_(silu)(g) * u);
        }
    }
}

static void MI_(gelu_gate)(
    const float *gate_up, ptrdiff_t rows, ptrdiff_t count, void *output, mi_dtype output_type) {
    const ptrdiff_t size = output_type == MI_FLOAT32 ? 4 : 2;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *gate = gate_up + r * 2 * count;
        const float *up = gate + count;
        char *out = (char *)output + r * count * size;
        for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
            vf g = MI_(load_row)(gate, MI_FLOAT32, i, count);
            vf u = MI_(load_row)(up, MI_FLOAT32, i, count);
            MI_(store_row)(out, output_type, i, count, MI_(gelu)(g) * u);
        }
    }
}
