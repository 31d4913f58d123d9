#include "vector.h"
#include "partial.h"
#include "tile.h"

#define MI_GEMM_GROUP (MI_TILE_STEP * MI_LANES)

/// What a product keeps on the stack: the sums of one call, and operands widened to fp32 where pairs of bf16 do not
/// multiply natively.
typedef struct MI_(workspace) {
    float sums[MI_GEMM_ROWS][MI_GEMM_PANEL] __attribute__((aligned(64)));
#if !MI_BF16_DOT
    float right[MI_GEMM_DEPTH * MI_GEMM_PANEL] __attribute__((aligned(64)));
    float left[4][MI_GEMM_DEPTH] __attribute__((aligned(64)));
#endif
} MI_(workspace);

/// sums[0..<4] += 4 rows of `depth` numbers times the panel; rows beyond `rows` repeat the last one.
static inline __attribute__((always_inline)) void MI_(rows_f32)(
    float (*sums)[MI_GEMM_PANEL], ptrdiff_t rows, const float *left, ptrdiff_t stride, const float *right, int depth) {
    const float *r[4];
    for (int i = 0; i < 4; i++) {
        r[i] = left + (i < rows ? i : rows - 1) * stride;
    }
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_GROUP) {
        vf acc[4][MI_TILE_STEP];
#pragma GCC unroll 16
        for (int i = 0; i < 4; i++) {
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                acc[i][v] = MI_(load)(&sums[i][column + v * MI_LANES]);
            }
        }
        MI_(tile_f32)(acc, r[0], r[1], r[2], r[3], 1, right + column, depth);
#pragma GCC unroll 16
        for (int i = 0; i < 4; i++) {
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                MI_(store)(&sums[i][column + v * MI_LANES], acc[i][v]);
            }
        }
    }
}

/// sums += one row times the panel: the memory-bound product of decoding. Two chains per vector hide the latency.
static inline __attribute__((always_inline)) void MI_(row_f32)(
    float *sums, const float *left, const float *right, int depth) {
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_GROUP) {
        vf acc[2][MI_TILE_STEP];
        for (int v = 0; v < MI_TILE_STEP; v++) {
            acc[0][v] = MI_(load)(sums + column + v * MI_LANES);
            acc[1][v] = (vf){};
        }
        for (int d = 0; d < depth; d++) {
            vf x = MI_(splat)(left[d]);
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                acc[0][v] = MI_(fma)(x, MI_(load)(right + (ptrdiff_t)d * 64 + column + v * MI_LANES), acc[0][v]);
            }
            if (++d < depth) {
                vf y = MI_(splat)(left[d]);
#pragma GCC unroll 16
                for (int v = 0; v < MI_TILE_STEP; v++) {
                    acc[1][v] = MI_(fma)(y, MI_(load)(right + (ptrdiff_t)d * 64 + column + v * MI_LANES), acc[1][v]);
                }
            }
        }
        for (int v = 0; v < MI_TILE_STEP; v++) {
            MI_(store)(sums + column + v * MI_LANES, acc[0][v] + acc[1][v]);
        }
    }
}

#if MI_BF16_DOT
static inline __attribute__((always_inline)) void MI_(rows_bf16)(
    float (*sums)[MI_GEMM_PANEL], ptrdiff_t rows, const uint16_t *left, ptrdiff_t stride, const uint16_t *right,
    int depth_pairs) {
    const uint16_t *r[4];
    for (int i = 0; i < 4; i++) {
        r[i] = left + (i < rows ? i : rows - 1) * stride;
    }
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_GROUP) {
        vf acc[4][MI_TILE_STEP];
#pragma GCC unroll 16
        for (int i = 0; i < 4; i++) {
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                acc[i][v] = MI_(load)(&sums[i][column + v * MI_LANES]);
            }
        }
        MI_(tile_bf16)(acc, r[0], r[1], r[2], r[3], 2, right + 2 * column, depth_pairs);
#pragma GCC unroll 16
        for (int i = 0; i < 4; i++) {
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                MI_(store)(&sums[i][column + v * MI_LANES], acc[i][v]);
            }
        }
    }
}

