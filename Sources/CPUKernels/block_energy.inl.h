// Block energies at one instruction-set level; rows in the lanes, as in attention.

#include "vector.h"
#include "tile.h"
#include "exp2.h"
#include "attention_pack.h"
#include "attention_softmax.h"
#include "partial.h"

#define MI_STEP (MI_TILE_STEP * MI_LANES)

/// Packs rows of `run` query rows each, the last one first, into a tile as deep as all of them.
static void MI_(pack_runs)(float *tile, const mi_block_energy *e) {
    const int d = e->head_dim;
    for (int r = 0; r < e->run; r++) {
        const int64_t token = e->run - 1 - r;
        const int64_t left = e->query_count - token;
        const int64_t rows = left <= 0 ? 0 : (left + e->run - 1) / e->run;
        const int used = rows < 64 ? (int)rows : 64;
        const int64_t stride = e->query_stride * e->run;
        if (e->dtype == MI_FLOAT32) {
            const float *from = (const float *)e->queries + token * e->query_stride;
            MI_(pack_f32)(tile + (ptrdiff_t)r * d * 64, from, stride, used, d);
        } else {
            const uint16_t *from = (const uint16_t *)e->queries + token * e->query_stride;
#if MI_BF16_DOT
            MI_(pack_pairs)(tile + (ptrdiff_t)r * d * 32, from, stride, used, d);
#else
            MI_(pack_widened)(tile + (ptrdiff_t)r * d * 64, from, stride, used, d);
#endif
        }
    }
}

/// The rows that see key `j`.
static inline uint64_t MI_(energy_rows)(const mi_block_energy *e, int64_t j, uint64_t valid) {
    const int64_t behind = j * e->key_step - e->first;
    const int64_t from = behind <= 0 ? 0 : (behind + e->row_step - 1) / e->row_step;
    return j >= e->key_count || from >= 64 ? 0 : valid & (~0ull << from);
}

static void MI_(block_energies)(const mi_block_energy *e, float *energies, float *maxima, void *scratch) {
    const int depth = e->head_dim * e->run;
    const float scale = e->scale * 1.44269504088896340736f;
    float *tile_rows = scratch;
    float *scores = tile_rows + (ptrdiff_t)64 * depth;
    MI_(pack_runs)(tile_rows, e);
    const int64_t rows = (e->query_count + e->run - 1) / e->run;
    const uint64_t valid = rows >= 64 ? ~0ull : (1ull << rows) - 1;
    const int64_t last_group = (e->key_count - 1) / 4;
    float running[64];
    for (int i = 0; i < 64; i++) {
        running[i] = -1e29f;
    }
    for (int64_t panel = 0; panel < e->key_count; panel += MI_ENERGY_KEYS, maxima += 64) {
        const int64_t left = e->key_count - panel;
        const int keys = left < MI_ENERGY_KEYS ? (int)left : MI_ENERGY_KEYS;
        for (int g = 0; g < (keys + 3) / 4; g++) {
            const int64_t key = panel + 4 * g;
            const char *group = key / 4 == last_group && e->tail_keys
                                    ? e->tail_keys
                                    : (const char *)e->keys + key * depth * (e->dtype == MI_FLOAT32 ? 4 : 2);
#if !MI_BF16_DOT
            if (e->dtype != MI_FLOAT32) {
                float *widened = scores + MI_ENERGY_KEYS * 64;
                MI_(widen_rows)(widened, (const uint16_t *)group, 4 * depth);
                group = (const char *)widened;
            }
#endif
            for (int column = 0; column < 64; column += MI_STEP) {
                vf tile[4][MI_TILE_STEP];
                for (int r = 0; r < 4; r++) {
                    for (int v = 0; v < MI_TILE_STEP; v++) {
                        tile[r][v] = (vf){};
                    }
                }
#if MI_BF16_DOT
                if (e->dtype != MI_FLOAT32) {
                    const uint16_t *k = (const uint16_t *)group;
                    MI_(tile_bf16)(tile, k, k + depth, k + 2 * depth, k + 3 * depth, 2,
                                   (const uint16_t *)tile_rows + column * 2, depth / 2);
                } else
#endif
                {
                    const float *k = (const float *)group;
                    MI_(tile_f32)(tile, k, k + depth, k + 2 * depth, k + 3 * depth, 1, tile_rows + column, depth);
                }
                for (int r = 0; r < 4; r++) {
                    const uint64_t seen = MI_(energy_rows)(e, key + r, valid);
                    for (int v = 0; v < MI_TILE_STEP; v++) {
                        const int at = column + v * MI_LANES;
                        vf s = MI_(keep_rows)(tile[r][v] * scale, seen >> at);
                        MI_(store)(scores + (4 * g + r) * 64 + at, s);
                        MI_(store)(running + at, MI_(max)(MI_(load)(running + at), s));
                    }
                }
            }
        }
        for (int at = 0; at < 64; at += MI_LANES) {
            const vf maximum = MI_(load)(running + at);
            MI_(store)(maxima + at, maximum);
            for (int key = 0; key < keys; key += e->block_keys) {
                vf sum = {};
                for (int i = key; i < key + e->block_keys && i < keys; i++) {
                    sum += MI_(exp2_accurate)(MI_(load)(scores + i * 64 + at) - maximum);
                }
                MI_(store)(energies + (panel + key) / e->block_keys * 64 + at, sum);
            }
        }
    }
}

