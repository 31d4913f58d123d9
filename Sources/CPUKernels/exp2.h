// Powers of two for softmaxes. Included inside MI_SOURCE files after vector.h.

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
