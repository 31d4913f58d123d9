#ifndef MI_SM80_KV_QUANTIZE_ARGUMENTS_H
#define MI_SM80_KV_QUANTIZE_ARGUMENTS_H

enum {
    MI_KV_BLOCK_TOKENS = 64,  ///< tokens of a head that share a factor
};

/// Arguments of kernels/sm80_kv_quantize.cu; thread blocks are [blocks of 64 tokens, kv heads, 2: keys and values].
typedef struct {
    const void *source[2];      ///< bf16 [kv heads, capacity, head size]
    unsigned char *elements[2]; ///< e4m3 [kv heads, blocks, 64, head size]; may be mapped host memory
    float *factors[2];          ///< [kv heads, blocks]
    long long capacity;         ///< tokens from one head of the source to the next
    long long tokens;           ///< those to take; the rest of the last block becomes zero
} mi_kv_quantize_arguments;

#endif
