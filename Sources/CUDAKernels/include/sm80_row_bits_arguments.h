#ifndef MI_SM80_ROW_BITS_ARGUMENTS_H
#define MI_SM80_ROW_BITS_ARGUMENTS_H

/// Arguments of kernels/sm80_row_bits.cu; a thread block per row.
typedef struct {
    const int *keys;            ///< [rows][count]: the keys that each row keeps
    const int *lengths;         ///< [rows]: keys that a row may keep; it has the smaller of that and `count`
    unsigned long long *words;  ///< [row blocks of 64][word_stride]: a bit per row, zero at launch
    long long word_stride;
    int count;
} mi_row_bits_arguments;

#endif
