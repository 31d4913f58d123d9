#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_sums.inl.h"
#include "foreach_isa.h"

void mi_scale(mi_isa isa, float *x, float factor, size_t count) {
    MI_DISPATCH(isa, scale, x, factor, (ptrdiff_t)count)
}

void mi_soft_cap(mi_isa isa, float *x, float cap, size_t count) {
    MI_DISPATCH(isa, cap, x, cap, (ptrdiff_t)count)
}

void mi_add_scaled(mi_isa isa, const float *x, float factor, float *y, size_t count) {
    MI_DISPATCH(isa, add_scaled, x, factor, y, (ptrdiff_t)count)
}
