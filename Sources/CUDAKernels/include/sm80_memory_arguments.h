#ifndef MI_SM80_MEMORY_ARGUMENTS_H
#define MI_SM80_MEMORY_ARGUMENTS_H

enum {
    MI_MEMORY_TOKENS = 32,               ///< tokens of a warp
    MI_MEMORY_WARPS = 8,
    MI_MEMORY_ROW_BLOCK = 64,            ///< query rows of a mean
    MI_MEMORY_MOST_REPRESENTATIVES = 64,
};

/// Arguments of kernels/sm80_memory.cu, for one query head. Thread blocks of memory_scores are MI_MEMORY_WARPS runs of
/// MI_MEMORY_TOKENS tokens, those of memory_representatives are memory blocks.
typedef struct {
    const void *queries;       ///< bf16 [query_count][row_stride]
    const float *query_means;  ///< [row blocks][head size]
    const void *keys;          ///< bf16 [tokens][head size], as rotated by position
    const void *still_keys;    ///< the same as if at position 0
    float *scores;             ///< [token_count]: a key times the mean query of the rows of its window
    float *representatives;    ///< [memory blocks][head size]: the mean still key of each block's best tokens
    long long row_stride;
    int query_start;
    int query_count;
    int token_count;           ///< whole memory blocks from key 0 on
    int window;                ///< rows after a token
    int block_size;
    int count;                 ///< representatives of a block
} mi_memory_arguments;

#endif