static inline __attribute__((always_inline)) void MI_(row_bf16)(
    float *sums, const uint16_t *left, const uint16_t *right, int depth_pairs) {
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_GROUP) {
        vf acc[2][MI_TILE_STEP];
        for (int v = 0; v < MI_TILE_STEP; v++) {
            acc[0][v] = MI_(load)(sums + column + v * MI_LANES);
            acc[1][v] = (vf){};
        }
        for (int d = 0; d < depth_pairs; d++) {
            const uint16_t *w = right + (ptrdiff_t)d * 128 + 2 * column;
            MI_(vpair) x = MI_(splat_pair)(left + 2 * d);
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                acc[0][v] = MI_(dot_pairs)(acc[0][v], x, MI_(load_pairs)(w + v * MI_LANES * 2));
            }
            if (++d < depth_pairs) {
                MI_(vpair) y = MI_(splat_pair)(left + 2 * d);
#pragma GCC unroll 16
                for (int v = 0; v < MI_TILE_STEP; v++) {
                    acc[1][v] = MI_(dot_pairs)(acc[1][v], y, MI_(load_pairs)(w + 128 + v * MI_LANES * 2));
                }
            }
        }
        for (int v = 0; v < MI_TILE_STEP; v++) {
            MI_(store)(sums + column + v * MI_LANES, acc[0][v] + acc[1][v]);
        }
    }
}

/// All rows times `depth` inputs of a bf16 panel; an odd last input is paired with a zero of our own, because what
/// follows it in memory is the next row.
static void MI_(block_bf16)(
    MI_(workspace) *work, const uint16_t *x, ptrdiff_t stride, ptrdiff_t rows, const uint16_t *right, int depth) {
    if (rows == 1) {
        MI_(row_bf16)(work->sums[0], x, right, depth / 2);
    } else {
        for (ptrdiff_t m = 0; m < rows; m += 4) {
            MI_(rows_bf16)(work->sums + m, rows - m, x + m * stride, stride, right, depth / 2);
        }
    }
    if (depth % 2 != 0) {
        for (ptrdiff_t m = 0; m < rows; m++) {
            const uint16_t pair[2] = {x[m * stride + depth - 1], 0};
            MI_(row_bf16)(work->sums[m], pair, right + (ptrdiff_t)(depth - 1) * MI_GEMM_PANEL, 1);
        }
    }
}
#else
/// One row times a bf16 panel, widened on the way.
static void MI_(row_bf16)(float *sums, const uint16_t *left, const uint16_t *right, int depth) {
    for (int column = 0; column < MI_GEMM_PANEL; column += MI_GEMM_GROUP) {
        vf acc[MI_TILE_STEP];
        for (int v = 0; v < MI_TILE_STEP; v++) {
            acc[v] = MI_(load)(sums + column + v * MI_LANES);
        }
        for (int d = 0; d < depth; d += 2) {
            vf x = (vf)((vi){} + ((int32_t)left[d] << 16));
            vf y = (vf)((vi){} + (d + 1 < depth ? (int32_t)left[d + 1] << 16 : 0));
#pragma GCC unroll 16
            for (int v = 0; v < MI_TILE_STEP; v++) {
                vi pairs;
                __builtin_memcpy(&pairs, right + (ptrdiff_t)d * 64 + 2 * (column + v * MI_LANES), sizeof pairs);
                acc[v] = MI_(fma)(x, (vf)(pairs << 16), acc[v]);
                acc[v] = MI_(fma)(y, (vf)(pairs & (int32_t)0xFFFF0000u), acc[v]);
            }
        }
        for (int v = 0; v < MI_TILE_STEP; v++) {
            MI_(store)(sums + column + v * MI_LANES, acc[v]);
        }
    }
}

