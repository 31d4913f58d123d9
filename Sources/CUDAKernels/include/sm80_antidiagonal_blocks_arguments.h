#ifndef MI_SM80_ANTIDIAGONAL_BLOCKS_ARGUMENTS_H
#define MI_SM80_ANTIDIAGONAL_BLOCKS_ARGUMENTS_H

enum {
    MI_ANTIDIAGONAL_MOST_RUNS = 128,  ///< runs of rows in a block of rows
};

/// Arguments of kernels/sm80_antidiagonal_blocks.cu; a thread block per block of rows.
typedef struct {
    const float *scores;    ///< [runs of rows, from the first of these blocks on][score_stride]: runs of keys
    float *sums;            ///< [blocks of rows][sum_stride]: mass of every key block up to the row block's last key
    long long score_stride;
    long long sum_stride;
    long long first_row;    ///< position of the first row of these blocks
    long long run_count;    ///< runs of rows of these blocks
    int run_tokens;         ///< tokens of a run, the stride of antidiagonals
    int block_runs;         ///< runs of a block, of rows and of keys
    float score_scale;      ///< to units of log2
} mi_antidiagonal_blocks_arguments;

#endif
