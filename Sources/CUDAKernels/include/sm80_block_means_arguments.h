#ifndef MI_SM80_BLOCK_MEANS_ARGUMENTS_H
#define MI_SM80_BLOCK_MEANS_ARGUMENTS_H

/// Arguments of kernels/sm80_block_means.cu; one thread block per block of rows.
typedef struct {
    const void *rows;      ///< bf16; row r begins at element r * row_stride
    float *means;          ///< [blocks, head size]
    long long row_stride;
    long long row_count;
    int block_size;        ///< rows of a block; those that the last one lacks count as zeros
} mi_block_means_arguments;

#endif
