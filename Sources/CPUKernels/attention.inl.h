// One row block of attention at one instruction-set level. Queries lie in the lanes:
//   S^T[key][64 queries] = K Q^T,   O^T[d][64 queries] += V^T P^T,
// so the running maximum and sum are plain vectors and the softmax has no horizontal step.

#include "vector.h"
#include "tile.h"
#include "exp2.h"
#include "exponential.h"
#include "attention_pack.h"
#include "attention_softmax.h"

#define MI_STEP (MI_TILE_STEP * MI_LANES)

// What a row block carries from panel to panel, in the caller's scratch.
typedef struct MI_(row_block) {
    float *output;         // O^T [head_dim][64]
    void *queries;         // packed tile, fp32 [head_dim][64] or bf16 [head_dim / 2][64][2]
    float *scores;         // S^T, then P^T in place
    float *widened;        // fp32 copies of bf16 keys or values at levels without a bf16 dot
    float *maximum;        // [64]
    float *sum;            // [64]
    float *rescale;        // [64]
    float *tile_maximum;   // [64] of the panel alone
    float score_scale;     // scale * log2(e)
    float bias;            // on the scores of means
    float skip;            // on the scores: how far below the maximum a panel is left out
    float cap;             // on the scores, soft; 0 for none
    int32_t head_dim;
} MI_(row_block);

static inline __attribute__((always_inline)) void MI_(finish_scores)(
    vf tile[4][MI_TILE_STEP], float *scores, const uint64_t *rows, float bias, int column,
    vf maximum[MI_TILE_STEP]) {
    if (rows) {
        for (int r = 0; r < 4; r++) {
            for (int v = 0; v < MI_TILE_STEP; v++) {
                tile[r][v] = MI_(keep_rows)(tile[r][v] + bias, rows[r] >> (column + v * MI_LANES));
            }
        }
    }
#pragma GCC unroll 16
    for (int r = 0; r < 4; r++) {
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            maximum[v] = MI_(max)(maximum[v], tile[r][v]);
            MI_(store)(scores + r * 64 + column + v * MI_LANES, tile[r][v]);
        }
    }
}

static inline __attribute__((always_inline)) void MI_(store_maximum)(
    MI_(row_block) *block, int column, const vf maximum[MI_TILE_STEP]) {
    for (int v = 0; v < MI_TILE_STEP; v++) {
        MI_(store)(block->tile_maximum + column + v * MI_LANES, maximum[v]);
    }
}

/// The running maximum with the panel's.
static inline __attribute__((always_inline)) void MI_(merge_maximum)(
    const MI_(row_block) *block, int column, vf maximum[MI_TILE_STEP]) {
    for (int v = 0; v < MI_TILE_STEP; v++) {
        const int at = column + v * MI_LANES;
        maximum[v] = MI_(max)(MI_(load)(block->maximum + at), MI_(load)(block->tile_maximum + at));
    }
}

/// Whether no row needs the panel: each one's scores are too far below its running maximum to matter (BLASST).
static inline __attribute__((always_inline)) bool MI_(can_skip)(const MI_(row_block) *block) {
    if (block->skip == -INFINITY) {
        return false;
    }
    vi above = {};
    for (int at = 0; at < 64; at += MI_LANES) {
        above |= MI_(load)(block->tile_maximum + at) >= MI_(load)(block->maximum + at) + block->skip;
    }
    int32_t any = 0;
    for (int i = 0; i < MI_LANES; i++) {
        any |= above[i];
    }
    return !any;
}

static inline __attribute__((always_inline)) void MI_(clear_tile)(vf tile[4][MI_TILE_STEP]) {
#pragma GCC unroll 16
    for (int r = 0; r < 4; r++) {
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            tile[r][v] = (vf){};
        }
    }
}

