#include "vector.h"
#include "partial.h"

/// Widens fp16 with integer operations: the exponent and fraction move to fp32's places and a multiplication by 2^112
/// corrects the bias, which makes subnormals right too; infinities and NaN get the largest exponent back.
static inline vf MI_(load_fp16)(const uint16_t *p, ptrdiff_t count) {
    uint16_t lanes[MI_LANES] = {0};
    if (count >= MI_LANES) {
        __builtin_memcpy(lanes, p, sizeof lanes);
    } else {
        __builtin_memcpy(lanes, p, (size_t)count * 2);
    }
    vi bits = __builtin_convertvector(*(const MI_(vh_u) *)lanes, vi);
    vi magnitude = bits & 0x7FFF;
    vf scaled = (vf)(magnitude << 13) * MI_(splat)(0x1p112f);
    vi special = (vi)(magnitude >= 0x7C00) & 0x7F800000;
    return (vf)((vi)scaled | special | ((bits & 0x8000) << 16));
}

static void MI_(convert)(const void *from, mi_dtype from_type, void *to, mi_dtype to_type, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += MI_LANES) {
        vf v = from_type == MI_FLOAT16 ? MI_(load_fp16)((const uint16_t *)from + i, count - i)
                                       : MI_(load_row)(from, from_type, i, count);
        MI_(store_row)(to, to_type, i, count, v);
    }
}
