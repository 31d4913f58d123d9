#include "vector.h"
#include "partial.h"
#include "tile.h"
#include "gemm_tile.h"
#include "gemm_rows.h"

#undef MI_GEMM_DEPTH
#if MI_BF16_DOT
#define MI_GEMM_DEPTH MI_GEMM_DOT_DEPTH
#else
#define MI_GEMM_DEPTH MI_GEMM_WIDENED_DEPTH
#endif

/// What a product keeps on the stack: sums between two ranges of inputs, and operands widened to fp32 where pairs of
/// bf16 do not multiply natively.
typedef struct MI_(gemm_workspace) {
    float sums[MI_GEMM_ROWS][MI_GEMM_PANEL] __attribute__((aligned(64)));
    float bias[MI_GEMM_PANEL] __attribute__((aligned(64)));
#if !MI_BF16_DOT
    float right[MI_GEMM_DEPTH * MI_GEMM_PANEL] __attribute__((aligned(64)));
    float left[MI_GEMM_TILE_ROWS * MI_GEMM_DEPTH] __attribute__((aligned(64)));
#endif
} MI_(gemm_workspace);

#if MI_BF16_DOT
static void MI_(gemm_rows_bf16)(
    ptrdiff_t rows, const MI_(gemm_sink) *sink, ptrdiff_t row, const uint16_t *left, ptrdiff_t stride,
    const uint16_t *right, int depth) {
    if (rows == 6) {
        MI_(gemm_tile_bf16)(6, MI_TILE_STEP, sink, row, left, stride, right, depth);
        return;
    }
    if (rows >= 4) {
        MI_(gemm_tile_bf16)(4, MI_TILE_STEP, sink, row, left, stride, right, depth);
        rows -= 4, row += 4, left += 4 * stride;
    }
    if (rows >= 2) {
        MI_(gemm_tile_bf16)(2, MI_TILE_STEP, sink, row, left, stride, right, depth);
        rows -= 2, row += 2, left += 2 * stride;
    }
    if (rows == 1) {
        MI_(gemm_tile_bf16)(1, MI_GEMM_WIDE, sink, row, left, stride, right, depth);
    }
}

static void MI_(gemm_range_bf16)(
    MI_(gemm_workspace) *work, const MI_(gemm_sink) *sink, const uint16_t *x, ptrdiff_t stride, ptrdiff_t rows,
    const uint16_t *right, int depth) {
    (void)work;
    for (ptrdiff_t m = 0; m < rows; m += MI_GEMM_TILE_ROWS) {
        const ptrdiff_t count = rows - m < MI_GEMM_TILE_ROWS ? rows - m : MI_GEMM_TILE_ROWS;
        MI_(gemm_rows_bf16)(count, sink, m, x + m * stride, stride, right, depth);
    }
}
#else
/// One row times a bf16 panel, widened on the way.
static void MI_(gemm_row_bf16)(
    const MI_(gemm_sink) *sink, const uint16_t *left, const uint16_t *right, int depth) {
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_WIDE * MI_LANES) {
        MI_(gemm_sums) acc;
        MI_(gemm_begin)(1, MI_GEMM_WIDE, acc, sink, 0, column);
        for (int d = 0; d < depth; d += 2) {
            vf x = (vf)((vi){} + ((int32_t)left[d] << 16));
            vf y = (vf)((vi){} + (d + 1 < depth ? (int32_t)left[d + 1] << 16 : 0));
#pragma GCC unroll 16
            for (int v = 0; v < MI_GEMM_WIDE; v++) {
                vi pairs;
                __builtin_memcpy(&pairs, right + (ptrdiff_t)d * 64 + 2 * (column + v * MI_LANES), sizeof pairs);
                acc[0][v] = MI_(fma)(x, (vf)(pairs << 16), acc[0][v]);
                acc[0][v] = MI_(fma)(y, (vf)(pairs & (int32_t)0xFFFF0000u), acc[0][v]);
            }
        }
        MI_(gemm_end)(1, MI_GEMM_WIDE, acc, sink, 0, column);
    }
}

/// `[depth / 2][64][2]` bf16 to `[depth][64]` fp32.
static void MI_(gemm_widen_panel)(const uint16_t *pairs, float *wide, int depth) {
    for (int d = 0; d < depth; d += 2) {
        for (int column = 0; column < MI_GEMM_PANEL; column += MI_LANES) {
            vi both;
            __builtin_memcpy(&both, pairs + (ptrdiff_t)d * 64 + 2 * column, sizeof both);
            MI_(store)(wide + (ptrdiff_t)d * 64 + column, (vf)(both << 16));
            if (d + 1 < depth) {
                MI_(store)(wide + (ptrdiff_t)(d + 1) * 64 + column, (vf)(both & (int32_t)0xFFFF0000u));
            }
        }
    }
}

static void MI_(gemm_range_bf16)(
    MI_(gemm_workspace) *work, const MI_(gemm_sink) *sink, const uint16_t *x, ptrdiff_t stride, ptrdiff_t rows,
    const uint16_t *right, int depth) {
    if (rows == 1) {
        MI_(gemm_row_bf16)(sink, x, right, depth);
        return;
    }
    MI_(gemm_widen_panel)(right, work->right, depth);
    MI_(gemm_widened_rows)(sink, x, stride, rows, work->right, depth, work->left);
}
#endif

static void MI_(gemm)(const mi_gemm_args *args, ptrdiff_t first, ptrdiff_t last, ptrdiff_t panel) {
    MI_(gemm_workspace) work;
    const ptrdiff_t inputs = (ptrdiff_t)args->inputs, outputs = (ptrdiff_t)args->outputs;
    const ptrdiff_t output = panel * MI_GEMM_PANEL, y_size = args->y_type == MI_FLOAT32 ? 4 : 2;
    const ptrdiff_t count = outputs - output < MI_GEMM_PANEL ? outputs - output : MI_GEMM_PANEL;
    for (ptrdiff_t i = 0; i < MI_GEMM_PANEL; i++) {
        work.bias[i] = args->bias != NULL && i < count ? args->bias[output + i] : 0;
    }
    MI_(gemm_sink) sink = {
        .sums = work.sums, .bias = work.bias, .y = (char *)args->y + (first * outputs + output) * y_size,
        .y_stride = outputs * y_size, .count = count, .y_type = args->y_type, .accumulate = args->accumulate};
    for (ptrdiff_t k = 0; k < inputs; k += MI_GEMM_DEPTH) {
        const int depth = (int)(inputs - k < MI_GEMM_DEPTH ? inputs - k : MI_GEMM_DEPTH);
        sink.first = k == 0;
        sink.last = k + depth == inputs;
        if (args->type == MI_FLOAT32) {
            const float *right = (const float *)args->packed + (panel * inputs + k) * MI_GEMM_PANEL;
            MI_(gemm_range_f32)(&sink, (const float *)args->x + first * inputs + k, inputs, last - first, right, depth);
        } else {
            const ptrdiff_t padded = (inputs + 1) / 2 * 2;
            const uint16_t *right = (const uint16_t *)args->packed + (panel * padded + k) * MI_GEMM_PANEL;
            MI_(gemm_range_bf16)(
                &work, &sink, (const uint16_t *)args->x + first * inputs + k, inputs, last - first, right, depth);
        }
    }
}
