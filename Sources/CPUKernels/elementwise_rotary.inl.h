#include "vector.h"
#include "partial.h"

/// Cosines and sines of one position: the product of the two tabulated unit complex numbers.
static void MI_(angles)(const mi_rotary *args, size_t position, float *cosines, float *sines) {
    const ptrdiff_t half = args->half;
    const float *coarse = args->coarse + (ptrdiff_t)(position / args->coarse_step) * 2 * half;
    const float *fine = args->fine + (ptrdiff_t)(position % args->coarse_step) * 2 * half;
    for (ptrdiff_t i = 0; i < half; i += MI_LANES) {
        vf ca = MI_(load_row)(coarse, MI_FLOAT32, i, half);
        vf sa = MI_(load_row)(coarse + half, MI_FLOAT32, i, half);
        vf cb = MI_(load_row)(fine, MI_FLOAT32, i, half);
        vf sb = MI_(load_row)(fine + half, MI_FLOAT32, i, half);
        MI_(store_row)(cosines, MI_FLOAT32, i, half, ca * cb - sa * sb);
        MI_(store_row)(sines, MI_FLOAT32, i, half, sa * cb + ca * sb);
    }
}

/// One head of one token, rotated into `out`.
static inline __attribute__((always_inline)) void MI_(rotate_head)(
    const float *x, const float *cosines, const float *sines, ptrdiff_t half, ptrdiff_t head_dim, void *out,
    mi_dtype type) {
    const ptrdiff_t size = type == MI_FLOAT32 ? 4 : 2;
    char *upper = (char *)out + half * size;
    for (ptrdiff_t i = 0; i < half; i += MI_LANES) {
        vf a = MI_(load_row)(x, MI_FLOAT32, i, half);
        vf b = MI_(load_row)(x + half, MI_FLOAT32, i, half);
        vf c = MI_(load_row)(cosines, MI_FLOAT32, i, half);
        vf s = MI_(load_row)(sines, MI_FLOAT32, i, half);
        MI_(store_row)(out, type, i, half, a * c - b * s);
        MI_(store_row)(upper, type, i, half, b * c + a * s);
    }
    const ptrdiff_t rest = head_dim - 2 * half;
    for (ptrdiff_t i = 0; i < rest; i += MI_LANES) {
        MI_(store_row)((char *)out + 2 * half * size, type, i, rest, MI_(load_row)(x + 2 * half, MI_FLOAT32, i, rest));
    }
}

/// fp32 bits rounded to bf16 in the upper half of every lane; NaN stays NaN.
static inline __attribute__((always_inline)) vi MI_(round_upper)(vf v) {
    vi bits = (vi)v;
    vi rounded = bits + 0x7FFF + ((bits >> 16) & 1);
    vi nan = (vi)(v != v);
    return ((rounded & ~nan) | ((bits | 0x400000) & nan)) & (int32_t)0xFFFF0000u;
}

/// Writes one value row into its half of every pair and leaves the other half as it is.
static void MI_(store_value)(uint16_t *pairs, int slot, const float *v, ptrdiff_t head_dim) {
    for (ptrdiff_t i = 0; i < head_dim; i += MI_LANES) {
        uint16_t lanes[MI_LANES];
        MI_(store_bf16)(lanes, MI_(load_row)(v, MI_FLOAT32, i, head_dim));
        for (ptrdiff_t j = 0; j < MI_LANES && i + j < head_dim; j++) {
            pairs[2 * (i + j) + slot] = lanes[j];
        }
    }
}

/// Writes the value rows of an even and the following odd token.
static void MI_(store_value_pair)(uint16_t *pairs, const float *even, const float *odd, ptrdiff_t head_dim) {
    for (ptrdiff_t i = 0; i < head_dim; i += MI_LANES) {
        vi low = MI_(round_upper)(MI_(load_row)(even, MI_FLOAT32, i, head_dim));
        vi high = MI_(round_upper)(MI_(load_row)(odd, MI_FLOAT32, i, head_dim));
        vf both = (vf)(high | ((low >> 16) & 0xFFFF));
        if (head_dim - i >= MI_LANES) {
            __builtin_memcpy(pairs + 2 * i, &both, sizeof both);
        } else {
            __builtin_memcpy(pairs + 2 * i, &both, (size_t)(head_dim - i) * 4);
        }
    }
}

static void MI_(store_values)(const mi_rotary *args, size_t start, size_t first, size_t last) {
    const ptrdiff_t dim = args->head_dim;
    const ptrdiff_t row = (args->heads + 2 * (ptrdiff_t)args->kv_heads) * dim;
    start -= args->first_token;
    for (int h = 0; h < args->kv_heads; h++) {
        const float *v = args->qkv + (args->heads + args->kv_heads + h) * dim;
        const ptrdiff_t base = h * (ptrdiff_t)args->capacity * dim;
        if (args->cache_type == MI_FLOAT32) {
            for (size_t i = first; i < last; i++) {
                float *out = (float *)args->values + base + (ptrdiff_t)(start + i) * dim;
                __builtin_memcpy(out, v + (ptrdiff_t)i * row, (size_t)dim * 4);
            }
            continue;
        }
        for (size_t i = first; i < last;) {
            const size_t token = start + i;
            uint16_t *pairs = (uint16_t *)args->values + base + (ptrdiff_t)(token / 2) * 2 * dim;
            if (token % 2 == 0 && i + 1 < last) {
                MI_(store_value_pair)(pairs, v + (ptrdiff_t)i * row, v + (ptrdiff_t)(i + 1) * row, dim);
                i += 2;
            } else {
                MI_(store_value)(pairs, (int)(token % 2), v + (ptrdiff_t)i * row, dim);
                i += 1;
            }
        }
    }
}

static void MI_(rotate_and_store)(const mi_rotary *args, size_t start, size_t first, size_t last) {
    float cosines[MI_ROTARY_MAX_HALF], sines[MI_ROTARY_MAX_HALF];
    const ptrdiff_t dim = args->head_dim, half = args->half;
    const ptrdiff_t query_size = args->query_type == MI_FLOAT32 ? 4 : 2;
    const ptrdiff_t key_size = args->cache_type == MI_FLOAT32 ? 4 : 2;
    for (size_t i = first; i < last; i++) {
        const float *x = args->qkv + (ptrdiff_t)i * (args->heads + 2 * args->kv_heads) * dim;
        MI_(angles)(args, start + i, cosines, sines);
        for (int h = 0; h < args->heads; h++) {
            char *out = (char *)args->queries + ((ptrdiff_t)i * args->heads + h) * dim * query_size;
            MI_(rotate_head)(x + h * dim, cosines, sines, half, dim, out, args->query_type);
        }
        for (int h = 0; h < args->kv_heads; h++) {
            const ptrdiff_t slot = h * (ptrdiff_t)args->capacity + (ptrdiff_t)(start + i - args->first_token);
            char *out = (char *)args->keys + slot * dim * key_size;
            MI_(rotate_head)(x + (args->heads + h) * dim, cosines, sines, half, dim, out, args->cache_type);
        }
    }
    MI_(store_values)(args, start, first, last);
}
