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
    const void *keys;        ///< bf16 [kv heads, capacity, head size], of the keys after the compressed ones
    const void *values;      ///< like keys
    float *partials;         ///< [heads, splits, head size]; not used by a single split
    float *statistics;       ///< [heads, splits, 2]: maximum and sum
    unsigned int *arrivals;  ///< [kv heads * group tiles], zero before and after
    const unsigned char *compressed_keys;    ///< e4m3 [kv heads, blocks, 64, head size]; -DCOMPRESSED=1 only
    const unsigned char *compressed_values;  ///< like compressed_keys
    const float *key_factors;                ///< [kv heads, blocks]
    const float *value_factors;              ///< [kv heads, blocks]
    int compressed_count;                    ///< keys that come compressed, 0 without -DCOMPRESSED=1
    int compressed_blocks;
    long long capacity;
    int key_count;           ///< all keys, compressed or not
    int group_size;          ///< query heads per key head
    int group_tiles;         ///< group_size / MI_DECODE_GROUP_TILE, rounded up
    float score_scale;       ///< scale * log2(e)
} mi_decode_attention_arguments;

#endif
