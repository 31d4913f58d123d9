#ifndef MI_SM80_RANGE_BITS_ARGUMENTS_H
#define MI_SM80_RANGE_BITS_ARGUMENTS_H

/// Keys `[begin, end)` of one sample.
typedef struct {
    int sample;
    int begin;
    int end;
} mi_key_range;

/// Arguments of kernels/sm80_range_bits.cu; one warp per range.
typedef struct {
    const mi_key_range *ranges;
    unsigned int *bits;     ///< [samples, words], zero before
    long long range_count;
    int words;
} mi_range_bits_arguments;

#endif
