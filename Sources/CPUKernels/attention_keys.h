// Walks the keys that one row block attends, whatever the index form, and fills panels with them.
#ifndef MINFERENCE_ATTENTION_KEYS_H
#define MINFERENCE_ATTENTION_KEYS_H

#include "attention_panel.h"

typedef struct mi_key_walk {
    const mi_attention_head *head;
    int64_t first;          // position of the block's first row
    int64_t end;            // one past the position of its last row: keys from here on are acausal
    int64_t row_block;
    int64_t key;            // next key of the current run
    int64_t run_end;
    int64_t cursor;         // next range (downwards), block entry or masked key group
    int64_t cursor_end;
    int64_t column;         // next gathered column, or mean of a block
    int64_t column_end;     // columns below `end`, or blocks that all rows see whole
    int64_t entry;          // next listed block, while means are walked
    int64_t low, high;              // keys outside are no row's
    int64_t whole_low, whole_high;  // keys inside are every row's, but for causality and the window
    int64_t covered_end;    // columns whose `covered` flag is set up
    uint8_t *covered;       // 1 where a run of this block holds the column already
} mi_key_walk;

static inline int64_t mi_group_floor(int64_t key) {
    return key < 0 ? 0 : key & ~(int64_t)(MI_KEY_GROUP - 1);
}

static inline int64_t mi_group_ceiling(int64_t key) {
    return (key + MI_KEY_GROUP - 1) & ~(int64_t)(MI_KEY_GROUP - 1);
}

