#ifndef MI_SM80_EMBED_ARGUMENTS_H
#define MI_SM80_EMBED_ARGUMENTS_H

/// Arguments of kernels/sm80_embed.cu; one thread block per token.
typedef struct {
    const int *tokens;   ///< [tokens], each a row of the table
    const void *table;   ///< [vocabulary, width]
    float *output;       ///< [tokens, width]
    int width;           ///< elements of a row, a multiple of 8
} mi_embed_arguments;

#endif
