// fp32 rows times a range of a panel. Included inside MI_SOURCE files after gemm_tile.h.

/// Up to MI_GEMM_TILE_ROWS rows, by the largest tiles that fit.
static void MI_(gemm_rows_f32)(
    ptrdiff_t rows, const MI_(gemm_sink) *sink, ptrdiff_t row, const float *left, ptrdiff_t stride, const float *right,
    int depth) {
    if (rows == 6) {
        MI_(gemm_tile_f32)(6, MI_TILE_STEP, sink, row, left, stride, right, depth);
        return;
    }
    if (rows >= 4) {
        MI_(gemm_tile_f32)(4, MI_TILE_STEP, sink, row, left, stride, right, depth);
        rows -= 4, row += 4, left += 4 * stride;
    }
    if (rows >= 2) {
        MI_(gemm_tile_f32)(2, MI_TILE_STEP, sink, row, left, stride, right, depth);
        rows -= 2, row += 2, left += 2 * stride;
    }
    if (rows == 1) {
        MI_(gemm_tile_f32)(1, MI_GEMM_WIDE, sink, row, left, stride, right, depth);
    }
}

/// `rows` rows of bf16, widened to fp32 a tile at a time; `work` holds MI_GEMM_TILE_ROWS rows of `depth` numbers.
static inline void MI_(gemm_widened_rows)(
    const MI_(gemm_sink) *sink, const uint16_t *x, ptrdiff_t stride, ptrdiff_t rows, const float *right, int depth,
    float *work) {
    for (ptrdiff_t m = 0; m < rows; m += MI_GEMM_TILE_ROWS) {
        const ptrdiff_t count = rows - m < MI_GEMM_TILE_ROWS ? rows - m : MI_GEMM_TILE_ROWS;
        for (ptrdiff_t i = 0; i < count; i++) {
            for (int d = 0; d < depth; d += MI_LANES) {
                vf v = MI_(load_row)(x + (m + i) * stride, MI_BFLOAT16, d, depth);
                MI_(store_row)(work + i * depth, MI_FLOAT32, d, depth, v);
            }
        }
        MI_(gemm_rows_f32)(count, sink, m, work, depth, right, depth);
    }
}

static void MI_(gemm_range_f32)(
    const MI_(gemm_sink) *sink, const float *x, ptrdiff_t stride, ptrdiff_t rows, const float *right, int depth) {
    for (ptrdiff_t m = 0; m < rows; m += MI_GEMM_TILE_ROWS) {
        const ptrdiff_t count = rows - m < MI_GEMM_TILE_ROWS ? rows - m : MI_GEMM_TILE_ROWS;
        MI_(gemm_rows_f32)(count, sink, m, x + m * stride, stride, right, depth);
    }
}
