#ifndef MI_SM90_ATTENTION_ARGUMENTS_H
#define MI_SM90_ATTENTION_ARGUMENTS_H

#include "mi_tensor_map.h"

// Arguments of kernels/sm90_attention.cu and sm90_attention_plan.cu. Addresses are the device's.

/// Keys of a box, and columns of a tile of compact columns.
enum { MI_SM90_BOX_KEYS = 64, MI_SM90_TILE_ROWS = 128 };

/// What one tile of 128 query rows of one head walks: boxes of 64 keys and compact columns.
///
/// Three runs of the list of boxes: those that both 64-row halves compute, those of half 0, those of half 1. A box is
/// the position of its first key less `base`.
typedef struct {
    int shared_begin;
    int shared_count;
    int own_begin[2];
    int own_count[2];
    /// Tiles of 64 compact columns that begin at or before the tile's last row.
    int column_tiles;
    /// Added to every box: the tile's first position for offsets, 0 for absolute positions.
    int base;
} mi_sm90_tile;

typedef struct {
    mi_tensor_map queries;        ///< bf16 {headDim, heads, rows}, box {64, 1, 128}
    mi_tensor_map keys;           ///< bf16 {headDim, keys, kv heads}, box {64, 64, 1}
    mi_tensor_map values;         ///< like keys
    mi_tensor_map column_keys;    ///< bf16 {headDim, compact columns, 1}, box {64, 64, 1}
    mi_tensor_map column_values;  ///< like column_keys
    void *output;                 ///< bf16 [query_count][heads * headDim]; may be the queries' memory
    const mi_sm90_tile *tiles;    ///< [head_count][tile_count]
    const int *boxes;
    const int *columns;           ///< ascending per head, each head's padded with INT_MAX to a multiple of 64
    const int *column_begin;      ///< [head_count]: where a head's columns begin
    const unsigned int *covered;  ///< [head_count][2][covered_words]: bit `127 - offset` for what a half's boxes compute
    const int *query_heads;       ///< [head_count]: heads in the order of work
    unsigned int *next_item;      ///< zero at launch
    int head_count;
    int head_run;                 ///< consecutive heads of the order that share keys and values; divides head_count
    int row_stride;               ///< elements of a row of the output
    int group_size;               ///< query heads per key head
    int tile_count;
    int query_start;
    int query_count;
    int covered_words;
    float score_scale;            ///< scale * log2(e), above zero
} mi_sm90_attention_arguments;

/// The index of one head, as the plan reads it.
typedef struct {
    int head;                      ///< the query head
    /// Runs of the list of boxes, descending offsets: shared, half 0's, half 1's. For dense heads the shared run is
    /// `dense_boxes` long or shorter. Unused for blocks.
    int begin[3];
    int count[3];
    /// Columns of this head: `column_begin ..< column_begin + column_count`.
    int column_begin;
    int column_count;
    // Blocks only, else `block_size` is 0:
    int block_size;                ///< rows and keys: 64 or a multiple of 128
    int row_offsets;               ///< where the head's row offsets begin in `row_offsets`
    int key_blocks;                ///< where its key blocks begin in `key_blocks`
    int block_boxes;               ///< where its tiles' boxes go in `boxes`
} mi_sm90_plan_head;

typedef struct {
    const mi_sm90_plan_head *heads;  ///< [head_count]
    mi_sm90_tile *tiles;             ///< [head_count][tile_count], written
    int *boxes;                      ///< read for slashes, written for blocks
    const int *columns;
    const int *row_offsets;
    const int *key_blocks;
    unsigned int *covered;           ///< [head_count][2][covered_words], zero at launch, written
    const void *keys;                ///< bf16 [kv heads][capacity][headDim]
    const void *values;
    void *column_keys;               ///< bf16 [columns][headDim], written
    void *column_values;
    int head_count;
    int group_size;
    int tile_count;
    int query_start;
    int key_count;
    int capacity;
    int covered_words;
    int row_bytes;                   ///< headDim * 2
} mi_sm90_plan_arguments;

#endif
