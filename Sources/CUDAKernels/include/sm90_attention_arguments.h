#ifndef MI_SM90_ATTENTION_ARGUMENTS_H
#define MI_SM90_ATTENTION_ARGUMENTS_H

#include "mi_tensor_map.h"

// Arguments of kernels/sm90_attention.cu and sm90_attention_plan.cu. Addresses are the device's.

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
    mi_tensor_map column_keys;    ///< bf16 {headDim, column_capacity, heads}, box {64, 64, 1}
    mi_tensor_map column_values;  ///< like column_keys
    unsigned short *output;       ///< bf16 [query_count][heads * headDim]; may be the queries' memory
    const mi_sm90_tile *tiles;    ///< [heads][tile_count]
    const int *boxes;
    const int *columns;           ///< [heads][column_capacity], ascending, then INT_MAX
    const unsigned int *covered;  ///< [heads][2][covered_words]: bit `128 - 1 - offset` of what a half's boxes compute
    const int *head_order;        ///< heads in the order of work
    unsigned int *next_item;      ///< zero at launch
    int heads;
    int group_size;               ///< query heads per key head
    int tile_count;
    int query_start;
    int query_count;
    int column_capacity;          ///< a multiple of 64
    int covered_words;
    float score_scale;            ///< scale * log2(e), above zero
} mi_sm90_attention_arguments;

#endif