/// The number of leading elements of an ascending list that are below `limit`.
static inline int64_t mi_count_below(const int32_t *list, int64_t count, int64_t stride, int64_t limit) {
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (list[middle * stride] < limit) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/// Sets the keys that the chunks of the block's rows leave.
static void mi_key_walk_limit(mi_key_walk *walk) {
    const mi_attention_head *head = walk->head;
    walk->whole_high = walk->high = INT64_MAX;
    if (head->chunk) {
        const int64_t first = walk->first / head->chunk, last = (walk->end - 1) / head->chunk;
        walk->low = (first - head->chunks_back) * head->chunk;
        walk->high = (last - head->chunks_back + 1) * head->chunk;
        walk->whole_low = first == last ? walk->low : INT64_MAX;
        walk->whole_high = walk->high;
    }
}

/// The rows of the block that see a key, by its chunk.
static inline uint64_t mi_chunk_rows(const mi_key_walk *walk, int64_t key) {
    const mi_attention_head *head = walk->head;
    if (!head->chunk) {
        return ~0ull;
    }
    const int64_t start = (key / head->chunk + head->chunks_back) * head->chunk;
    return mi_causal_rows(walk->first, start) & ~mi_causal_rows(walk->first, start + head->chunk);
}

static void mi_key_walk_begin(mi_key_walk *walk, const mi_attention_head *head, int64_t first_row, int rows,
                              uint8_t *covered) {
    *walk = (mi_key_walk){.head = head, .covered = covered, .row_block = first_row / MI_ROW_BLOCK};
    walk->first = head->query_start + first_row;
    walk->end = walk->first + rows;
    mi_key_walk_limit(walk);
    switch (head->form) {
    case MI_INDEX_SLASHES:
        // Ranges that begin beyond the tile's last position touch no key; the rest is walked from the largest
        // distance down, so that keys ascend.
        walk->cursor = mi_count_below(head->ranges, head->range_count, 2, walk->first + MI_ROW_BLOCK) - 1;
        walk->column_end = mi_count_below(head->columns, head->column_count, 1, walk->end);
        break;
    case MI_INDEX_BLOCKS:
    case MI_INDEX_CORRECTED_BLOCKS: {
        int64_t block = first_row / head->block_size;
        walk->cursor = head->row_offsets[block];
        walk->cursor_end = head->row_offsets[block + 1];
        if (head->form == MI_INDEX_CORRECTED_BLOCKS) {
            walk->entry = walk->cursor;
            walk->column_end = (head->query_start + block * head->block_size + 1) / head->block_size;
        }
        break;
    }
    case MI_INDEX_MASK_LINES:
        // Without columns nothing is kept that lies further back than the largest distance.
        if (head->column_word_bits == 0) {
            walk->cursor = mi_group_floor(walk->first - head->distance_count + 1);
        }
        walk->cursor_end = mi_group_ceiling(walk->end);
        break;
    default:
        walk->cursor_end = mi_group_ceiling(walk->end);
    }
    if (head->chunk && (head->form == MI_INDEX_MASK_LINES || head->form == MI_INDEX_MASK_ROWS)) {
        const int64_t low = mi_group_floor(walk->low), high = mi_group_ceiling(walk->high);
        walk->cursor = walk->cursor < low ? low : walk->cursor;
        walk->cursor_end = walk->cursor_end > high ? high : walk->cursor_end;
    }
}

/// Where the keys end that a whole tile of rows sees at a distance of at least `distance`.
static inline int64_t mi_range_end(const mi_key_walk *walk, int64_t distance) {
    int64_t end = walk->first + MI_ROW_BLOCK - distance;
    return mi_group_ceiling(end < walk->end ? end : walk->end);
}

/// Sets the next run of whole key groups, of keys in any chunk; false when there is none.
static bool mi_key_walk_run_anywhere(mi_key_walk *walk) {
    const mi_attention_head *head = walk->head;
    if (head->form == MI_INDEX_BLOCKS || head->form == MI_INDEX_CORRECTED_BLOCKS) {
        while (walk->cursor < walk->cursor_end) {
            int64_t begin = (int64_t)head->key_blocks[walk->cursor++] * head->block_size;
            int64_t end = begin + head->block_size;
            if (begin < walk->end) {
                walk->key = begin;
                walk->run_end = mi_group_ceiling(end < walk->end ? end : walk->end);
                return true;
            }
        }
        return false;
    }
    if (head->form != MI_INDEX_SLASHES || walk->cursor < 0) {
        return false;
    }
    int64_t begin = mi_group_floor(walk->first - head->ranges[2 * walk->cursor + 1] + 1);
    int64_t end = mi_range_end(walk, head->ranges[2 * walk->cursor]);
    for (walk->cursor--; walk->cursor >= 0; walk->cursor--) {
        if (mi_group_floor(walk->first - head->ranges[2 * walk->cursor + 1] + 1) > end) {
            break;
        }
        end = mi_range_end(walk, head->ranges[2 * walk->cursor]);
    }
    int64_t column = walk->covered_end;
    for (; column < walk->column_end && head->columns[column] < begin; column++) {
        walk->covered[column] = 0;
    }
    for (; column < walk->column_end && head->columns[column] < end; column++) {
        walk->covered[column] = 1;
    }
    walk->covered_end = column;
    walk->key = begin;
    walk->run_end = end;
    return true;
}

/// Sets the next run of whole key groups; false when there is none.
static bool mi_key_walk_run(mi_key_walk *walk) {
    while (mi_key_walk_run_anywhere(walk)) {
        if (!walk->head->chunk) {
            return true;
        }
        const int64_t low = mi_group_floor(walk->low), high = mi_group_ceiling(walk->high);
        walk->key = walk->key < low ? low : walk->key;
        walk->run_end = walk->run_end > high ? high : walk->run_end;
        if (walk->key < walk->run_end) {
            return true;
        }
    }
    return false;
}

static inline void mi_panel_add(mi_panel *panel, const void *keys, const void *values, int64_t byte_offset,
                                const uint64_t *rows) {
    int g = panel->count++;
    panel->keys[g] = (const char *)keys + byte_offset;
    panel->values[g] = (const char *)values + byte_offset;
    if (rows) {
        panel->masked |= 1u << g;
        for (int i = 0; i < 4; i++) {
            panel->rows[g * 4 + i] = rows[i];
        }
    }
}

/// The rows of the block that an exact mask lets see one key.
static inline uint64_t mi_mask_rows(const mi_key_walk *walk, int64_t key) {
    const mi_attention_head *head = walk->head;
    uint64_t causal = mi_causal_rows(walk->first, key) & mi_chunk_rows(walk, key);
    if (key >= walk->end) {
        return 0;
    }
    if (head->form == MI_INDEX_MASK_ROWS) {
        return causal & head->row_words[walk->row_block * (head->query_start + head->query_count) + key];
    }
    if (key < head->column_word_bits && (head->column_words[key >> 6] >> (key & 63) & 1)) {
        return causal;
    }
    // Row i is at distance first - key + i: a window of 64 bits of the distance set.
    int64_t distance = walk->first - key;
    uint64_t window = 0;
    int64_t words = (head->distance_count + 63) / 64;
    int64_t from = distance < 0 ? 0 : distance;
    if ((from >> 6) < words) {
        int shift = (int)(from & 63);
        window = head->distance_words[from >> 6] >> shift;
        if (shift && (from >> 6) + 1 < words) {
            window |= head->distance_words[(from >> 6) + 1] << (64 - shift);
        }
    }
    if (distance < 0) {
        window = distance > -64 ? window << -distance : 0;
    }
    return causal & window;
}

/// The rows of the block that see a key of a run: causal ones, within the window and of the chunk where there is one.
static inline uint64_t mi_run_rows(const mi_key_walk *walk, int64_t key) {
    uint64_t rows = mi_causal_rows(walk->first, key) & mi_chunk_rows(walk, key);
    if (walk->head->window) {
        rows &= ~mi_causal_rows(walk->first, key + walk->head->window);
    }
    return rows;
}

/// Whether a mean stands for a block: it is not listed. Blocks are asked for in ascending order.
static inline bool mi_is_pruned(mi_key_walk *walk, int64_t block) {
    while (walk->entry < walk->cursor_end && walk->head->key_blocks[walk->entry] < block) {
        walk->entry++;
    }
    return block < walk->column_end &&
           !(walk->entry < walk->cursor_end && walk->head->key_blocks[walk->entry] == block);
}

/// Fills the next panel; false when the row block has no more keys.
static bool mi_key_walk_next(mi_key_walk *walk, mi_panel *panel) {
    const mi_attention_head *head = walk->head;
    const int64_t key_bytes = head->head_dim * (head->dtype == MI_FLOAT32 ? 4 : 2);
    panel->count = 0;
    panel->masked = 0;
    panel->biased = 0;
    while (panel->count < MI_PANEL_GROUPS) {
        if (walk->key >= walk->run_end && !mi_key_walk_run(walk)) {
            break;
        }
        // The last key of a group decides: up to the first row's position everybody sees the whole group, unless the
        // window has left its first key behind, or it is not in the chunk of all rows.
        const int64_t windowed = head->window ? walk->first + MI_ROW_BLOCK - head->window : INT64_MIN;
        for (; walk->key < walk->run_end && panel->count < MI_PANEL_GROUPS; walk->key += MI_KEY_GROUP) {
            if (walk->key + MI_KEY_GROUP - 1 <= walk->first && walk->key >= windowed && walk->key >= walk->whole_low &&
                walk->key + MI_KEY_GROUP <= walk->whole_high) {
                mi_panel_add(panel, head->keys, head->values, walk->key * key_bytes, NULL);
                continue;
            }
            uint64_t rows[4];
            for (int i = 0; i < 4; i++) {
                rows[i] = mi_run_rows(walk, walk->key + i);
            }
            mi_panel_add(panel, head->keys, head->values, walk->key * key_bytes, rows);
        }
    }
    if (head->form == MI_INDEX_SLASHES) {
        for (; walk->column < walk->column_end && panel->count < MI_PANEL_GROUPS; walk->column += MI_KEY_GROUP) {
            uint64_t rows[4], any = 0, all = ~0ull;
            for (int i = 0; i < 4; i++) {
                int64_t column = walk->column + i;
                bool kept = column < walk->column_end && !(column < walk->covered_end && walk->covered[column]);
                rows[i] = kept ? mi_causal_rows(walk->first, head->columns[column]) &
                                     mi_chunk_rows(walk, head->columns[column])
                               : 0;
                any |= rows[i];
                all &= rows[i];
            }
            if (any) {
                mi_panel_add(panel, head->column_keys, head->column_values, walk->column * key_bytes,
                             all == ~0ull ? NULL : rows);
            }
        }
    } else if (head->form == MI_INDEX_CORRECTED_BLOCKS) {
        for (; walk->column < walk->column_end && panel->count < MI_PANEL_GROUPS; walk->column += MI_KEY_GROUP) {
            uint64_t rows[4], any = 0;
            for (int i = 0; i < 4; i++) {
                rows[i] = mi_is_pruned(walk, walk->column + i) ? ~0ull : 0;
                any |= rows[i];
            }
            if (any) {
                panel->biased |= 1u << panel->count;
                mi_panel_add(panel, head->mean_keys, head->mean_values, walk->column * key_bytes, rows);
            }
        }
    } else if (head->form != MI_INDEX_BLOCKS) {
        for (; walk->cursor < walk->cursor_end && panel->count < MI_PANEL_GROUPS; walk->cursor += MI_KEY_GROUP) {
            uint64_t rows[4];
            for (int i = 0; i < 4; i++) {
                rows[i] = mi_mask_rows(walk, walk->cursor + i);
            }
            if (rows[0] | rows[1] | rows[2] | rows[3]) {
                bool whole = (rows[0] & rows[1] & rows[2] & rows[3]) == ~0ull;
                mi_panel_add(panel, head->keys, head->values, walk->cursor * key_bytes, whole ? NULL : rows);
            }
        }
    }
    return panel->count > 0;
}

#endif
