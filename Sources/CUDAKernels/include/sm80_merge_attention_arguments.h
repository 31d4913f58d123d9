#ifndef MI_SM80_MERGE_ATTENTION_ARGUMENTS_H
#define MI_SM80_MERGE_ATTENTION_ARGUMENTS_H

/// Arguments of kernels/sm80_merge_attention.cu; thread blocks are [parts of the rows, entries of `heads`].
typedef struct {
    void *output;                  ///< bf16 [row_count][row_stride]: one part of the keys, then both
    const void *other;             ///< like output: the other part
    const float *log_sums;         ///< [model heads][row_count] log2 of the sums of exponentials of `output`'s part
    const float *other_log_sums;
    const int *heads;              ///< those to merge
    long long row_count;
    int row_stride;                ///< elements: heads * head size of the model
    int head_dim;                  ///< a multiple of 8
    float bias;                    ///< added to the other part's scores, in units of log2
} mi_merge_attention_arguments;

#endif
