// Dot products of single rows, lanes along the head; any head_dim. Included inside MI_SOURCE files after vector.h.

static inline __attribute__((always_inline)) float MI_(row_dot_f32)(const float *a, const float *b, int count) {
    vf sum0 = {}, sum1 = {};
    int d = 0;
    for (; d + 2 * MI_LANES <= count; d += 2 * MI_LANES) {
        sum0 = MI_(fma)(MI_(load)(a + d), MI_(load)(b + d), sum0);
        sum1 = MI_(fma)(MI_(load)(a + d + MI_LANES), MI_(load)(b + d + MI_LANES), sum1);
    }
    float sum = MI_(sum)(sum0 + sum1);
    for (; d < count; d++) {
        sum += a[d] * b[d];
    }
    return sum;
}

static inline __attribute__((always_inline)) float MI_(row_dot_bf16)(
    const uint16_t *a, const uint16_t *b, int count) {
    vf sum0 = {}, sum1 = {};
    int d = 0;
    for (; d + 2 * MI_LANES <= count; d += 2 * MI_LANES) {
        sum0 = MI_(fma)(MI_(load_bf16)(a + d), MI_(load_bf16)(b + d), sum0);
        sum1 = MI_(fma)(MI_(load_bf16)(a + d + MI_LANES), MI_(load_bf16)(b + d + MI_LANES), sum1);
    }
    float sum = MI_(sum)(sum0 + sum1);
    for (; d < count; d++) {
        uint32_t x = (uint32_t)a[d] << 16, y = (uint32_t)b[d] << 16;
        float fx, fy;
        __builtin_memcpy(&fx, &x, 4);
        __builtin_memcpy(&fy, &y, 4);
        sum += fx * fy;
    }
    return sum;
}
