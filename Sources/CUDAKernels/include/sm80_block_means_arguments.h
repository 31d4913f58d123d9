#ifndef MI_SM80_BLOCK_MEANS_ARGUMENTS_H
#define MI_SM80_BLOCK_MEANS_ARGUMENTS_H

/// Arguments of kernels/sm80_block_means.cu; thread blocks are [blocks, heads].
typedef struct {
    const void *rows;        ///< bf16; row r of head h begins at element r * row_stride + h * head_stride
    const int *heads;        ///< [heads]: which heads
    float *means;            ///< [heads, blocks, head size]
    long long row_stride;
    long long head_stride;
    long long row_count;
    int block_size;          ///< rows of a block; those that the last one lacks count as zeros
} mi_block_means_arguments;

#endif
