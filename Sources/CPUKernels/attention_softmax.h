// The softmax step of a panel. Included inside MI_SOURCE files after tile.h and exp2.h.

/// Rows whose bit is clear become -1e30: below any initial maximum, so that they vanish without a special case.
static inline __attribute__((always_inline)) vf MI_(keep_rows)(vf scores, uint64_t rows) {
    vi bit;
    for (int i = 0; i < MI_LANES; i++) {
        bit[i] = 1 << i;
    }
    vi kept = ((int32_t)(rows & ((1ull << MI_LANES) - 1)) & bit) != 0;
    return (vf)(((vi)scores & kept) | ((vi)MI_(splat)(-1e30f) & ~kept));
}

/// Moves the running maximum to `maximum`, leaves in `rescale` the factor for what was accumulated before, and begins
/// the new sum; a score s then counts 2^(s * scale + offset).
static inline __attribute__((always_inline)) void MI_(softmax_begin)(
    int column, const vf maximum[MI_TILE_STEP], float scale, float *running_maximum, const float *running_sum,
    float *rescale, vf offset[MI_TILE_STEP], vf sum[MI_TILE_STEP]) {
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        int at = column + v * MI_LANES;
        vf factor = MI_(exp2_accurate)((MI_(load)(running_maximum + at) - maximum[v]) * scale);
        MI_(store)(rescale + at, factor);
        MI_(store)(running_maximum + at, maximum[v]);
        sum[v] = MI_(load)(running_sum + at) * factor;
        offset[v] = -maximum[v] * scale;
    }
}

/// Turns scores into unnormalised probabilities, `key_count` rows of 64 columns of which MI_TILE_STEP vectors are
/// done, in place; moves the running maximum and sum and leaves the factor for what was accumulated before.
static inline __attribute__((always_inline)) void MI_(softmax_f32)(
    float *scores, int key_count, int column, const vf maximum[MI_TILE_STEP], float scale, float *running_maximum,
    float *running_sum, float *rescale) {
    vf offset[MI_TILE_STEP], sum[MI_TILE_STEP];
    MI_(softmax_begin)(column, maximum, scale, running_maximum, running_sum, rescale, offset, sum);
    for (int key = 0; key < key_count; key++) {
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            float *at = scores + key * 64 + v * MI_LANES;
            vf p = MI_(exp2_accurate)(MI_(fma)(MI_(load)(at), MI_(splat)(scale), offset[v]));
            sum[v] += p;
            MI_(store)(at, p);
        }
    }
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        MI_(store)(running_sum + column + v * MI_LANES, sum[v]);
    }
}

#if MI_BF16_DOT
/// Stores two vectors of fp32 as bf16 pairs (a0, b0, a1, b1, ...).
static inline __attribute__((always_inline)) void MI_(store_pairs)(float *at, vf a, vf b) {
#if defined(__x86_64__)
    // The conversion concatenates [a | b]; one permutation interleaves the halves.
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22,
                                           6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    __m512i pair = (__m512i)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a);
    _mm512_storeu_si512(at, _mm512_permutexvar_epi16(order, pair));
#else
    bfloat16x8_t low = vcvtq_low_bf16_f32((float32x4_t)a);
    uint16x8_t left = vreinterpretq_u16_bf16(low);
    uint16x8_t right = vreinterpretq_u16_bf16(vcvtq_low_bf16_f32((float32x4_t)b));
    vst1q_u16((uint16_t *)at, vzip1q_u16(left, right));
#endif
}

/// As softmax_f32, writing bf16 pairs of keys: pair j takes the place of row 2j. `key_count` is even.
static inline __attribute__((always_inline)) void MI_(softmax_bf16)(
    float *scores, int key_count, int column, const vf maximum[MI_TILE_STEP], float scale, float *running_maximum,
    float *running_sum, float *rescale) {
    vf offset[MI_TILE_STEP], sum[MI_TILE_STEP];
    MI_(softmax_begin)(column, maximum, scale, running_maximum, running_sum, rescale, offset, sum);
    for (int key = 0; key < key_count; key += 2) {
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            float *at = scores + key * 64 + v * MI_LANES;
            vf a = MI_(exp2_coarse)(MI_(fma)(MI_(load)(at), MI_(splat)(scale), offset[v]));
            vf b = MI_(exp2_coarse)(MI_(fma)(MI_(load)(at + 64), MI_(splat)(scale), offset[v]));
            sum[v] += a + b;
            MI_(store_pairs)(at, a, b);
        }
    }
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        MI_(store)(running_sum + column + v * MI_LANES, sum[v]);
    }
}

/// One group of P V: two pairs of keys. Pairs of P lie 256 elements apart, those of V `value_step`.
static inline __attribute__((always_inline)) void MI_(tile_pairs_strided)(
    vf accumulators[4][MI_TILE_STEP], const uint16_t *values, ptrdiff_t value_step,
    const uint16_t *probabilities) {
#pragma GCC unroll 2
    for (int pair = 0; pair < 2; pair++) {
        MI_(tile_bf16)(accumulators, values, values + 2, values + 4, values + 6, 0, probabilities, 1);
        values += value_step;
        probabilities += 256;
    }
}
#endif