/// Cosines and sines of one position: the product of the two tabulated unit complex numbers.
static void MI_(position_angles)(const mi_reposition *args, size_t position, float *cosines, float *sines) {
    const ptrdiff_t half = args->half;
    const float *coarse = args->coarse + (ptrdiff_t)(position / args->coarse_step) * 2 * half;
    const float *fine = args->fine + (ptrdiff_t)(position % args->coarse_step) * 2 * half;
    for (ptrdiff_t i = 0; i < half; i++) {
        cosines[i] = coarse[i] * fine[i] - coarse[half + i] * fine[half + i];
        sines[i] = coarse[half + i] * fine[i] + coarse[i] * fine[half + i];
    }
}

static void MI_(reposition_rows)(const mi_reposition *args, size_t first, size_t last) {
    float cosines[MI_ROTARY_MAX_HALF], sines[MI_ROTARY_MAX_HALF];
    const ptrdiff_t half = args->half, dim = args->head_dim;
    const ptrdiff_t size = args->dtype == MI_FLOAT32 ? 4 : 2;
    for (size_t i = first; i < last; i++) {
        MI_(position_angles)(args, args->start + i, cosines, sines);
        // Back from its own position, which leaves the scale squared, and on to the target with the scale once more.
        const float back = 1 / (args->scale * args->scale);
        for (ptrdiff_t j = 0; j < half; j++) {
            const float c = cosines[j] * back, s = -sines[j] * back;
            const float tc = args->target ? args->target[j] : args->scale;
            const float ts = args->target ? args->target[half + j] : 0;
            cosines[j] = c * tc - s * ts;
            sines[j] = s * tc + c * ts;
        }
        const char *in = (const char *)args->rows + (ptrdiff_t)i * args->stride * size;
        char *out = (char *)args->out + (ptrdiff_t)i * args->out_stride * size;
        for (ptrdiff_t j = 0; j < half; j += MI_LANES) {
            vf a = MI_(load_row)(in, args->dtype, j, half);
            vf b = MI_(load_row)(in + half * size, args->dtype, j, half);
            vf c = MI_(load_row)(cosines, MI_FLOAT32, j, half);
            vf s = MI_(load_row)(sines, MI_FLOAT32, j, half);
            MI_(store_row)(out, args->dtype, j, half, a * c - b * s);
            MI_(store_row)(out + half * size, args->dtype, j, half, b * c + a * s);
        }
        __builtin_memcpy(out + 2 * half * size, in + 2 * half * size, (size_t)((dim - 2 * half) * size));
    }
}

static void MI_(block_representatives)(const void *queries, int64_t query_stride, int64_t query_count,
                                       const void *keys, mi_dtype dtype, int32_t head_dim, int64_t first,
                                       int32_t block_size, int64_t window, int32_t count, int32_t *best) {
    const ptrdiff_t d = head_dim, size = dtype == MI_FLOAT32 ? 4 : 2;
    float sum[MI_MAXIMUM_HEAD_DIM + 16] = {0}, top[64];
    int32_t found = 0;
    for (int32_t token = 0; token < block_size; token++) {
        // The window after the token; from one token to the next a row leaves and a row comes.
        const int64_t begin = token ? first + token + window : first + 1;
        const int64_t end = first + token + window + 1;
        for (int64_t row = begin < 0 ? 0 : begin; row < end && row < query_count; row++) {
            const char *q = (const char *)queries + row * query_stride * size;
            for (ptrdiff_t i = 0; i < d; i += MI_LANES) {
                vf x = MI_(load_row)(sum, MI_FLOAT32, i, d) + MI_(load_row)(q, dtype, i, d);
                MI_(store_row)(sum, MI_FLOAT32, i, d, x);
            }
        }
        const int64_t leaves = first + token;
        if (token && leaves >= 0 && leaves < query_count) {
            const char *q = (const char *)queries + leaves * query_stride * size;
            for (ptrdiff_t i = 0; i < d; i += MI_LANES) {
                vf x = MI_(load_row)(sum, MI_FLOAT32, i, d) - MI_(load_row)(q, dtype, i, d);
                MI_(store_row)(sum, MI_FLOAT32, i, d, x);
            }
        }
        vf product = {};
        const char *key = (const char *)keys + token * d * size;
        for (ptrdiff_t i = 0; i < d; i += MI_LANES) {
            product = MI_(fma)(MI_(load_row)(key, dtype, i, d), MI_(load_row)(sum, MI_FLOAT32, i, d), product);
        }
        // The mean over rows that are there would divide by the same number nearly everywhere; rows at the end of the
        // call have fewer, so it is done.
        const int64_t from = first + token + 1 < 0 ? 0 : first + token + 1;
        const int64_t to = end < query_count ? end : query_count;
        const float score = to > from ? MI_(sum)(product) / (float)(to - from) : 0;
        int32_t place = found < count ? found++ : count;
        for (; place > 0 && top[place - 1] < score; place--) {
            if (place < count) {
                top[place] = top[place - 1];
                best[place] = best[place - 1];
            }
        }
        if (place < count) {
            top[place] = score;
            best[place] = token;
        }
    }
}

#undef MI_STEP
