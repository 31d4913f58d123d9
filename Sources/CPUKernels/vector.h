// One fp32 vector register of the level being compiled, and the few operations that have no C operator.
// Included inside MI_SOURCE files, so it has no include guard: each level gets its own types.

#undef vf
#undef vi
#undef vh

typedef float MI_(vf) __attribute__((vector_size(4 * MI_LANES)));
typedef int32_t MI_(vi) __attribute__((vector_size(4 * MI_LANES)));
typedef uint16_t MI_(vh) __attribute__((vector_size(2 * MI_LANES)));
typedef float MI_(vf_u) __attribute__((vector_size(4 * MI_LANES), aligned(4)));
typedef uint16_t MI_(vh_u) __attribute__((vector_size(2 * MI_LANES), aligned(2)));

#define vf MI_(vf)
#define vi MI_(vi)
#define vh MI_(vh)

static inline __attribute__((always_inline)) vf MI_(load)(const float *p) {
    return *(const MI_(vf_u) *)p;
}

static inline __attribute__((always_inline)) void MI_(store)(float *p, vf v) {
    *(MI_(vf_u) *)p = v;
}

static inline __attribute__((always_inline)) vf MI_(splat)(float x) {
    return x - (vf){};
}

static inline __attribute__((always_inline)) vf MI_(max)(vf a, vf b) {
    return __builtin_elementwise_max(a, b);
}

/// a * b + c, fused where the level has it.
static inline __attribute__((always_inline)) vf MI_(fma)(vf a, vf b, vf c) {
#if defined(__x86_64__) && MI_LANES == 4
    return a * b + c;
#else
    return __builtin_elementwise_fma(a, b, c);
#endif
}

static inline __attribute__((always_inline)) float MI_(sum)(vf v) {
    float s = 0;
    for (int i = 0; i < MI_LANES; i++) {
        s += v[i];
    }
    return s;
}

/// MI_LANES bf16 numbers, widened.
static inline __attribute__((always_inline)) vf MI_(load_bf16)(const uint16_t *p) {
    vh h = *(const MI_(vh_u) *)p;
    return (vf)(__builtin_convertvector(h, vi) << 16);
}

/// Rounds to nearest even (NaN stays NaN through the quiet bit) and stores MI_LANES bf16 numbers.
static inline __attribute__((always_inline)) void MI_(store_bf16)(uint16_t *p, vf v) {
#if MI_BF16_DOT && defined(__x86_64__)
    _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh((__m512)v));
#else
    vi bits = (vi)v;
    vi rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    vi nan = (vi)(v != v);
    rounded = (rounded & ~nan) | (((bits >> 16) | 0x40) & nan);
    *(MI_(vh_u) *)p = __builtin_convertvector(rounded, vh);
#endif
}
