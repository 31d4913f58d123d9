#ifndef MI_SM80_REPOSITION_ARGUMENTS_H
#define MI_SM80_REPOSITION_ARGUMENTS_H

enum {
    MI_REPOSITION_ROWS = 8,           ///< rows of a thread block
    MI_REPOSITION_MAXIMUM_HALF = 128,
};

/// Arguments of kernels/sm80_reposition.cu; thread blocks are [row tiles, heads].
///
/// Element `e` of row `r` of head `h` lies at `h * head_stride + r * row_stride + e`, of `rows` and of `out`.
typedef struct {
    const void *rows;     ///< bf16; row r was rotated at position `start + r`
    void *out;            ///< bf16; the same rows as if rotated at the target
    const float *coarse;  ///< as in mi_rotate_store_arguments
    const float *fine;
    const float *target;  ///< [2, half]: cosines, then sines, of the target position, times `scale`
    long long row_stride;
    long long head_stride;
    long long row_count;
    long long start;
    float scale;          ///< the factor on the table's cosines and sines
    int coarse_step;
    int head_dim;         ///< a multiple of 8
    int half;             ///< a multiple of 8, at most MI_REPOSITION_MAXIMUM_HALF
} mi_reposition_arguments;

#endif
