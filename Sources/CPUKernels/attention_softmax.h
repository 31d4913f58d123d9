// The softmax step of a panel, and the changes of arrangement around it. Included inside MI_SOURCE files after tile.h.

/// Rows whose bit is clear become -1e30: below any initial maximum, so that they vanish without a special case.
static inline __attribute__((always_inline)) vf MI_(keep_rows)(vf scores, uint64_t rows) {
    vi bit;
    for (int i = 0; i < MI_LANES; i++) {
        bit[i] = 1 << i;
    }
    vi kept = ((int32_t)(rows & ((1ull << MI_LANES) - 1)) & bit) != 0;
    return (vf)(((vi)scores & kept) | ((vi)MI_(splat)(-1e30f) & ~kept));
}

/// 2^x for x <= 0, to 1e-7 relative (degree 6) or, where the result is rounded to bf16, 1e-4 (degree 3).
/// Minimax polynomials of 2^f on [-1/2, 1/2] (or [0, 1) for the AVX-512 form), fitted in float64.
static inline __attribute__((always_inline)) vf MI_(exp2_accurate)(vf x) {
    x = MI_(max)(x, MI_(splat)(-126.0f));
    vf shifted = x + 12582912.0f;
    vf f = x - (shifted - 12582912.0f);
    vf p = MI_(fma)(f, MI_(splat)(1.534580257e-4f), MI_(splat)(1.339993161e-3f));
    p = MI_(fma)(f, p, MI_(splat)(9.618488996e-3f));
    p = MI_(fma)(f, p, MI_(splat)(5.550328776e-2f));
    p = MI_(fma)(f, p, MI_(splat)(2.402264689e-1f));
    p = MI_(fma)(f, p, MI_(splat)(6.931472057e-1f));
    p = MI_(fma)(f, p, MI_(splat)(1.0f));
    vf result = (vf)((vi)p + ((vi)shifted << 23));
    vi tiny = x <= -126.0f;
    return (vf)((vi)result & ~tiny);
}

#if defined(__x86_64__) && MI_LANES == 16
static inline __attribute__((always_inline)) vf MI_(exp2_coarse)(vf x) {
    __m512 f = _mm512_reduce_ps((__m512)x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    vf p = MI_(fma)((vf)f, MI_(splat)(7.802438829e-2f), MI_(splat)(2.260673886e-1f));
    p = MI_(fma)((vf)f, p, MI_(splat)(6.958334365e-1f));
    p = MI_(fma)((vf)f, p, MI_(splat)(9.999252278e-1f));
    return (vf)_mm512_scalef_ps((__m512)p, (__m512)x);
}
#else
static inline __attribute__((always_inline)) vf MI_(exp2_coarse)(vf x) {
    x = MI_(max)(x, MI_(splat)(-125.0f));
    vf shifted = x + 12582912.0f;
    vf f = x - (shifted - 12582912.0f);
    vf p = MI_(fma)(f, MI_(splat)(5.517157406e-2f), MI_(splat)(2.426111446e-1f));
    p = MI_(fma)(f, p, MI_(splat)(6.932610056e-1f));
    p = MI_(fma)(f, p, MI_(splat)(9.999280727e-1f));
    return (vf)((vi)p + ((vi)shifted << 23));
}
#endif

/// Turns scores into unnormalised probabilities, `key_count` rows of 64 columns of which MI_TILE_STEP vectors are
/// done, in place; moves the running maximum and sum and leaves the factor for what was accumulated before.
static inline __attribute__((always_inline)) void MI_(softmax_f32)(
    float *scores, int key_count, int column, const vf maximum[MI_TILE_STEP], float scale, float *running_maximum,
    float *running_sum, float *rescale) {
    vf offset[MI_TILE_STEP], sum[MI_TILE_STEP];
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        int at = column + v * MI_LANES;
        vf factor = MI_(exp2_accurate)((MI_(load)(running_maximum + at) - maximum[v]) * scale);
        MI_(store)(rescale + at, factor);
        MI_(store)(running_maximum + at, maximum[v]);
        sum[v] = MI_(load)(running_sum + at) * factor;
        offset[v] = -maximum[v] * scale;
    }
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
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        int at = column + v * MI_LANES;
        vf factor = MI_(exp2_accurate)((MI_(load)(running_maximum + at) - maximum[v]) * scale);
        MI_(store)(rescale + at, factor);
        MI_(store)(running_maximum + at, maximum[v]);
        sum[v] = MI_(load)(running_sum + at) * factor;
        offset[v] = -maximum[v] * scale;
    }
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

/// Packs query rows `[row][head_dim]` into `[head_dim / 2][64][2]`, zero beyond `rows`.
static void MI_(pack_pairs)(void *tile, const uint16_t *queries, int64_t stride, int rows, int head_dim) {
    uint32_t *out = tile;
    for (int row = 0; row < 64; row++) {
        const uint16_t *q = queries + row * stride;
        for (int d = 0; d < head_dim / 2; d++) {
            uint32_t pair = 0;
            if (row < rows) {
                __builtin_memcpy(&pair, q + 2 * d, 4);
            }
            out[d * 64 + row] = pair;
        }
    }
}
#else
static void MI_(widen_rows)(float *out, const uint16_t *in, int count) {
    for (int i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)in[i] << 16;
        __builtin_memcpy(out + i, &bits, 4);
    }
}

/// One pair `[head_dim][2]` of values as two fp32 rows.
static void MI_(widen_pairs)(float *out, const uint16_t *in, int head_dim) {
    for (int d = 0; d < head_dim; d++) {
        uint32_t even = (uint32_t)in[2 * d] << 16, odd = (uint32_t)in[2 * d + 1] << 16;
        __builtin_memcpy(out + d, &even, 4);
        __builtin_memcpy(out + head_dim + d, &odd, 4);
    }
}

static void MI_(pack_widened)(void *tile, const uint16_t *queries, int64_t stride, int rows, int head_dim) {
    uint32_t *out = tile;
    for (int row = 0; row < 64; row++) {
        for (int d = 0; d < head_dim; d++) {
            out[d * 64 + row] = row < rows ? (uint32_t)queries[row * stride + d] << 16 : 0;
        }
    }
}
#endif

static void MI_(pack_f32)(void *tile, const float *queries, int64_t stride, int rows, int head_dim) {
    float *out = tile;
    for (int row = 0; row < 64; row++) {
        for (int d = 0; d < head_dim; d++) {
            out[d * 64 + row] = row < rows ? queries[row * stride + d] : 0;
        }
    }
}

/// Normalises O^T and writes its rows.
static void MI_(unpack_f32)(float *output, int64_t stride, const float *tile, const float *inverse, int rows,
                            int head_dim) {
    for (int row = 0; row < rows; row++) {
        for (int d = 0; d < head_dim; d++) {
            output[row * stride + d] = tile[d * 64 + row] * inverse[row];
        }
    }
}

static void MI_(unpack_bf16)(uint16_t *output, int64_t stride, const float *tile, const float *inverse, int rows,
                             int head_dim) {
    for (int row = 0; row < rows; row++) {
        for (int d = 0; d < head_dim; d++) {
            float x = tile[d * 64 + row] * inverse[row];
            uint32_t bits;
            __builtin_memcpy(&bits, &x, 4);
            output[row * stride + d] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
        }
    }
}
