// Attention of a single position, split over keys (flash decoding).
#ifndef MINFERENCE_DECODE_H
#define MINFERENCE_DECODE_H

#include "minference_attention.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MI_DECODE_GROUP = 8 };  ///< query heads that share one pass over keys and values

/// Floats of one head's partial result: the weighted values, then the maximum and the sum.
#define MI_DECODE_PARTIAL(head_dim) ((head_dim) + 2)

/// `group` (1 ... MI_DECODE_GROUP) query heads of one key head over keys [begin, end), `begin` even.
///
/// Scaled scores s become soft_cap * tanh(s / soft_cap), or stay with 0; keys before `first` are left out.
/// `queries` is [group][head_dim]; `partial` gets [group][head_dim + 2]: unnormalised output, maximum score, sum.
/// `scratch` holds MI_DECODE_GROUP * (end - begin + 2) floats.
void mi_decode_partial(mi_isa isa, const void *queries, const void *keys, const void *values, mi_dtype dtype,
                       int32_t head_dim, int32_t group, float scale, float soft_cap, int64_t first, int64_t begin,
                       int64_t end, float *partial, float *scratch);

/// Merges `parts` partial results of one head, `part_stride` floats apart, into `output` [head_dim].
void mi_decode_merge(const float *partials, int64_t part_stride, int32_t parts, int32_t head_dim, mi_dtype dtype,
                     void *output);

#ifdef __cplusplus
}
#endif
#endif
