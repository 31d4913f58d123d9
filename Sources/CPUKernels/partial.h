// Vectors at the end of a row, and rows whose element type is known at run time only.
// Included inside MI_SOURCE files after vector.h.

/// The first `count` < MI_LANES numbers at p; other lanes are zero.
static inline vf MI_(load_part)(const float *p, int count) {
    float lanes[MI_LANES] = {0};
    for (int i = 0; i < count; i++) {
        lanes[i] = p[i];
    }
    return MI_(load)(lanes);
}

/// The first `count` < MI_LANES bf16 numbers at p, widened; other lanes are zero.
static inline vf MI_(load_bf16_part)(const uint16_t *p, int count) {
    uint16_t lanes[MI_LANES] = {0};
    for (int i = 0; i < count; i++) {
        lanes[i] = p[i];
    }
    return MI_(load_bf16)(lanes);
}

static inline void MI_(store_part)(float *p, vf v, int count) {
    float lanes[MI_LANES];
    MI_(store)(lanes, v);
    for (int i = 0; i < count; i++) {
        p[i] = lanes[i];
    }
}

static inline void MI_(store_bf16_part)(uint16_t *p, vf v, int count) {
    uint16_t lanes[MI_LANES];
    MI_(store_bf16)(lanes, v);
    for (int i = 0; i < count; i++) {
        p[i] = lanes[i];
    }
}

/// Lanes i .. min(i + MI_LANES, count) of a row of `type`.
static inline __attribute__((always_inline)) vf MI_(load_row)(const void *row, mi_dtype type, ptrdiff_t i, ptrdiff_t count) {
    if (type == MI_FLOAT32) {
        const float *p = (const float *)row + i;
        return count - i >= MI_LANES ? MI_(load)(p) : MI_(load_part)(p, (int)(count - i));
    }
    const uint16_t *p = (const uint16_t *)row + i;
    return count - i >= MI_LANES ? MI_(load_bf16)(p) : MI_(load_bf16_part)(p, (int)(count - i));
}

/// The counterpart of load_row.
static inline __attribute__((always_inline)) void MI_(store_row)(
    void *row, mi_dtype type, ptrdiff_t i, ptrdiff_t count, vf v) {
    if (type == MI_FLOAT32) {
        float *p = (float *)row + i;
        if (count - i >= MI_LANES) {
            MI_(store)(p, v);
        } else {
            MI_(store_part)(p, v, (int)(count - i));
        }
    } else {
        uint16_t *p = (uint16_t *)row + i;
        if (count - i >= MI_LANES) {
            MI_(store_bf16)(p, v);
        } else {
            MI_(store_bf16_part)(p, v, (int)(count - i));
        }
    }
}
