#ifndef MI_SM80_BLOCK_SCORES_ARGUMENTS_H
#define MI_SM80_BLOCK_SCORES_ARGUMENTS_H

enum {
    MI_BLOCK_SCORES_TILE = 64,  ///< row blocks and key blocks of a thread block
};

/// Arguments of kernels/sm80_block_scores.cu; thread blocks are [key tiles, row tiles].
typedef struct {
    const float *query_means;  ///< [row blocks, head size], from the first of these rows on
    const float *key_means;    ///< [key blocks, head size]
    float *scores;             ///< [rows, score_stride]; where a key block is not causal, unspecified
    const int *causal;         ///< [rows]: key blocks that a row block may take, ascending
    long long score_stride;
    int row_count;
    int adds;                  ///< whether to add to what `scores` holds
} mi_block_scores_arguments;

#endif
