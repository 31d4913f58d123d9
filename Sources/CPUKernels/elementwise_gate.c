#include "minference_elementwise.h"

#define MI_SOURCE "elementwise_gate.inl.h"
#include "foreach_isa.h"

void mi_silu_gate(
    mi_isa isa, const float *gate_up, size_t rows, size_t count, void *output, mi_dtype output_type) {
    MI_DISPATCH(isa, silu_gate, gate_up, (ptrdiff_t)rows, (ptrdiff_t)count, output, output_type)
}

void mi_gelu_gate(
    mi_isa isa, const float *gate_up, size_t rows, size_t count, void *output, mi_dtype output_type) {
    MI_DISPATCH(isa, gelu_gate, gate_up, (ptrdiff_t)rows, (ptrdiff_t)count, output, output_type)
}
