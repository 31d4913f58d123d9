#ifndef MI_SM80_TOP_K_ARGUMENTS_H
#define MI_SM80_TOP_K_ARGUMENTS_H

/// Arguments of kernels/sm80_top_k.cu; one thread block of 512 threads per row.
typedef struct {
    const float *scores;  ///< [rows, stride]
    const int *lengths;   ///< [rows]: scores that are there
    int *indexes;         ///< [rows, count]: ascending; a row of fewer scores keeps all and writes no more
    long long stride;
    int count;            ///< at least 1
} mi_top_k_arguments;

#endif
