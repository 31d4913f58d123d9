#include <math.h>

#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_norm.inl.h"
#include "foreach_isa.h"

void mi_rms_norm(
    mi_isa isa, const float *x, const float *weight, float epsilon, size_t rows, size_t count, void *output,
    mi_dtype output_type) {
    MI_DISPATCH(isa, rms_norm, x, weight, epsilon, (ptrdiff_t)rows, (ptrdiff_t)count, output, output_type)
}
