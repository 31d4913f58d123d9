// Attention of one block of 64 query rows of one head, over the keys that an index keeps.
#ifndef MINFERENCE_ATTENTION_H
#define MINFERENCE_ATTENTION_H

#include <stddef.h>
#include <stdint.h>

#include "minference_dtype.h"
#include "minference_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Which keys a head attends; the forms of SparseAttention's AttentionIndex.
typedef enum mi_index_form {
    MI_INDEX_SLASHES = 0,     ///< distance ranges and gathered columns
    MI_INDEX_BLOCKS = 1,      ///< key blocks per row block, compressed sparse rows
    MI_INDEX_MASK_LINES = 2,  ///< exact: a bit per distance and a bit per column
    MI_INDEX_MASK_ROWS = 3,   ///< exact: a 64-bit word of rows per row block and key
    MI_INDEX_CORRECTED_BLOCKS = 4,  ///< key blocks, and means of the blocks that are not listed
} mi_index_form;

enum {
    MI_ROW_BLOCK = 64,            ///< query rows of a tile
    MI_KEY_GROUP = 4,             ///< keys are taken in aligned groups of four
    MI_MAXIMUM_HEAD_DIM = 256,    ///< head_dim is a multiple of 4 (of 8 for bf16) up to this
};

/// One head of one attention call. Strides count elements.
typedef struct mi_attention_head {
    const void *queries;      ///< row 0; row i lies at i * query_stride
    void *output;             ///< like queries; may be the same memory
    int64_t query_stride;
    int64_t output_stride;
    const void *keys;         ///< [capacity][head_dim]
    const void *values;       ///< fp32 [capacity][head_dim], bf16 [capacity / 2][head_dim][2]
    mi_dtype dtype;
    int32_t head_dim;
    float scale;              ///< on q . k, before the softmax
    float soft_cap;           ///< scaled scores s become soft_cap * tanh(s / soft_cap); 0 for none, not with means
    int64_t query_start;      ///< position of row 0; rows at negative positions attend nothing
    int64_t query_count;      ///< rows; keys are 0 ..< query_start + query_count

    mi_index_form form;
    // MI_INDEX_SLASHES
    const int32_t *ranges;        ///< range_count pairs [lo, hi) of distances, ascending and disjoint
    int64_t range_count;
    const int32_t *columns;       ///< column_count ascending key positions
    int64_t column_count;
    const void *column_keys;      ///< their rows gathered by mi_gather_columns
    const void *column_values;
    // MI_INDEX_BLOCKS
    int32_t block_size;           ///< rows and keys of a block, a multiple of 64
    const int32_t *row_offsets;
    const int32_t *key_blocks;
    // MI_INDEX_MASK_LINES
    const uint64_t *distance_words;
    int64_t distance_count;
    const uint64_t *column_words;
    int64_t column_word_bits;
    // MI_INDEX_MASK_ROWS
    const uint64_t *row_words;    ///< [row blocks][keys]
    // MI_INDEX_CORRECTED_BLOCKS, beside those of MI_INDEX_BLOCKS
    const void *mean_keys;        ///< [blocks][head_dim] from mi_mean_blocks
    const void *mean_values;      ///< in the arrangement of values

    /// Positions of a chunk: a row attends only the keys of the chunk `chunks_back` before its own; 0 for all keys. Not
    /// with means.
    int64_t chunk;
    int64_t chunks_back;
    int64_t window;               ///< MI_INDEX_SLASHES: keys this far before a row are left out exactly; 0 for none
    /// log2 of the weight, relative to the largest so far, below which every score of a panel lets it be left out;
    /// -INFINITY to leave nothing out.
    float skip_log2;
    float *log_sums;              ///< [query_count] log2 of each row's sum of exponentials, or NULL
} mi_attention_head;

/// Bytes of scratch that mi_attend_row_block needs for one thread; aligned to 64 by the caller.
size_t mi_attention_scratch_bytes(int32_t head_dim, int64_t column_count);

/// The means of the whole blocks of `block_size` among the first `key_count` keys and values, in the arrangement of the
/// cache, zero-padded to a multiple of four blocks.
void mi_mean_blocks(mi_dtype dtype, int32_t head_dim, const void *keys, const void *values, int64_t key_count,
                    int32_t block_size, void *mean_keys, void *mean_values);

/// Merges two softmaxes of the same rows over different keys: `output`, with the log2 sums `log_sums`, takes in `other`.
/// Rows that attend no key in either stay zero. `output` and `other` have rows of `head_dim` at `stride`; `log_sums`
/// become those of both.
void mi_merge_attention(mi_dtype dtype, int32_t head_dim, int64_t stride, int64_t rows, void *output,
                        float *log_sums, const void *other, const float *other_log_sums);

/// Computes the row blocks [begin, end) of one head, the last one first: query rows [64 * begin, 64 * end), as far as
/// there are. Rows that attend no key become zero.
void mi_attend_row_blocks(mi_isa isa, const mi_attention_head *head, int64_t begin, int64_t end, void *scratch);

/// Bytes of one of the two buffers that hold `column_count` gathered columns.
size_t mi_gathered_bytes(mi_dtype dtype, int32_t head_dim, int64_t column_count);

/// Copies the keys and values of `columns` next to each other, in the arrangement of the cache, zero-padded to a
/// multiple of four columns.
void mi_gather_columns(mi_dtype dtype, int32_t head_dim, const void *keys, const void *values,
                       const int32_t *columns, int64_t column_count, void *column_keys, void *column_values);

#ifdef __cplusplus
}
#endif
#endif
