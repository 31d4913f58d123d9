// The GEMM's register tile: `rows` rows of X times 64 outputs of a packed panel.
//
// 6 rows, where attention takes 4: every load of the panel serves 6 products, so the panel may come from the second
// cache. Fewer rows are what is left at the end of X; a single row (decoding) is bound by memory and walks the panel
// once, with more columns at a time. `rows` and `step` are constants of every use.
// Included inside MI_SOURCE files after tile.h.

/// Vectors of a panel's row that a single row of X is multiplied with at a time.
#undef MI_GEMM_WIDE
#if MI_VECTORS / 2 < 64 / MI_LANES
#define MI_GEMM_WIDE (MI_VECTORS / 2)
#else
#define MI_GEMM_WIDE (64 / MI_LANES)
#endif

/// Where a tile's sums come from and go to: zero or the sums so far, and on to the next range of inputs or to Y.
typedef struct MI_(gemm_sink) {
    float (*sums)[MI_GEMM_PANEL];  ///< sums so far, one row per row of the call
    bool first;                    ///< there are no sums yet
    bool last;                     ///< this is the last range of inputs
    const float *bias;             ///< 64 numbers
    char *y;                       ///< the panel's outputs of the call's first row
    ptrdiff_t y_stride;            ///< bytes
    ptrdiff_t count;               ///< outputs of this panel that exist
    mi_dtype y_type;
    bool accumulate;
} MI_(gemm_sink);

typedef vf MI_(gemm_sums)[MI_GEMM_TILE_ROWS][MI_GEMM_WIDE];

static inline __attribute__((always_inline)) void MI_(gemm_begin)(
    const int rows, const int step, MI_(gemm_sums) acc, const MI_(gemm_sink) *sink, ptrdiff_t row, int column) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 16
        for (int v = 0; v < step; v++) {
            acc[i][v] = sink->first ? (vf){} : MI_(load)(&sink->sums[row + i][column + v * MI_LANES]);
        }
    }
}

static inline __attribute__((always_inline)) void MI_(gemm_end)(
    const int rows, const int step, MI_(gemm_sums) acc, const MI_(gemm_sink) *sink, ptrdiff_t row, int column) {
    const bool whole = sink->count == MI_GEMM_PANEL && sink->y_type == MI_FLOAT32;
    if (!sink->last) {
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
#pragma GCC unroll 16
            for (int v = 0; v < step; v++) {
                MI_(store)(&sink->sums[row + i][column + v * MI_LANES], acc[i][v]);
            }
        }
        return;
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
        char *y = sink->y + (row + i) * sink->y_stride;
#pragma GCC unroll 16
        for (int v = 0; v < step; v++) {
            const ptrdiff_t at = column + v * MI_LANES;
            vf sum = acc[i][v] + MI_(load)(sink->bias + at);
            if (whole) {
                float *out = (float *)y + at;
                MI_(store)(out, sink->accumulate ? sum + MI_(load)(out) : sum);
            } else if (at < sink->count) {
                if (sink->accumulate) {
                    sum += MI_(load_row)(y, MI_FLOAT32, at, sink->count);
                }
                MI_(store_row)(y, sink->y_type, at, sink->count, sum);
            }
        }
    }
}

static inline __attribute__((always_inline)) void MI_(gemm_tile_f32)(
    const int rows, const int step, const MI_(gemm_sink) *sink, ptrdiff_t row, const float *left, ptrdiff_t stride,
    const float *right, int depth) {
    for (int column = 0; column < MI_GEMM_PANEL; column += step * MI_LANES) {
        MI_(gemm_sums) acc;
        MI_(gemm_begin)(rows, step, acc, sink, row, column);
        const float *w = right + column;
        for (int d = 0; d < depth; d++, w += MI_GEMM_PANEL) {
            vf x[MI_GEMM_WIDE];
#pragma GCC unroll 16
            for (int v = 0; v < step; v++) {
                x[v] = MI_(load)(w + v * MI_LANES);
            }
#pragma GCC unroll 16
            for (int i = 0; i < rows; i++) {
                vf a = MI_(splat)(left[i * stride + d]);
#pragma GCC unroll 16
                for (int v = 0; v < step; v++) {
                    acc[i][v] = MI_(fma)(a, x[v], acc[i][v]);
                }
            }
        }
        MI_(gemm_end)(rows, step, acc, sink, row, column);
    }
}

#if MI_BF16_DOT
static inline __attribute__((always_inline)) void MI_(gemm_pair_step)(
    const int rows, const int step, MI_(gemm_sums) acc, const uint16_t *left, ptrdiff_t stride, const uint16_t *w) {
    MI_(vpair) x[MI_GEMM_WIDE];
#pragma GCC unroll 16
    for (int v = 0; v < step; v++) {
        x[v] = MI_(load_pairs)(w + v * MI_LANES * 2);
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
        MI_(vpair) a = MI_(splat_pair)(left + i * stride);
#pragma GCC unroll 16
        for (int v = 0; v < step; v++) {
            acc[i][v] = MI_(dot_pairs)(acc[i][v], a, x[v]);
        }
    }
}

/// An odd last input is paired with a zero of our own: what follows it in memory is the next row.
static inline __attribute__((always_inline)) void MI_(gemm_tile_bf16)(
    const int rows, const int step, const MI_(gemm_sink) *sink, ptrdiff_t row, const uint16_t *left, ptrdiff_t stride,
    const uint16_t *right, int depth) {
    for (int column = 0; column < MI_GEMM_PANEL; column += step * MI_LANES) {
        MI_(gemm_sums) acc;
        MI_(gemm_begin)(rows, step, acc, sink, row, column);
        const uint16_t *w = right + 2 * column;
        int d = 0;
        for (; d + 1 < depth; d += 2, w += 2 * MI_GEMM_PANEL) {
            MI_(gemm_pair_step)(rows, step, acc, left + d, stride, w);
        }
        if (d < depth) {
            uint16_t last[MI_GEMM_TILE_ROWS][2] = {{0}};
            for (int i = 0; i < rows; i++) {
                last[i][0] = left[i * stride + d];
            }
            MI_(gemm_pair_step)(rows, step, acc, last[0], 2, w);
        }
        MI_(gemm_end)(rows, step, acc, sink, row, column);
    }
}
#endif