static inline __attribute__((always_inline)) void MI_(load_output)(
    vf tile[4][MI_TILE_STEP], const float *output, const float *rescale, int column) {
#pragma GCC unroll 16
    for (int v = 0; v < MI_TILE_STEP; v++) {
        vf factor = MI_(load)(rescale + column + v * MI_LANES);
#pragma GCC unroll 16
        for (int r = 0; r < 4; r++) {
            tile[r][v] = MI_(load)(output + r * 64 + column + v * MI_LANES) * factor;
        }
    }
}

static inline __attribute__((always_inline)) void MI_(store_output)(
    vf tile[4][MI_TILE_STEP], float *output, int column) {
#pragma GCC unroll 16
    for (int r = 0; r < 4; r++) {
#pragma GCC unroll 16
        for (int v = 0; v < MI_TILE_STEP; v++) {
            MI_(store)(output + r * 64 + column + v * MI_LANES, tile[r][v]);
        }
    }
}

/// Caps a panel's scores, and their maxima, softly; rows that were left out stay far below all others.
static __attribute__((noinline)) void MI_(cap_scores)(MI_(row_block) *block, int key_count) {
    const vf hidden = MI_(splat)(-1e29f);
    for (int i = 0; i < 64 * (key_count + 1); i += MI_LANES) {
        float *at = i < 64 ? block->tile_maximum + i : block->scores + i - 64;
        vf score = MI_(load)(at);
        vi kept = (vi)(score > hidden);
        vf capped = MI_(soft_cap)(score, block->cap);
        MI_(store)(at, (vf)(((vi)capped & kept) | ((vi)score & ~kept)));
    }
}

// fp32 operands: `keys[g]` are four fp32 rows.
static void MI_(panel_f32)(MI_(row_block) *block, const mi_panel *panel) {
    const int d = block->head_dim;
    for (int column = 0; column < 64; column += MI_STEP) {
        vf maximum[MI_TILE_STEP];
        for (int v = 0; v < MI_TILE_STEP; v++) {
            maximum[v] = MI_(splat)(-1e30f);
        }
        for (int g = 0; g < panel->count; g++) {
            const float *k = panel->keys[g];
            vf tile[4][MI_TILE_STEP];
            MI_(clear_tile)(tile);
            MI_(tile_f32)(tile, k, k + d, k + 2 * d, k + 3 * d, 1, (const float *)block->queries + column, d);
            MI_(finish_scores)(tile, block->scores + g * 256,
                               panel->masked >> g & 1 ? panel->rows + g * 4 : NULL,
                               panel->biased >> g & 1 ? block->bias : 0, column, maximum);
        }
        MI_(store_maximum)(block, column, maximum);
    }
    if (block->cap > 0) {
        MI_(cap_scores)(block, panel->count * 4);
    }
    if (MI_(can_skip)(block)) {
        return;
    }
    for (int column = 0; column < 64; column += MI_STEP) {
        vf maximum[MI_TILE_STEP];
        MI_(merge_maximum)(block, column, maximum);
        MI_(softmax_f32)(block->scores + column, panel->count * 4, column, maximum, block->score_scale,
                         block->maximum, block->sum, block->rescale);
    }
    for (int column = 0; column < 64; column += MI_STEP) {
        for (int row = 0; row < d; row += 4) {
            vf tile[4][MI_TILE_STEP];
            MI_(load_output)(tile, block->output + row * 64, block->rescale, column);
            for (int g = 0; g < panel->count; g++) {
                const float *v = (const float *)panel->values[g] + row;
                MI_(tile_f32)(tile, v, v + 1, v + 2, v + 3, d, block->scores + g * 256 + column, 4);
            }
            MI_(store_output)(tile, block->output + row * 64, column);
        }
    }
}

