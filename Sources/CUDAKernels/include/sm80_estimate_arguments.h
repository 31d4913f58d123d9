#ifndef MI_SM80_ESTIMATE_ARGUMENTS_H
#define MI_SM80_ESTIMATE_ARGUMENTS_H

// Arguments of kernels/sm80_estimate.cu. Addresses are the device's.

enum {
    MI_ESTIMATE_MAX_ROWS = 64,   ///< query rows of an estimate
    MI_ESTIMATE_TILE_KEYS = 32,  ///< keys of one step of a warp
    MI_ESTIMATE_STAGE_KEYS = 64, ///< keys of a stream that are copied to shared memory at a time
};

typedef struct {
    const void *queries;  ///< bf16 [rows][row_stride]: the last rows
    const void *keys;     ///< bf16 [kv heads][capacity][head size]
    float *part_maxima;   ///< [heads][parts][64]: the largest scaled score of each row
    float *part_sums;     ///< [heads][parts][64]: the sum of 2^(score - maximum)
    float *row_shifts;    ///< [heads][64]: log2 of the sum of 2^score over all keys; infinity for rows that are not there
    float *columns;       ///< [splits][heads][line_stride]: sums along columns, by key
    float *distances;     ///< [splits][heads][line_stride]: sums along diagonals, by distance
    float *overlaps;      ///< [splits][heads][parts][64]: what a part adds to the diagonals of the part before it
    long long line_stride;
    int rows;             ///< 1...64
    int key_count;
    int capacity;
    int row_stride;       ///< elements: heads * head size
    int heads;
    int group_size;       ///< query heads per key head
    int parts;            ///< contiguous parts of the keys, one per warp of a head
    int part_keys;        ///< keys of a part: a multiple of MI_ESTIMATE_STAGE_KEYS
    float score_scale;    ///< scale * log2(e), above zero
} mi_estimate_arguments;

#endif
