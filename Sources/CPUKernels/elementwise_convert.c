#include <string.h>

#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_convert.inl.h"
#include "foreach_isa.h"

/// Elements that are moved at a time to where they are aligned.
#define PIECE 512

static void convert_aligned(
    mi_isa isa, const void *from, mi_dtype from_type, void *to, mi_dtype to_type, size_t count) {
    MI_DISPATCH(isa, convert, from, from_type, to, to_type, (ptrdiff_t)count)
}

void mi_convert(mi_isa isa, const void *from, mi_dtype from_type, void *to, mi_dtype to_type, size_t count) {
    const size_t from_size = from_type == MI_FLOAT32 ? 4 : 2, to_size = to_type == MI_FLOAT32 ? 4 : 2;
    if (from_type == to_type) {
        memcpy(to, from, count * from_size);
        return;
    }
    if ((uintptr_t)from % from_size == 0) {
        convert_aligned(isa, from, from_type, to, to_type, count);
        return;
    }
    _Alignas(64) char piece[PIECE * 4];
    for (size_t first = 0; first < count; first += PIECE) {
        const size_t taken = count - first < PIECE ? count - first : PIECE;
        memcpy(piece, (const char *)from + first * from_size, taken * from_size);
        convert_aligned(isa, piece, from_type, (char *)to + first * to_size, to_type, taken);
    }
}
