#pragma once

#include "sm80_attention_arguments.h"

// Which keys a tile of rows takes, 64 at a time and nearest first, whatever the form of the head's index.

constexpr int kTileKeys = 64;
constexpr bool kExtras = EXTRAS;
/// Slash boxes are relative to tiles of so many rows.
constexpr int kSlashRows = 128;

using RowBits = unsigned long long;

/// A key and the rows of one 64-row half of the tile that see it.
struct KeyRows {
    int key;
    RowBits rows;
};

/// A tile of rows and where it stands in its head's lists; lives in shared memory.
struct RowTile {
    mi_sm80_attention_head head;
    int first;         // position of the first row
    int last;          // position of the last row that exists
    int row;           // the first row, counted from the call's first
    int key_count;
    int tile_count;    // tiles of keys
    int list_tiles;    // of these, tiles of boxes or blocks
    int list_end;      // end of the part of `boxes`, `key_blocks` or all tiles of keys that matters here
    int column_count;  // columns not after `last`
    int origin;        // what slash boxes are relative to
    int half;          // which half of a slash tile the first row belongs to
    int means;         // whole key blocks before the row block
};

/// 64 consecutive keys; `first` is below zero when they are not consecutive, or begin before key 0.
struct KeyRun {
    int first;
    int halves;  // a bit for each 64-row half of the tile that takes them
};

/// How many leading elements of an ascending list are below `limit`; all lanes of a warp ask together.
__device__ __forceinline__ int warp_count_below(const int *list, int stride, int count, long long limit) {
    const int lane = threadIdx.x & 31;
    int low = 0, high = count;
    while (low < high) {
        const int step = (high - low + 31) / 32;
        const int probe = low + lane * step;
        const bool below = probe < high && __ldg(list + static_cast<long long>(probe) * stride) < limit;
        const int hits = __popc(__ballot_sync(~0u, below));
        if (hits == 0) return low;
        low += (hits - 1) * step + 1;
        high = min(high, low + step - 1);
    }
    return low;
}

/// The rows of a half from position `first` on that may see `key`.
__device__ __forceinline__ RowBits causal_rows(int first, int key) {
    const int behind = key - first;
    if (behind <= 0) return ~0ull;
    return behind < 64 ? ~0ull << behind : 0ull;
}

/// 64 bits of a set from bit `from` on, which may be negative; bits outside the set are zero.
__device__ __forceinline__ RowBits bit_window(const unsigned long long *words, int count, int from) {
    const int word_count = (count + 63) / 64;
    const int word = from >> 6, shift = from & 63;
    const RowBits low = word >= 0 && word < word_count ? __ldg(words + word) : 0;
    if (shift == 0) return low;
    const RowBits high = word + 1 >= 0 && word + 1 < word_count ? __ldg(words + word + 1) : 0;
    return low >> shift | high << (64 - shift);
}

/// Fills `tile` but for its head; called by one warp.
__device__ __forceinline__ void begin_row_tile(
    RowTile &tile, const mi_sm80_attention_arguments &args, const mi_sm80_attention_head &head, int row, int rows) {
    const int first = args.query_start + row;
    const int last = args.query_start + min(row + rows, args.query_count) - 1;
    const int origin = first - row % kSlashRows;
    int list_end = last / kTileKeys + 1, list_tiles = list_end, column_count = 0, means = 0;
    if (head.form == MI_SM80_SLASHES) {
        const int *firsts = &head.boxes->first;
        list_end = warp_count_below(firsts, 2, head.box_count, last - origin + 1ll);
        list_tiles = list_end - warp_count_below(firsts, 2, list_end, 1ll - kTileKeys - origin);
        column_count = warp_count_below(head.columns, 1, head.column_count, last + 1ll);
    } else if (head.form == MI_SM80_BLOCKS) {
        const int block = row / head.block_size;
        list_end = head.row_offsets[block + 1];
        list_tiles = (list_end - head.row_offsets[block]) * (head.block_size / kTileKeys);
    } else if (head.form == MI_SM80_MASK_LINES && head.column_bit_count == 0) {
        // Nothing is kept further back than the largest distance.
        list_tiles -= max(0, first - head.distance_count + 1) / kTileKeys;
    } else if (kExtras && head.form == MI_SM80_MEANS) {
        means = (args.query_start + row / head.block_size * head.block_size + 1) / head.block_size;
        list_tiles = list_end = (means + kTileKeys - 1) / kTileKeys;
    }
    if ((threadIdx.x & 31) == 0) {
        tile.first = first;
        tile.last = last;
        tile.row = row;
        tile.key_count = args.query_start + args.query_count;
        tile.tile_count = list_tiles + (column_count + kTileKeys - 1) / kTileKeys;
        tile.list_tiles = list_tiles;
        tile.list_end = list_end;
        tile.column_count = column_count;
        tile.origin = origin;
        tile.half = row % kSlashRows / 64;
        tile.means = means;
    }
}

