#include <string.h>

#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_convert.inl.h"
#include "foreach_isa.h"

void mi_convert(mi_isa isa, const void *from, mi_dtype from_type, void *to, mi_dtype to_type, size_t count) {
    if (from_type == to_type) {
        memcpy(to, from, count * (from_type == MI_FLOAT32 ? 4 : 2));
        return;
    }
    MI_DISPATCH(isa, convert, from, from_type, to, to_type, (ptrdiff_t)count)
}
