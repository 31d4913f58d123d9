// Estimates of where attention mass lies, from a few query rows against all keys.
#ifndef MINFERENCE_ESTIMATE_H
#define MINFERENCE_ESTIMATE_H

#include "minference_attention.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MI_ESTIMATE_ROWS = 64,  ///< query rows of an estimate, at most
    MI_ESTIMATE_KEYS = 128, ///< keys that share one reference maximum
};

/// The last rows of one head against a segment of its keys, in two steps with a reduction over segments between.
///
/// Probabilities wait between the steps as bf16, relative to a running maximum: one pass over the keys instead of two.
typedef struct mi_estimate {
    const void *queries;      ///< row 0 of the `rows` last query rows
    int64_t query_stride;
    const void *keys;         ///< [capacity][head_dim]
    mi_dtype dtype;
    int32_t head_dim;
    float scale;
    float soft_cap;           ///< as in mi_attention_head
    int32_t rows;             ///< 1 ... MI_ESTIMATE_ROWS
    int64_t first;            ///< position of row 0; row i sits at first + i
} mi_estimate;

/// Bytes of scratch of one thread for mi_estimate_scores.
size_t mi_estimate_scratch_bytes(int32_t head_dim);

/// Step 1: exponentials of keys [begin, end), `begin` a multiple of MI_ESTIMATE_KEYS.
///
/// `exponentials` gets [end - begin][64] bf16, relative to `maxima`, [panels][64] running maxima of the scaled scores
/// in units of log2, one row per MI_ESTIMATE_KEYS keys; `sums` [64] the sums relative to the last of them.
void mi_estimate_scores(mi_isa isa, const mi_estimate *estimate, int64_t begin, int64_t end, uint16_t *exponentials,
                        float *maxima, float *sums, void *scratch);

/// Step 2: adds the probabilities up along lines.
///
/// `maximum` and `inverse_sum` [64] are the rows' final ones (log2 units; 0 for rows beyond `rows`). `columns[k - begin]`
/// is set for each key; `distances[i]` is added to for distance `first - end + 1 + i`, 64 + end - begin entries
/// (negative distances collect nothing).
void mi_estimate_lines(mi_isa isa, int64_t begin, int64_t end, const uint16_t *exponentials, const float *maxima,
                       const float *maximum, const float *inverse_sum, float *columns, float *distances);

/// Scores of one row against keys [begin, end): `scores[k - begin] = scale * q . k`, softly capped unless `soft_cap` is
/// 0; `query` as stored.
void mi_row_scores(mi_isa isa, const void *query, const void *keys, mi_dtype dtype, int32_t head_dim, float scale,
                   float soft_cap, int64_t begin, int64_t end, float *scores);

/// Softmax of `count` scores in place.
void mi_softmax(mi_isa isa, float *scores, int64_t count);

/// 2^x of one number.
float mi_exp2(float x);

/// Means of `block_size` consecutive rows, fp32 [blocks][head_dim]; missing rows of the last block count as zeros.
void mi_block_means(mi_isa isa, const void *rows, int64_t row_stride, mi_dtype dtype, int32_t head_dim,
                    int64_t row_count, int32_t block_size, float *means);

#ifdef __cplusplus
}
#endif
#endif