/// `[depth / 2][64][2]` bf16 to `[depth][64]` fp32.
static void MI_(widen_panel)(const uint16_t *pairs, float *wide, int depth) {
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

static void MI_(block_bf16)(
    MI_(workspace) *work, const uint16_t *x, ptrdiff_t stride, ptrdiff_t rows, const uint16_t *right, int depth) {
    if (rows == 1) {
        MI_(row_bf16)(work->sums[0], x, right, depth);
        return;
    }
    MI_(widen_panel)(right, work->right, depth);
    for (ptrdiff_t m = 0; m < rows; m += 4) {
        const ptrdiff_t count = rows - m < 4 ? rows - m : 4;
        for (ptrdiff_t i = 0; i < count; i++) {
            for (int d = 0; d < depth; d += MI_LANES) {
                MI_(store_row)(work->left[i], MI_FLOAT32, d, depth, MI_(load_row)(x + (m + i) * stride, MI_BFLOAT16, d, depth));
            }
        }
        MI_(rows_f32)(work->sums + m, count, work->left[0], MI_GEMM_DEPTH, work->right, depth);
    }
}
#endif

static void MI_(block_f32)(
    MI_(workspace) *work, const float *x, ptrdiff_t stride, ptrdiff_t rows, const float *right, int depth) {
    if (rows == 1) {
        MI_(row_f32)(work->sums[0], x, right, depth);
        return;
    }
    for (ptrdiff_t m = 0; m < rows; m += 4) {
        MI_(rows_f32)(work->sums + m, rows - m, x + m * stride, stride, right, depth);
    }
}

/// Starts the sums of all rows at the bias.
static void MI_(start_sums)(MI_(workspace) *work, const mi_gemm_args *args, ptrdiff_t rows, ptrdiff_t output) {
    float bias[MI_GEMM_PANEL] = {0};
    if (args->bias != NULL) {
        for (ptrdiff_t i = 0; i < MI_GEMM_PANEL && output + i < (ptrdiff_t)args->outputs; i++) {
            bias[i] = args->bias[output + i];
        }
    }
    for (ptrdiff_t m = 0; m < (rows + 3) / 4 * 4; m++) {
        __builtin_memcpy(work->sums[m], bias, sizeof bias);
    }
}

static void MI_(store_sums)(const MI_(workspace) *work, const mi_gemm_args *args, ptrdiff_t first, ptrdiff_t last, ptrdiff_t output) {
    const ptrdiff_t outputs = (ptrdiff_t)args->outputs;
    const ptrdiff_t count = outputs - output < MI_GEMM_PANEL ? outputs - output : MI_GEMM_PANEL;
    for (ptrdiff_t m = first; m < last; m++) {
        const float *sums = work->sums[m - first];
        char *y = (char *)args->y + (m * outputs + output) * (args->y_type == MI_FLOAT32 ? 4 : 2);
        for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
            vf v = MI_(load)(sums + i);
            if (args->accumulate) {
                v += MI_(load_row)(y, MI_FLOAT32, i, count);
            }
            MI_(store_row)(y, args->y_type, i, count, v);
        }
    }
}

static void MI_(gemm)(const mi_gemm_args *args, ptrdiff_t first, ptrdiff_t last, ptrdiff_t panel) {
    MI_(workspace) work;
    const ptrdiff_t inputs = (ptrdiff_t)args->inputs, rows = last - first;
    MI_(start_sums)(&work, args, rows, panel * MI_GEMM_PANEL);
    for (ptrdiff_t k = 0; k < inputs; k += MI_GEMM_DEPTH) {
        const int depth = (int)(inputs - k < MI_GEMM_DEPTH ? inputs - k : MI_GEMM_DEPTH);
        if (args->type == MI_FLOAT32) {
            const float *right = (const float *)args->packed + (panel * inputs + k) * MI_GEMM_PANEL;
            MI_(block_f32)(&work, (const float *)args->x + first * inputs + k, inputs, rows, right, depth);
        } else {
            const ptrdiff_t padded = (inputs + 1) / 2 * 2;
            const uint16_t *right = (const uint16_t *)args->packed + (panel * padded + k) * MI_GEMM_PANEL;
            MI_(block_bf16)(&work, (const uint16_t *)args->x + first * inputs + k, inputs, rows, right, depth);
        }
    }
    MI_(store_sums)(&work, args, first, last, panel * MI_GEMM_PANEL);
}

#undef MI_GEMM_GROUP
