// MI_LANES numbers of one byte each, as fp32. Included inside MI_SOURCE files after vector.h.

typedef int8_t MI_(vb) __attribute__((vector_size(MI_LANES)));
typedef int8_t MI_(vb_u) __attribute__((vector_size(MI_LANES), aligned(1)));

/// e4m3 bits in fp32's places read as 2^-120 times their number, subnormal ones too; this is the factor to correct by.
#define MI_FLOAT8_SCALE 0x1p120f

/// The bytes at p: int8 as numbers, e4m3 as numbers divided by MI_FLOAT8_SCALE.
static inline __attribute__((always_inline)) vf MI_(load_bytes)(const uint8_t *p, const mi_byte_format format) {
    vi wide = __builtin_convertvector(*(const MI_(vb_u) *)p, vi);
    if (format == MI_BYTE_INT8) {
        return __builtin_convertvector(wide, vf);
    }
    // The widened sign fills the upper bits: one of them is fp32's sign.
    return (vf)((wide << 20) & (int32_t)0x87F00000u);
}
