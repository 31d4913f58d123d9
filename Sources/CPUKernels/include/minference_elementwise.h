// Operators that read every element once: conversion, RMSNorm, rotary embedding with the KV write, gates, sums.
//
// Rows are contiguous along their elements; strides count elements. Nothing is aligned beyond the element's size.
#ifndef MINFERENCE_ELEMENTWISE_H
#define MINFERENCE_ELEMENTWISE_H

#include <stddef.h>
#include <stdint.h>

#include "minference_dtype.h"
#include "minference_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Copies `count` elements, rounding to nearest even where `to` is narrower. `to` is fp32 or bf16. `from` may lie
/// at any address.
void mi_convert(mi_isa isa, const void *from, mi_dtype from_type, void *to, mi_dtype to_type, size_t count);

/// output[r][i] = x[r][i] / sqrt(mean over i of x[r][i]^2 + epsilon) * weight[i], for `rows` contiguous rows of `count`
/// elements.
void mi_rms_norm(
    mi_isa isa, const float *x, const float *weight, float epsilon, size_t rows, size_t count, void *output,
    mi_dtype output_type);

/// output[r][i] = silu(gate_up[r][i]) * gate_up[r][count + i], silu(g) = g / (1 + e^-g); rows of gate_up are 2 * count.
void mi_silu_gate(
    mi_isa isa, const float *gate_up, size_t rows, size_t count, void *output, mi_dtype output_type);

/// As mi_silu_gate with GELU by its tanh approximation: g / 2 * (1 + tanh(sqrt(2 / pi) * (g + 0.044715 g^3))).
void mi_gelu_gate(
    mi_isa isa, const float *gate_up, size_t rows, size_t count, void *output, mi_dtype output_type);

/// x[i] *= factor.
void mi_scale(mi_isa isa, float *x, float factor, size_t count);

/// x[i] = cap * tanh(x[i] / cap).
void mi_soft_cap(mi_isa isa, float *x, float cap, size_t count);

/// y[i] += factor * x[i].
void mi_add_scaled(mi_isa isa, const float *x, float factor, float *y, size_t count);

/// Where mi_rotate_and_store reads and writes.
///
/// The cache holds `[kv_heads, capacity, head_dim]` keys. Values lie the same way in fp32; in bf16 two tokens are
/// interleaved, `[kv_heads, capacity / 2, head_dim, 2]`, as pairwise dot instructions want them (`capacity` is even).
typedef struct mi_rotary {
    const float *qkv;       ///< `[tokens, heads + 2 * kv_heads, head_dim]`
    void *queries;          ///< `[tokens, heads, head_dim]`
    void *keys;             ///< the layer's keys
    void *values;           ///< the layer's values
    const float *coarse;    ///< `[.., 2, half]`: cosines, then sines, of position / coarse_step
    const float *fine;      ///< `[coarse_step, 2, half]`: the same of position % coarse_step
    size_t coarse_step;     ///< positions per row of `coarse`
    size_t capacity;        ///< tokens of the cache
    size_t first_token;     ///< the position that the cache's first token has
    int heads;              ///< query heads
    int kv_heads;           ///< key and value heads
    int head_dim;           ///< elements of a head
    int half;               ///< rotated pairs of a head: (x[i], x[i + half]) for i < half; the rest passes through
    mi_dtype query_type;    ///< fp32 or bf16
    mi_dtype cache_type;    ///< fp32 or bf16
} mi_rotary;

/// The most pairs that mi_rotate_and_store rotates.
enum { MI_ROTARY_MAX_HALF = 512 };

/// Rotates queries and keys of tokens `first ..< last` of `args->qkv` and writes keys and values to the cache;
/// token i has position `start + i`. Calls on disjoint tokens may run at once when bf16 runs are cut between pairs,
/// that is where `start + first - first_token` is even.
void mi_rotate_and_store(mi_isa isa, const mi_rotary *args, size_t start, size_t first, size_t last);

#ifdef __cplusplus
}
#endif
#endif
