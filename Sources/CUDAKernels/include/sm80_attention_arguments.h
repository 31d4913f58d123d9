#ifndef MI_SM80_ATTENTION_ARGUMENTS_H
#define MI_SM80_ATTENTION_ARGUMENTS_H

// Arguments of kernels/sm80_attention.cu. Addresses are the device's.

enum {
    MI_SM80_SLASHES = 0,     ///< boxes of 64 keys and single columns
    MI_SM80_DENSE = 1,       ///< every key; takes no list
    MI_SM80_BLOCKS = 2,      ///< key blocks per row block, compressed sparse rows
    MI_SM80_MASK_LINES = 3,  ///< exact: a bit per distance and a bit per column
    MI_SM80_MASK_ROWS = 4,   ///< exact: a 64-bit word of rows per 64-row block and key
    MI_SM80_MEANS = 5,       ///< keys are means of key blocks: those before the row block that its list leaves out;
                             ///< of EXTRAS
};

/// 64 keys that every tile of 128 rows takes, by where they lie from the tile's first position.
typedef struct {
    /// Offset of the first key from the position of the tile's first row.
    int first;
    /// Which 64-row halves of the tile need the box: bit 0 the first, bit 1 the second.
    int halves;
} mi_slash_box;

/// The index of one query head; lists that the form does not use are not read.
typedef struct {
    int head;
    int form;
    // MI_SM80_SLASHES
    int box_count;
    int column_count;
    const mi_slash_box *boxes;  ///< ascending, disjoint
    const int *columns;         ///< ascending, unique key positions
    // MI_SM80_BLOCKS, MI_SM80_MEANS
    const int *row_offsets;
    const int *key_blocks;
    int block_size;             ///< rows and keys of a block: a multiple of the kernel's tile rows
    // MI_SM80_MASK_LINES: bits that are there; the words hold as many, rounded up to 64
    int distance_count;
    int column_bit_count;
    const unsigned long long *distance_words;
    const unsigned long long *column_words;
    // MI_SM80_MASK_ROWS
    const unsigned long long *row_words;  ///< [row blocks of 64][keys]
} mi_sm80_attention_head;

typedef struct {
    const void *queries;                 ///< bf16 [query_count][row_stride]
    void *output;                        ///< like queries; may be the same memory
    const void *keys;                    ///< bf16 [kv heads][capacity][head size]
    const void *values;                  ///< like keys
    const mi_sm80_attention_head *heads; ///< heads in the order in which they are worked on
    int head_count;                      ///< entries of `heads`
    int head_run;                        ///< consecutive entries that share keys and values; divides head_count
    int group_size;                      ///< query heads per key head
    int capacity;
    int query_start;                     ///< position of row 0
    int query_count;
    int row_stride;                      ///< elements: heads * head size of the model
    float score_scale;                   ///< scale * log2(e), above zero
    float skip;                          ///< a tile that stays so far below all rows' highest products is left out;
                                         ///< minus infinity leaves none out; of EXTRAS
    float *log_sums;                     ///< [model heads][query_count] log2 of the rows' sums of exponentials, or null; of
                                         ///< EXTRAS
} mi_sm80_attention_arguments;

#ifdef __cplusplus
constexpr
#else
static inline
#endif
/// Dynamic shared memory of a block: queries, `stages` tiles of 64 keys and of values, and three looked-up tiles.
int mi_sm80_attention_shared_bytes(int head_dim, int tile_rows, int stages) {
    const int matrices = (tile_rows + stages * 2 * 64) * head_dim * 2;
    const int lookups = 3 * (tile_rows / 32 * 64 * 4 + 64 * 4 + 8);
    const int tile = (int)sizeof(mi_sm80_attention_head) + 48;
    return (matrices + (lookups + 7) / 8 * 8 + tile + 127) / 128 * 128;
}

#endif