#if MI_BF16_DOT
static void MI_(panel_bf16)(MI_(row_block) *block, const mi_panel *panel) {
    const int d = block->head_dim;
    for (int column = 0; column < 64; column += MI_STEP) {
        vf maximum[MI_TILE_STEP];
        for (int v = 0; v < MI_TILE_STEP; v++) {
            maximum[v] = MI_(splat)(-1e30f);
        }
        for (int g = 0; g < panel->count; g++) {
            const uint16_t *k = panel->keys[g];
            vf tile[4][MI_TILE_STEP];
            MI_(clear_tile)(tile);
            MI_(tile_bf16)(tile, k, k + d, k + 2 * d, k + 3 * d, 2,
                           (const uint16_t *)block->queries + column * 2, d / 2);
            MI_(finish_scores)(tile, block->scores + g * 256,
                               panel->masked >> g & 1 ? panel->rows + g * 4 : NULL,
                               panel->biased >> g & 1 ? block->bias : 0, column, maximum);
        }
        MI_(store_maximum)(block, column, maximum);
    }
    if (block->cap > 0) {
        MI_(cap_scores)(block, panel->count * 4);
    }
    if (MI_(can_skip)(block)) {
        return;
    }
    for (int column = 0; column < 64; column += MI_STEP) {
        vf maximum[MI_TILE_STEP];
        MI_(merge_maximum)(block, column, maximum);
        MI_(softmax_bf16)(block->scores + column, panel->count * 4, column, maximum, block->score_scale,
                          block->maximum, block->sum, block->rescale);
    }
    // A row pair of P^T took the first half of the first of its two rows of S^T.
    const uint16_t *probabilities = (const uint16_t *)block->scores;
    for (int column = 0; column < 64; column += MI_STEP) {
        for (int row = 0; row < d; row += 4) {
            vf tile[4][MI_TILE_STEP];
            MI_(load_output)(tile, block->output + row * 64, block->rescale, column);
            for (int g = 0; g < panel->count; g++) {
                const uint16_t *v = (const uint16_t *)panel->values[g] + row * 2;
                MI_(tile_pairs_strided)(tile, v, 2 * d, probabilities + g * 512 + column * 2);
            }
            MI_(store_output)(tile, block->output + row * 64, column);
        }
    }
}
#else
// bf16 storage at a level without a bf16 dot: one panel's keys, then its values, are widened to fp32.
static void MI_(panel_bf16)(MI_(row_block) *block, const mi_panel *panel) {
    const int d = block->head_dim;
    mi_panel wide;
    wide.count = panel->count;
    wide.masked = panel->masked;
    wide.biased = panel->biased;
    __builtin_memcpy(wide.rows, panel->rows, sizeof(uint64_t) * 4 * (size_t)panel->count);
    float *keys = block->widened, *values = block->widened + MI_PANEL_KEYS * d;
    for (int g = 0; g < panel->count; g++) {
        wide.keys[g] = keys + g * 4 * d;
        wide.values[g] = values + g * 4 * d;
        MI_(widen_rows)(keys + g * 4 * d, panel->keys[g], 4 * d);
        MI_(widen_pairs)(values + g * 4 * d, panel->values[g], d);
        MI_(widen_pairs)(values + (g * 4 + 2) * d, (const uint16_t *)panel->values[g] + 2 * d, d);
    }
    MI_(panel_f32)(block, &wide);
}
#endif

static void MI_(begin_rows)(MI_(row_block) *block, const mi_attention_head *head, int64_t first, int rows) {
    const int d = head->head_dim;
    for (int i = 0; i < 64; i++) {
        block->maximum[i] = -1e29f;
        block->sum[i] = 0;
    }
    __builtin_memset(block->output, 0, sizeof(float) * 64 * (size_t)d);
    if (head->dtype == MI_FLOAT32) {
        MI_(pack_f32)(block->queries, (const float *)head->queries + first * head->query_stride,
                      head->query_stride, rows, d);
    } else {
        const uint16_t *queries = (const uint16_t *)head->queries + first * head->query_stride;
#if MI_BF16_DOT
        MI_(pack_pairs)(block->queries, queries, head->query_stride, rows, d);
#else
        MI_(pack_widened)(block->queries, queries, head->query_stride, rows, d);
#endif
    }
}

