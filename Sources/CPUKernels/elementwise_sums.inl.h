#include "vector.h"
#include "exponential.h"
#include "partial.h"

static void MI_(scale)(float *x, float factor, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
        MI_(store_row)(x, MI_FLOAT32, i, count, MI_(load_row)(x, MI_FLOAT32, i, count) * factor);
    }
}

static void MI_(cap)(float *x, float cap, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
        vf v = MI_(load_row)(x, MI_FLOAT32, i, count);
        // The exponential lets no NaN through.
        vi nan = (vi)(v != v);
        vf capped = MI_(soft_cap)(v, cap);
        MI_(store_row)(x, MI_FLOAT32, i, count, (vf)(((vi)capped & ~nan) | ((vi)v & nan)));
    }
}

static void MI_(add_scaled)(const float *x, float factor, float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
        vf sum = MI_(fma)(MI_(load_row)(x, MI_FLOAT32, i, count), MI_(splat)(factor),
                          MI_(load_row)(y, MI_FLOAT32, i, count));
        MI_(store_row)(y, MI_FLOAT32, i, count, sum);
    }
}
