#ifndef MI_SM80_PACK_RUNS_ARGUMENTS_H
#define MI_SM80_PACK_RUNS_ARGUMENTS_H

/// Arguments of kernels/sm80_pack_runs.cu; a thread copies 8 elements.
typedef struct {
    const void *rows;      ///< bf16; row r begins at element r * row_stride
    void *runs;            ///< bf16 [run_count][run_rows * head_dim]
    long long row_stride;
    long long row_count;   ///< rows that a run lacks are zeros
    long long run_count;
    int run_rows;
    int head_dim;          ///< a multiple of 8
    int backwards;         ///< not 0: the rows of a run from the last to the first
} mi_pack_runs_arguments;

#endif
