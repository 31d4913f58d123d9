// The estimator at one instruction-set level; queries in the lanes, as in attention.

#include "vector.h"
#include "tile.h"
#include "exp2.h"
#include "exponential.h"
#include "attention_pack.h"
#include "attention_softmax.h"
#include "partial.h"
#include "row_dot.h"

#define MI_STEP (MI_TILE_STEP * MI_LANES)

static void MI_(estimate_scores)(const mi_estimate *e, int64_t begin, int64_t end, uint16_t *exponentials,
                                 float *maxima, float *sums, void *scratch) {
    const int d = e->head_dim;
    const float scale = e->scale * 1.44269504088896340736f;
    const float cap = e->soft_cap * 1.44269504088896340736f;
    float *queries = scratch;
    float *scores = queries + 64 * d;
    const bool wide = e->dtype == MI_FLOAT32;
    if (wide) {
        MI_(pack_f32)(queries, e->queries, e->query_stride, e->rows, d);
    } else {
#if MI_BF16_DOT
        MI_(pack_pairs)(queries, e->queries, e->query_stride, e->rows, d);
#else
        MI_(pack_widened)(queries, e->queries, e->query_stride, e->rows, d);
#endif
    }
    float running[64];
    for (int i = 0; i < 64; i++) {
        running[i] = -1e29f;
        sums[i] = 0;
    }
    for (int64_t panel = begin; panel < end; panel += MI_ESTIMATE_KEYS, maxima += 64) {
        const int keys = (int)(end - panel < MI_ESTIMATE_KEYS ? end - panel : MI_ESTIMATE_KEYS);
        const int groups = (keys + 3) / 4;
        const int64_t offset = panel * d;
        const void *rows = wide ? (const void *)((const float *)e->keys + offset)
                                : (const void *)((const uint16_t *)e->keys + offset);
#if !MI_BF16_DOT
        if (!wide) {
            float *widened = scores + MI_ESTIMATE_KEYS * 64;
            MI_(widen_rows)(widened, rows, groups * 4 * d);
            rows = widened;
        }
#endif
        for (int column = 0; column < 64; column += MI_STEP) {
            vf maximum[MI_TILE_STEP];
            for (int v = 0; v < MI_TILE_STEP; v++) {
                maximum[v] = MI_(load)(running + column + v * MI_LANES);
            }
            for (int g = 0; g < groups; g++) {
                vf tile[4][MI_TILE_STEP];
                for (int r = 0; r < 4; r++) {
                    for (int v = 0; v < MI_TILE_STEP; v++) {
                        tile[r][v] = (vf){};
                    }
                }
#if MI_BF16_DOT
                if (!wide) {
                    const uint16_t *k = (const uint16_t *)rows + g * 4 * d;
                    MI_(tile_bf16)(tile, k, k + d, k + 2 * d, k + 3 * d, 2, (const uint16_t *)queries + column * 2,
                                   d / 2);
                } else
#endif
                {
                    const float *k = (const float *)rows + g * 4 * d;
                    MI_(tile_f32)(tile, k, k + d, k + 2 * d, k + 3 * d, 1, queries + column, d);
                }
                for (int r = 0; r < 4; r++) {
                    const int64_t key = panel + g * 4 + r;
                    const bool masked = key > e->first || key >= end;
                    const uint64_t seen = key >= end ? 0 : mi_causal_rows(e->first, key);
                    for (int v = 0; v < MI_TILE_STEP; v++) {
                        vf s = tile[r][v] * scale;
                        if (cap > 0) {
                            s = MI_(soft_cap)(s, cap);
                        }
                        if (masked) {
                            s = MI_(keep_rows)(s, seen >> (column + v * MI_LANES));
                        }
                        maximum[v] = MI_(max)(maximum[v], s);
                        MI_(store)(scores + (g * 4 + r) * 64 + column + v * MI_LANES, s);
                    }
                }
            }
            vf sum[MI_TILE_STEP];
            for (int v = 0; v < MI_TILE_STEP; v++) {
                const int at = column + v * MI_LANES;
                sum[v] = MI_(load)(sums + at) * MI_(exp2_accurate)(MI_(load)(running + at) - maximum[v]);
                MI_(store)(running + at, maximum[v]);
                MI_(store)(maxima + at, maximum[v]);
            }
            for (int key = 0; key < keys; key++) {
#pragma GCC unroll 16
                for (int v = 0; v < MI_TILE_STEP; v++) {
                    const int at = column + v * MI_LANES;
                    vf p = MI_(exp2_coarse)(MI_(load)(scores + key * 64 + at) - maximum[v]);
                    sum[v] += p;
                    MI_(store_bf16)(exponentials + (panel - begin + key) * 64 + at, p);
                }
            }
            for (int v = 0; v < MI_TILE_STEP; v++) {
                MI_(store)(sums + column + v * MI_LANES, sum[v]);
            }
        }
    }
}

