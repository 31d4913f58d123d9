#ifndef MI_SM80_ARGMAX_ARGUMENTS_H
#define MI_SM80_ARGMAX_ARGUMENTS_H

/// Arguments of kernels/sm80_argmax.cu; one thread block of 1024 threads per row.
typedef struct {
    const float *logits;  ///< [rows, width]
    int *indexes;         ///< [rows]: the first of the highest; -1 for a row with NaN
    int width;
} mi_argmax_arguments;

#endif
