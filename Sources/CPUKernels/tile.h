// The register tile that both attention products and the GEMM are made of: 4 rows times 64 columns.
//
// The 64 columns lie in the SIMD lanes. The right operand is a packed tile: `[depth][64]` fp32, or `[depth / 2][64][2]`
// bf16 (pairs along the depth, as the bf16 dot instructions want). The left operand is read where it lies, one fp32 or
// one bf16 pair broadcast at a time. With 16 lanes the 4 x 64 outputs are 16 registers; narrower levels go over the
// columns in steps of MI_TILE_STEP vectors so that accumulators stay in registers.
// Included inside MI_SOURCE files after vector.h.

#undef MI_TILE_STEP
#if MI_LANES == 16
#define MI_TILE_STEP 4
#elif MI_LANES == 8
#define MI_TILE_STEP 2
#elif defined(__aarch64__)
#define MI_TILE_STEP 4
#else
#define MI_TILE_STEP 2
#endif

/// Row pointers of the left operand: 4 rows, each `depth` elements.
/// accumulators[row][vector] += sum over depth of left[row][d] * right[d][column].
static inline __attribute__((always_inline)) void MI_(tile_f32)(
    vf accumulators[4][MI_TILE_STEP], const float *r0, const float *r1, const float *r2, const float *r3,
    ptrdiff_t left_step, const float *right, int depth) {
    for (int d = 0; d < depth; d++) {
        vf x[MI_TILE_STEP];
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            x[v] = MI_(load)(right + (ptrdiff_t)d * 64 + v * MI_LANES);
        }
        vf a0 = MI_(splat)(r0[d * left_step]);
        vf a1 = MI_(splat)(r1[d * left_step]);
        vf a2 = MI_(splat)(r2[d * left_step]);
        vf a3 = MI_(splat)(r3[d * left_step]);
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            accumulators[0][v] = MI_(fma)(a0, x[v], accumulators[0][v]);
            accumulators[1][v] = MI_(fma)(a1, x[v], accumulators[1][v]);
            accumulators[2][v] = MI_(fma)(a2, x[v], accumulators[2][v]);
            accumulators[3][v] = MI_(fma)(a3, x[v], accumulators[3][v]);
        }
    }
}

#if MI_BF16_DOT
#if defined(__x86_64__)
typedef __m512i MI_(vpair);
static inline __attribute__((always_inline)) MI_(vpair) MI_(load_pairs)(const uint16_t *p) {
    return _mm512_loadu_si512(p);
}
static inline __attribute__((always_inline)) MI_(vpair) MI_(splat_pair)(const uint16_t *p) {
    int32_t pair;
    __builtin_memcpy(&pair, p, 4);
    return _mm512_set1_epi32(pair);
}
static inline __attribute__((always_inline)) vf MI_(dot_pairs)(vf sum, MI_(vpair) a, MI_(vpair) b) {
    return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}
#else
typedef bfloat16x8_t MI_(vpair);
static inline __attribute__((always_inline)) MI_(vpair) MI_(load_pairs)(const uint16_t *p) {
    return vreinterpretq_bf16_u16(vld1q_u16(p));
}
static inline __attribute__((always_inline)) MI_(vpair) MI_(splat_pair)(const uint16_t *p) {
    uint32_t pair;
    __builtin_memcpy(&pair, p, 4);
    return vreinterpretq_bf16_u32(vdupq_n_u32(pair));
}
static inline __attribute__((always_inline)) vf MI_(dot_pairs)(vf sum, MI_(vpair) a, MI_(vpair) b) {
    return (vf)vbfdotq_f32((float32x4_t)sum, a, b);
}
#endif

/// The same over bf16 pairs: `depth_pairs` pairs, the next pair of a left row `left_step` elements on.
static inline __attribute__((always_inline)) void MI_(tile_bf16)(
    vf accumulators[4][MI_TILE_STEP], const uint16_t *r0, const uint16_t *r1, const uint16_t *r2,
    const uint16_t *r3, ptrdiff_t left_step, const uint16_t *right, int depth_pairs) {
    for (int d = 0; d < depth_pairs; d++) {
        MI_(vpair) x[MI_TILE_STEP];
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            x[v] = MI_(load_pairs)(right + (ptrdiff_t)d * 128 + v * MI_LANES * 2);
        }
        MI_(vpair) a0 = MI_(splat_pair)(r0 + d * left_step);
        MI_(vpair) a1 = MI_(splat_pair)(r1 + d * left_step);
        MI_(vpair) a2 = MI_(splat_pair)(r2 + d * left_step);
        MI_(vpair) a3 = MI_(splat_pair)(r3 + d * left_step);
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            accumulators[0][v] = MI_(dot_pairs)(accumulators[0][v], a0, x[v]);
            accumulators[1][v] = MI_(dot_pairs)(accumulators[1][v], a1, x[v]);
            accumulators[2][v] = MI_(dot_pairs)(accumulators[2][v], a2, x[v]);
            accumulators[3][v] = MI_(dot_pairs)(accumulators[3][v], a3, x[v]);
        }
    }
}
#endif
