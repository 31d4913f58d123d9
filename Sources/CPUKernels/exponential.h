// The exponential function over one vector register, accurate to fp32 rounding and free of libm.
// Included inside MI_SOURCE files after vector.h.

static inline __attribute__((always_inline)) vf MI_(min)(vf a, vf b) {
    return __builtin_elementwise_min(a, b);
}

/// e^x with a relative error below 3e-7; subnormal results are gradual, x above 88.72 gives infinity.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2: n by adding and subtracting 1.5 * 2^23, r in two steps with ln 2 split so that
/// n times its upper part is exact (Cody and Waite). e^r is its Taylor polynomial of degree 6; 2^n is
/// applied as two factors, so that n from -150 to 128 needs no special case. A NaN does not survive: callers that may
/// see one carry it past this function.
static inline __attribute__((always_inline)) vf MI_(exp)(vf x) {
    x = MI_(min)(MI_(max)(x, MI_(splat)(-104.0f)), MI_(splat)(89.0f));
    const vf magic = MI_(splat)(12582912.0f);
    vf shifted = MI_(fma)(x, MI_(splat)(0x1.715476p+0f), magic);
    vi n = (vi)shifted - (vi)magic;
    vf whole = shifted - magic;
    vf r = MI_(fma)(whole, MI_(splat)(-0x1.62e4p-1f), x);
    r = MI_(fma)(whole, MI_(splat)(-0x1.7f7d1cp-20f), r);
    vf p = MI_(splat)(0x1.6c16c2p-10f);
    p = MI_(fma)(p, r, MI_(splat)(0x1.111112p-7f));
    p = MI_(fma)(p, r, MI_(splat)(0x1.555556p-5f));
    p = MI_(fma)(p, r, MI_(splat)(0x1.555556p-3f));
    p = MI_(fma)(p, r, MI_(splat)(0.5f));
    p = MI_(fma)(p, r, MI_(splat)(1.0f));
    p = MI_(fma)(p, r, MI_(splat)(1.0f));
    vi half = n >> 1;
    vf low = (vf)((half + 127) << 23);
    vf high = (vf)((n - half + 127) << 23);
    return p * low * high;
}

/// cap * tanh(x / cap): a continued fraction up to 2, within 1.2e-8 there, then e^-|2x / cap|, whose error no longer counts.
static inline __attribute__((always_inline)) vf MI_(soft_cap)(vf x, float cap) {
    vf magnitude = (vf)((vi)x & 0x7FFFFFFF);
    vf u = magnitude * (1.0f / cap);
    vf s = u * u;
    vf near = u * (135135.0f + s * (17325.0f + s * (378.0f + s))) / (135135.0f + s * (62370.0f + s * (3150.0f + s * 28.0f)));
    vf e = MI_(exp)(u * -2.0f);
    vf far = (1.0f - e) / (1.0f + e);
    vi is_near = (vi)(u < 2.0f);
    vf capped = cap * (vf)(((vi)near & is_near) | ((vi)far & ~is_near));
    return (vf)((vi)capped | ((vi)x & (int32_t)0x80000000u));
}
