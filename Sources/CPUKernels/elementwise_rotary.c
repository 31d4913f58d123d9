#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_rotary.inl.h"
#include "foreach_isa.h"

void mi_rotate_and_store(mi_isa isa, const mi_rotary *args, size_t start, size_t first, size_t last) {
    MI_DISPATCH(isa, rotate_and_store, args, start, first, last)
}
