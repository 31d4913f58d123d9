// Dot products of single rows, lanes along the head; any length. Included inside MI_SOURCE files after partial.h.

static inline __attribute__((always_inline)) float MI_(row_dot)(
    const void *a, const void *b, mi_dtype dtype, ptrdiff_t count) {
    vf even = {}, odd = {};
    for (ptrdiff_t d = 0; d < count; d += 2 * MI_LANES) {
        even = MI_(fma)(MI_(load_row)(a, dtype, d, count), MI_(load_row)(b, dtype, d, count), even);
        if (d + MI_LANES < count) {
            vf x = MI_(load_row)(a, dtype, d + MI_LANES, count);
            odd = MI_(fma)(x, MI_(load_row)(b, dtype, d + MI_LANES, count), odd);
        }
    }
    return MI_(sum)(even + odd);
}
