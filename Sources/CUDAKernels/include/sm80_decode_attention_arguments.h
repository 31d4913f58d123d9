#ifndef MI_SM80_DECODE_ATTENTION_ARGUMENTS_H
#define MI_SM80_DECODE_ATTENTION_ARGUMENTS_H

enum {
    MI_DECODE_GROUP_TILE = 8,      ///< query heads that share one pass over keys and values
    MI_DECODE_TILE_KEYS = 16,      ///< keys that a warp takes at a time
    MI_DECODE_MAXIMUM_SPLITS = 512,
};

/// Arguments of kernels/sm80_decode_attention.cu; thread blocks are [splits, kv heads * group tiles].
typedef struct {
    const void *queries;     ///< bf16 [heads, head size]
    void *output;            ///< bf16 [heads, head size]; may be the queries
    const void *keys;        ///< bf16 [kv heads, capacity, head size]
    const void *values;      ///< like keys
    float *partials;         ///< [heads, splits, head size]; not used by a single split
    float *statistics;       ///< [heads, splits, 2]: maximum and sum
    unsigned int *arrivals;  ///< [kv heads * group tiles], zero before and after
    long long capacity;
    int key_count;
    int group_size;          ///< query heads per key head
    int group_tiles;         ///< group_size / MI_DECODE_GROUP_TILE, rounded up
    float score_scale;       ///< scale * log2(e)
} mi_decode_attention_arguments;

#endif