/// The keys of tile `number`, the same for all threads; gathered columns are no run.
__device__ __forceinline__ KeyRun run_of_tile(const RowTile &tile, int number) {
    const mi_sm80_attention_head &head = tile.head;
    if (head.form == MI_SM80_SLASHES) {
        if (number >= tile.list_tiles) return {-1, 0};
        const int2 box = __ldg(reinterpret_cast<const int2 *>(head.boxes) + tile.list_end - 1 - number);
        return {tile.origin + box.x, box.y >> tile.half};
    }
    if (head.form == MI_SM80_BLOCKS) {
        const int parts = head.block_size / kTileKeys;
        const int block = __ldg(head.key_blocks + tile.list_end - 1 - number / parts);
        return {block * head.block_size + (parts - 1 - number % parts) * kTileKeys, 3};
    }
    return {(tile.list_end - 1 - number) * kTileKeys, 3};
}

/// Whether every row of the tile sees every key of the run, and the form has no exact mask.
__device__ __forceinline__ bool is_whole(const RowTile &tile, KeyRun run, int halves) {
    return run.first >= 0 && run.first + kTileKeys - 1 <= tile.first && (run.halves & halves) == halves &&
           tile.head.form < MI_SM80_MASK_LINES;
}

/// Whether one of the boxes of this half holds the key at `offset`.
__device__ __forceinline__ bool is_in_box(const mi_sm80_attention_head &head, int offset, int half) {
    int low = 0, high = head.box_count;  // the first box after `offset`
    while (low < high) {
        const int middle = (low + high) / 2;
        if (__ldg(&head.boxes[middle].first) <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return false;
    const int2 box = __ldg(reinterpret_cast<const int2 *>(head.boxes) + low - 1);
    return offset < box.x + kTileKeys && (box.y >> half & 1);
}

/// Whether the list of the tile's row block has key block `block`.
__device__ __forceinline__ bool is_listed(const RowTile &tile, int block) {
    const mi_sm80_attention_head &head = tile.head;
    const int *offsets = head.row_offsets + tile.row / head.block_size;
    int low = __ldg(offsets), high = __ldg(offsets + 1);
    const int end = high;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (__ldg(head.key_blocks + middle) < block) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < end && __ldg(head.key_blocks + low) == block;
}

/// Key `column`, 0 to 63, of tile `number` for a half of the tile's rows; `run` are the tile's keys. A key that is not
/// there has no rows.
__device__ __forceinline__ KeyRows key_of_tile(const RowTile &tile, KeyRun run, int number, int column, int half) {
    const mi_sm80_attention_head &head = tile.head;
    const int first = tile.first + half * 64;
    KeyRows found;
    // Rows that do not exist have no words in a mask either.
    const RowBits existing = first <= tile.last ? ~0ull : 0;
    if (head.form == MI_SM80_SLASHES && number >= tile.list_tiles) {
        const int place = (number - tile.list_tiles) * kTileKeys + column;
        if (place >= tile.column_count) return {-1, 0};
        found.key = __ldg(head.columns + place);
        const bool covered = is_in_box(head, found.key - tile.origin, tile.half + half);
        found.rows = covered ? 0 : existing & causal_rows(first, found.key);
    } else {
        found.key = run.first + column;
        // Keys after the tile's last row are not in memory, perhaps; the rows that would see them do not exist.
        if (found.key < 0 || found.key > tile.last) return {-1, 0};
        if (kExtras && head.form == MI_SM80_MEANS && (found.key >= tile.means || is_listed(tile, found.key))) return {-1, 0};
        found.rows = run.halves >> half & 1 ? existing & causal_rows(first, found.key) : 0;
        if (found.rows == 0) return found;
        if (head.form == MI_SM80_MASK_LINES) {
            const bool kept = bit_window(head.column_words, head.column_bit_count, found.key) & 1;
            if (!kept) found.rows &= bit_window(head.distance_words, head.distance_count, first - found.key);
        } else if (head.form == MI_SM80_MASK_ROWS) {
            const long long block = tile.row / 64 + half;
            found.rows &= __ldg(head.row_words + block * tile.key_count + found.key);
        }
    }
    return found;
}
