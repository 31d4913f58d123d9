// Keys and values in one byte an element, for decoding.
//
// Of one head `[tokens][head_dim]` bytes, the tokens in blocks of MI_KV8_BLOCK that share an fp32 factor: an element is
// its byte's number times its block's factor. The rest of the last block is zero.
#ifndef MINFERENCE_KV8_H
#define MINFERENCE_KV8_H

#include "minference_decode.h"
#include "minference_gemm8.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MI_KV8_BLOCK = 64 };  ///< tokens that share a factor

/// Rounds block `block` of a head with `tokens` tokens to `bytes` and `factors`, the head's first ones.
///
/// `rows` are the head's keys or values as the cache holds them: `[tokens][head_dim]`, or with `pairs` the interleaved
/// bf16 pairs of tokens, `[tokens / 2][head_dim][2]`. The largest magnitude of the block becomes 127 or 448.
void mi_kv8_pack(
    mi_isa isa, const void *rows, mi_dtype type, bool pairs, int32_t head_dim, int64_t tokens, int64_t block,
    mi_byte_format format, uint8_t *bytes, float *factors);

/// Keys and values of one head.
typedef struct mi_kv8_head {
    const uint8_t *keys;         ///< `[tokens][head_dim]`
    const uint8_t *values;       ///< `[tokens][head_dim]`
    const float *key_factors;    ///< one per block
    const float *value_factors;  ///< one per block
    mi_byte_format format;
    int32_t head_dim;
} mi_kv8_head;

/// As mi_decode_partial: `group` query heads over keys [begin, end).
void mi_kv8_decode_partial(
    mi_isa isa, const mi_kv8_head *head, const void *queries, mi_dtype query_type, int32_t group, float scale,
    float soft_cap, int64_t first, int64_t begin, int64_t end, float *partial, float *scratch);

#ifdef __cplusplus
}
#endif
#endif
