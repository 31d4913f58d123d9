#include "vector.h"
#include "partial.h"
#include "tile.h"
#include "gemm_tile.h"
#include "gemm_rows.h"
#include "byte_lanes.h"

/// What a product keeps on the stack.
typedef struct MI_(gemm8_workspace) {
    float sums[MI_GEMM_ROWS][MI_GEMM_PANEL] __attribute__((aligned(64)));
    float bias[MI_GEMM_PANEL] __attribute__((aligned(64)));
    float right[MI_GEMM8_DEPTH * MI_GEMM_PANEL] __attribute__((aligned(64)));
    float left[MI_GEMM_TILE_ROWS * MI_GEMM8_DEPTH] __attribute__((aligned(64)));
} MI_(gemm8_workspace);

/// A range of a panel as fp32 numbers, `[depth][64]`.
static inline __attribute__((always_inline)) void MI_(gemm8_widen)(
    const uint8_t *packed, const float *scales, ptrdiff_t group, int depth, float *wide, const mi_byte_format format) {
    for (int begin = 0; begin < depth; begin += (int)group, scales += MI_GEMM_PANEL) {
        const int end = depth - begin < group ? depth : begin + (int)group;
        for (int column = 0; column < MI_GEMM_PANEL; column += MI_LANES) {
            vf scale = MI_(load)(scales + column);
            for (int d = begin; d < end; d++) {
                vf v = MI_(load_bytes)(packed + (ptrdiff_t)d * MI_GEMM_PANEL + column, format);
                if (format == MI_BYTE_FLOAT8) {
                    v *= MI_FLOAT8_SCALE;
                }
                MI_(store)(wide + (ptrdiff_t)d * MI_GEMM_PANEL + column, v * scale);
            }
        }
    }
}

/// One row times a range of a panel. `x` holds the row's numbers; those for e4m3 are times 2^60, half of what its bytes
/// lack, so that neither products nor factors leave fp32's range.
static inline __attribute__((always_inline)) void MI_(gemm8_row)(
    const MI_(gemm_sink) *sink, const float *x, const uint8_t *packed, const float *scales, ptrdiff_t group, int depth,
    const mi_byte_format format) {
    const float rest = format == MI_BYTE_FLOAT8 ? 0x1p60f : 1.0f;
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_WIDE * MI_LANES) {
        MI_(gemm_sums) total;
        MI_(gemm_begin)(1, MI_GEMM_WIDE, total, sink, 0, column);
        const float *factors = scales + column;
        for (int begin = 0; begin < depth; begin += (int)group, factors += MI_GEMM_PANEL) {
            const int end = depth - begin < group ? depth : begin + (int)group;
            vf acc[MI_GEMM_WIDE] = {};
            for (int d = begin; d < end; d++) {
                vf a = MI_(splat)(x[d]);
#pragma GCC unroll 16
                for (int v = 0; v < MI_GEMM_WIDE; v++) {
                    const uint8_t *bytes = packed + (ptrdiff_t)d * MI_GEMM_PANEL + column + v * MI_LANES;
                    acc[v] = MI_(fma)(a, MI_(load_bytes)(bytes, format), acc[v]);
                }
            }
#pragma GCC unroll 16
            for (int v = 0; v < MI_GEMM_WIDE; v++) {
                total[0][v] = MI_(fma)(acc[v], MI_(load)(factors + v * MI_LANES) * rest, total[0][v]);
            }
        }
        MI_(gemm_end)(1, MI_GEMM_WIDE, total, sink, 0, column);
    }
}

static void MI_(gemm8)(const mi_gemm8_args *args, ptrdiff_t first, ptrdiff_t last, ptrdiff_t panel) {
    MI_(gemm8_workspace) work;
    const ptrdiff_t inputs = (ptrdiff_t)args->inputs, outputs = (ptrdiff_t)args->outputs;
    const ptrdiff_t group = (ptrdiff_t)args->group, groups = (inputs + group - 1) / group;
    const ptrdiff_t output = panel * MI_GEMM_PANEL, y_size = args->y_type == MI_FLOAT32 ? 4 : 2;
    const ptrdiff_t count = outputs - output < MI_GEMM_PANEL ? outputs - output : MI_GEMM_PANEL;
    const bool is_float = args->format == MI_BYTE_FLOAT8;
    for (ptrdiff_t i = 0; i < MI_GEMM_PANEL; i++) {
        work.bias[i] = args->bias != NULL && i < count ? args->bias[output + i] : 0;
    }
    MI_(gemm_sink) sink = {
        .sums = work.sums, .bias = work.bias, .y = (char *)args->y + (first * outputs + output) * y_size,
        .y_stride = outputs * y_size, .count = count, .y_type = args->y_type, .accumulate = args->accumulate};
    for (ptrdiff_t k = 0; k < inputs; k += MI_GEMM8_DEPTH) {
        const int depth = (int)(inputs - k < MI_GEMM8_DEPTH ? inputs - k : MI_GEMM8_DEPTH);
        const uint8_t *packed = args->packed + (panel * inputs + k) * MI_GEMM_PANEL;
        const float *scales = args->scales + (panel * groups + k / group) * MI_GEMM_PANEL;
        const char *x = (const char *)args->x + (first * inputs + k) * (args->x_type == MI_FLOAT32 ? 4 : 2);
        sink.first = k == 0;
        sink.last = k + depth == inputs;
        if (last - first == 1) {
            const float factor = is_float ? 0x1p60f : 1.0f;
            for (int d = 0; d < depth; d += MI_LANES) {
                MI_(store_row)(work.left, MI_FLOAT32, d, depth, MI_(load_row)(x, args->x_type, d, depth) * factor);
            }
            if (is_float) {
                MI_(gemm8_row)(&sink, work.left, packed, scales, group, depth, MI_BYTE_FLOAT8);
            } else {
                MI_(gemm8_row)(&sink, work.left, packed, scales, group, depth, MI_BYTE_INT8);
            }
            continue;
        }
        if (is_float) {
            MI_(gemm8_widen)(packed, scales, group, depth, work.right, MI_BYTE_FLOAT8);
        } else {
            MI_(gemm8_widen)(packed, scales, group, depth, work.right, MI_BYTE_INT8);
        }
        if (args->x_type == MI_FLOAT32) {
            MI_(gemm_range_f32)(&sink, (const float *)x, inputs, last - first, work.right, depth);
        } else {
            MI_(gemm_widened_rows)(&sink, (const uint16_t *)x, inputs, last - first, work.right, depth, work.left);
        }
    }
}