// Moves every lane one up and puts the last lane of `before` into lane 0.
static inline __attribute__((always_inline)) vf MI_(shift_lanes)(vf before, vf v) {
#if MI_LANES == 16
    return __builtin_shufflevector(before, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
#elif MI_LANES == 8
    return __builtin_shufflevector(before, v, 7, 8, 9, 10, 11, 12, 13, 14);
#else
    return __builtin_shufflevector(before, v, 3, 4, 5, 6);
#endif
}

#define MI_ROW_VECTORS (64 / MI_LANES)

static void MI_(estimate_lines)(int64_t begin, int64_t end, const uint16_t *exponentials, const float *maxima,
                                const float *maximum, const float *inverse_sum, float *columns, float *distances) {
    const int64_t count = end - begin;
    // Row i of key k is at distance first - k + i. From one key to the next the whole window of 64 distances moves
    // down by one, so the sums are carried in registers, shifted one lane per key, and the top lane is complete.
    vf diagonal[MI_ROW_VECTORS], factor[MI_ROW_VECTORS];
    for (int v = 0; v < MI_ROW_VECTORS; v++) {
        diagonal[v] = (vf){};
        factor[v] = (vf){};
    }
    float *top = distances + count + 62;  // distance first - begin + 63, then downwards
    for (int64_t key = 0; key < count; key++) {
        if (key % MI_ESTIMATE_KEYS == 0) {
            const float *reference = maxima + key / MI_ESTIMATE_KEYS * 64;
            for (int v = 0; v < MI_ROW_VECTORS; v++) {
                const int at = v * MI_LANES;
                factor[v] = MI_(exp2_accurate)(MI_(load)(reference + at) - MI_(load)(maximum + at)) *
                            MI_(load)(inverse_sum + at);
            }
        }
        vf total = {};
#pragma GCC unroll 16
        for (int v = MI_ROW_VECTORS - 1; v >= 0; v--) {
            vf p = MI_(load_bf16)(exponentials + key * 64 + v * MI_LANES) * factor[v];
            total += p;
            diagonal[v] = MI_(shift_lanes)(v ? diagonal[v - 1] : (vf){}, diagonal[v]) + p;
        }
        columns[key] = MI_(sum)(total);
        top[-key] += diagonal[MI_ROW_VECTORS - 1][MI_LANES - 1];
    }
    // What is left are the distances below: lane i of the last key's window.
    float left[64];
    for (int v = 0; v < MI_ROW_VECTORS; v++) {
        MI_(store)(left + v * MI_LANES, diagonal[v]);
    }
    for (int i = 0; i < 63; i++) {
        distances[i] += left[i];
    }
}

static void MI_(row_scores)(const void *query, const void *keys, mi_dtype dtype, int32_t head_dim, float scale,
                            float soft_cap, int64_t begin, int64_t end, float *scores) {
    for (int64_t key = begin; key < end; key++) {
        const char *row = (const char *)keys + key * head_dim * (dtype == MI_FLOAT32 ? 4 : 2);
        scores[key - begin] = scale * (dtype == MI_FLOAT32 ? MI_(row_dot)(query, row, MI_FLOAT32, head_dim)
                                                           : MI_(row_dot)(query, row, MI_BFLOAT16, head_dim));
    }
    for (int64_t key = 0; soft_cap > 0 && key < end - begin; key += MI_LANES) {
        vf capped = MI_(soft_cap)(MI_(load_row)(scores, MI_FLOAT32, key, end - begin), soft_cap);
        MI_(store_row)(scores, MI_FLOAT32, key, end - begin, capped);
    }
}

static void MI_(softmax)(float *scores, int64_t count) {
    float maximum = scores[0];
    for (int64_t i = 1; i < count; i++) {
        maximum = scores[i] > maximum ? scores[i] : maximum;
    }
    const float log2e = 1.44269504088896340736f;
    vf sums = {};
    int64_t i = 0;
    for (; i + MI_LANES <= count; i += MI_LANES) {
        vf p = MI_(exp2_accurate)((MI_(load)(scores + i) - maximum) * log2e);
        MI_(store)(scores + i, p);
        sums += p;
    }
    float sum = MI_(sum)(sums);
    for (; i < count; i++) {
        scores[i] = MI_(exp2_accurate)(MI_(splat)((scores[i] - maximum) * log2e))[0];
        sum += scores[i];
    }
    const float inverse = 1 / sum;
    for (i = 0; i < count; i++) {
        scores[i] *= inverse;
    }
}

static void MI_(block_means)(const void *rows, int64_t row_stride, mi_dtype dtype, int32_t head_dim,
                             int64_t row_count, int32_t block_size, float *means) {
    for (int64_t block = 0; block * block_size < row_count; block++) {
        float *mean = means + block * head_dim;
        const int64_t begin = block * block_size;
        const int64_t end = begin + block_size < row_count ? begin + block_size : row_count;
        for (int d = 0; d < head_dim; d++) {
            mean[d] = 0;
        }
        for (int64_t row = begin; row < end; row++) {
            if (dtype == MI_FLOAT32) {
                const float *x = (const float *)rows + row * row_stride;
                for (int d = 0; d < head_dim; d++) {
                    mean[d] += x[d];
                }
            } else {
                const uint16_t *x = (const uint16_t *)rows + row * row_stride;
                for (int d = 0; d < head_dim; d++) {
                    uint32_t bits = (uint32_t)x[d] << 16;
                    float value;
                    __builtin_memcpy(&value, &bits, 4);
                    mean[d] += value;
                }
            }
        }
        for (int d = 0; d < head_dim; d++) {
            mean[d] /= (float)block_size;
        }
    }
}

#undef MI_STEP
#undef MI_ROW_VECTORS