static void MI_(end_rows)(MI_(row_block) *block, const mi_attention_head *head, int64_t first, int rows) {
    const int d = head->head_dim;
    for (int v = 0; v < 64; v += MI_LANES) {
        vf sum = MI_(load)(block->sum + v);
        vi empty = sum == 0.0f;
        vf inverse = 1.0f / (vf)(((vi)sum & ~empty) | ((vi)MI_(splat)(1.0f) & empty));
        MI_(store)(block->rescale + v, inverse);
    }
    if (head->log_sums) {
        for (int i = 0; i < rows; i++) {
            head->log_sums[first + i] = block->sum[i] > 0 ? block->maximum[i] * block->score_scale +
                                                                __builtin_log2f(block->sum[i])
                                                          : -INFINITY;
        }
    }
    if (head->dtype == MI_FLOAT32) {
        MI_(unpack)((float *)head->output + first * head->output_stride, head->output_stride, MI_FLOAT32,
                    block->output, block->rescale, rows, d);
    } else {
        MI_(unpack)((uint16_t *)head->output + first * head->output_stride, head->output_stride, MI_BFLOAT16,
                    block->output, block->rescale, rows, d);
    }
}

static void MI_(attend_block)(const mi_attention_head *head, int64_t row_block, bool has_next, void *scratch) {
    const int d = head->head_dim;
    const int64_t first = row_block * MI_ROW_BLOCK;
    const int rows = (int)(head->query_count - first < 64 ? head->query_count - first : 64);
    float *memory = scratch;
    MI_(row_block) block = {.head_dim = d, .score_scale = head->scale * 1.44269504088896340736f};
    if (head->form == MI_INDEX_CORRECTED_BLOCKS) {
        block.bias = __builtin_log2f((float)head->block_size) / block.score_scale;
    }
    block.cap = head->soft_cap > 0 ? head->soft_cap / head->scale : 0;
    block.skip = head->skip_log2 / block.score_scale;
    block.maximum = memory;
    block.sum = memory + 64;
    block.rescale = memory + 128;
    block.tile_maximum = memory + 192;
    block.queries = memory + 256;
    block.output = memory + 256 + 64 * d;
    block.scores = block.output + 64 * d;
    block.widened = block.scores + MI_PANEL_KEYS * 64;
    uint8_t *covered = (uint8_t *)(block.widened + 2 * MI_PANEL_KEYS * d);

    // One panel ahead: its keys and values are on their way while the one before is computed.
    mi_panel panels[2];
    mi_key_walk walk;
    mi_key_walk_begin(&walk, head, first, rows, covered);
    int current = 0;
    bool more = mi_key_walk_next(&walk, &panels[0]);
    mi_panel_prefetch(&panels[0], head);

    MI_(begin_rows)(&block, head, first, rows);
    const int64_t bytes = head->dtype == MI_FLOAT32 ? 4 : 2;
    if (has_next) {
        mi_prefetch_rows((const char *)head->queries + (first - 64) * head->query_stride * bytes, d * bytes,
                         head->query_stride * bytes, 64);
    }
    if (head->output != head->queries) {
        mi_prefetch_rows((const char *)head->output + first * head->output_stride * bytes, d * bytes,
                         head->output_stride * bytes, rows);
    }
    while (more) {
        more = mi_key_walk_next(&walk, &panels[1 - current]);
        mi_panel_prefetch(&panels[1 - current], head);
        if (head->dtype == MI_FLOAT32) {
            MI_(panel_f32)(&block, &panels[current]);
        } else {
            MI_(panel_bf16)(&block, &panels[current]);
        }
        current = 1 - current;
    }
    MI_(end_rows)(&block, head, first, rows);
}

static void MI_(attend)(const mi_attention_head *head, int64_t begin, int64_t end, void *scratch) {
    for (int64_t row_block = end - 1; row_block >= begin; row_block--) {
        MI_(attend_block)(head, row_block, row_block > begin, scratch);
    }
}

#undef MI_STEP
