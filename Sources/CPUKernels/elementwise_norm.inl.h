#include "vector.h"
#include "partial.h"

/// Four running sums hide the latency of the addition and keep each one short.
static float MI_(sum_of_squares)(const float *x, ptrdiff_t count) {
    vf sums[4] = {{0}, {0}, {0}, {0}};
    ptrdiff_t i = 0;
    for (; i + 4 * MI_LANES <= count; i += 4 * MI_LANES) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            vf v = MI_(load)(x + i + j * MI_LANES);
            sums[j] = MI_(fma)(v, v, sums[j]);
        }
    }
    for (; i < count; i += MI_LANES) {
        vf v = MI_(load_row)(x, MI_FLOAT32, i, count);
        sums[0] = MI_(fma)(v, v, sums[0]);
    }
    return MI_(sum)((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static void MI_(rms_norm)(
    const float *x, const float *weight, float epsilon, ptrdiff_t rows, ptrdiff_t count, void *output,
    mi_dtype output_type) {
    const ptrdiff_t size = output_type == MI_FLOAT32 ? 4 : 2;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *row = x + r * count;
        char *out = (char *)output + r * count * size;
        vf scale = MI_(splat)(1.0f / sqrtf(MI_(sum_of_squares)(row, count) / (float)count + epsilon));
        for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
            vf v = MI_(load_row)(row, MI_FLOAT32, i, count) * scale;
            MI_(store_row)(out, output_type, i, count, v * MI_(load_row)(weight, MI_FLOAT32, i, count));
        }
    }
}
