// Sums of exponentials of scores over blocks of keys, for estimators that choose key blocks.
#ifndef MINFERENCE_BLOCK_ENERGY_H
#define MINFERENCE_BLOCK_ENERGY_H

#include "minference_attention.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MI_ENERGY_KEYS = 128 };  ///< keys that share one reference maximum

/// 64 rows against keys of their own, longer than a head where runs of tokens count as one.
///
/// Row i is made of `run` query rows, the last one first: its part r is query row i * run + run - 1 - r, or zero where
/// there is none. Key j is `run * head_dim` consecutive elements of `keys`. Row i sees key j when j * key_step is at most
/// first + i * row_step.
typedef struct mi_block_energy {
    const void *queries;      ///< the query row that row 0 begins with
    int64_t query_stride;
    int64_t query_count;      ///< query rows from there on; rows that have none see nothing
    const void *keys;
    const void *tail_keys;    ///< what replaces the last group of four keys, or NULL
    int64_t key_count;
    mi_dtype dtype;
    int32_t head_dim;
    int32_t run;
    int32_t block_keys;       ///< keys of a block: 1, or a multiple of 4 that divides MI_ENERGY_KEYS
    float scale;
    int64_t first;
    int64_t row_step;
    int64_t key_step;
} mi_block_energy;

/// Bytes of scratch of one thread.
size_t mi_block_energy_scratch_bytes(int32_t head_dim, int32_t run);

/// `energies` [blocks][64]: for each block and row the sum of 2^(s - m) over the block's keys, s being the score in units
/// of log2 and m the row's running maximum, `maxima` [panels][64], one row for every MI_ENERGY_KEYS keys.
void mi_block_energies(mi_isa isa, const mi_block_energy *energy, float *energies, float *maxima, void *scratch);

/// Each block's probabilities, added up over the rows [row_begin, row_end): `scores` [blocks].
void mi_block_probabilities(const float *energies, const float *maxima, int64_t blocks, int32_t block_keys,
                            int32_t row_begin, int32_t row_end, float *scores);

/// As mi_rotary's angles: rows of `head_dim` at `stride`, row i rotated at position `start + i`, become
/// what they would be at one common position, whose cosines and sines are `target` [2 * half], or at position 0 where it
/// is NULL. `out` has its own stride. `coarse`, `fine` and `scale` are the rotary table's.
typedef struct mi_reposition {
    const float *coarse;
    const float *fine;
    size_t coarse_step;
    int32_t half;
    int32_t head_dim;
    float scale;              ///< the factor on the table's cosines and sines
    const float *target;
    mi_dtype dtype;
    const void *rows;
    int64_t stride;
    void *out;
    int64_t out_stride;
    size_t start;
} mi_reposition;

/// Rows [first, last).
void mi_reposition_rows(mi_isa isa, const mi_reposition *args, size_t first, size_t last);

/// The `count` tokens of a block, beginning at row `first`, whose keys have the largest product with the sum of the
/// `window` query rows after each; `best` gets their places in the block, ties to the earlier. `keys` is the block's
/// first key, `queries` query row 0 of `query_count`; `first` may be negative.
void mi_block_representatives(mi_isa isa, const void *queries, int64_t query_stride, int64_t query_count,
                              const void *keys, mi_dtype dtype, int32_t head_dim, int64_t first, int32_t block_size,
                              int64_t window, int32_t count, int32_t *best);

#ifdef __cplusplus
}
#endif
#endif
