#ifndef MI_SM80_SILU_GATE_ARGUMENTS_H
#define MI_SM80_SILU_GATE_ARGUMENTS_H

/// Arguments of kernels/sm80_silu_gate.cu; one thread block per row.
typedef struct {
    const void *gate_up;  ///< [rows, 2 * width]: gates, then ups
    void *output;         ///< [rows, width]
    int width;            ///< a multiple of 8
} mi_silu_gate_arguments;

#endif
