#ifndef MI_SM80_ROTATE_STORE_ARGUMENTS_H
#define MI_SM80_ROTATE_STORE_ARGUMENTS_H

enum {
    MI_ROTATE_STORE_TOKENS = 8,      ///< tokens of a thread block
    MI_ROTATE_STORE_MAXIMUM_HALF = 128,
};

/// Arguments of kernels/sm80_rotate_store.cu; thread blocks are [token tiles, head parts].
///
/// A head's elements `i` and `i + half`, `i < half`, are rotated; those from `2 * half` on pass through.
typedef struct {
    const void *qkv;      ///< [tokens, heads + 2 * kv_heads, head_dim]
    void *queries;        ///< bf16 [tokens, heads, head_dim]
    void *keys;           ///< bf16 [kv_heads, capacity, head_dim]
    void *values;         ///< like keys
    const float *coarse;  ///< [.., 2, half]: cosines, then sines, of multiples of coarse_step positions
    const float *fine;    ///< [coarse_step, 2, half]
    long long tokens;
    long long start;      ///< position of token 0
    long long capacity;
    int coarse_step;
    int heads;
    int kv_heads;
    int head_dim;         ///< a multiple of 8
    int half;             ///< a multiple of 8, at most MI_ROTATE_STORE_MAXIMUM_HALF
    int heads_per_part;   ///< of the heads + 2 * kv_heads
} mi_rotate_store_arguments;

#endif
