#ifndef MI_SM80_ROW_PRODUCT_ARGUMENTS_H
#define MI_SM80_ROW_PRODUCT_ARGUMENTS_H

enum {
    MI_ROW_PRODUCT_WARPS = 16,         ///< warps of a thread block; two thread blocks fill a multiprocessor
    MI_ROW_PRODUCT_MOST_INPUTS = 28672,  ///< the row waits in shared memory, 2 bytes an element
};

/// Arguments of kernels/sm80_row_product.cu; any number of thread blocks, with `inputs` times 2 bytes of shared memory.
typedef struct {
    const void *input;    ///< [inputs] bf16, at a multiple of 16 bytes
    const void *weights;  ///< [outputs, inputs] bf16, at a multiple of 16 bytes
    const float *bias;    ///< [outputs]; null for none
    void *output;         ///< [outputs]
    int outputs;
    int inputs;           ///< a multiple of 8
    int accumulates;      ///< whether the product is added to the output
} mi_row_product_arguments;

#endif
