// Changes of arrangement around the tiles: packing queries, widening keys and values, writing outputs.
// Included inside MI_SOURCE files after vector.h.

#if MI_BF16_DOT
/// Packs query rows `[row][head_dim]` into `[head_dim / 2][64][2]`, zero beyond `rows`.
static inline void MI_(pack_pairs)(void *tile, const uint16_t *queries, int64_t stride, int rows, int head_dim) {
    uint32_t *out = tile;
    for (int row = 0; row < 64; row++) {
        const uint16_t *q = queries + row * stride;
        for (int d = 0; d < head_dim / 2; d++) {
            uint32_t pair = 0;
            if (row < rows) {
                __builtin_memcpy(&pair, q + 2 * d, 4);
            }
            out[d * 64 + row] = pair;
        }
    }
}
#else
static inline void MI_(widen_rows)(float *out, const uint16_t *in, int count) {
    for (int i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)in[i] << 16;
        __builtin_memcpy(out + i, &bits, 4);
    }
}

/// One pair `[head_dim][2]` of values as two fp32 rows.
static inline void MI_(widen_pairs)(float *out, const uint16_t *in, int head_dim) {
    for (int d = 0; d < head_dim; d++) {
        uint32_t even = (uint32_t)in[2 * d] << 16, odd = (uint32_t)in[2 * d + 1] << 16;
        __builtin_memcpy(out + d, &even, 4);
        __builtin_memcpy(out + head_dim + d, &odd, 4);
    }
}

static inline void MI_(pack_widened)(void *tile, const uint16_t *queries, int64_t stride, int rows, int head_dim) {
    uint32_t *out = tile;
    for (int row = 0; row < 64; row++) {
        for (int d = 0; d < head_dim; d++) {
            out[d * 64 + row] = row < rows ? (uint32_t)queries[row * stride + d] << 16 : 0;
        }
    }
}
#endif

static inline void MI_(pack_f32)(void *tile, const float *queries, int64_t stride, int rows, int head_dim) {
    float *out = tile;
    for (int row = 0; row < 64; row++) {
        for (int d = 0; d < head_dim; d++) {
            out[d * 64 + row] = row < rows ? queries[row * stride + d] : 0;
        }
    }
}

/// Normalises O^T and writes its rows.
static inline void MI_(unpack_f32)(float *output, int64_t stride, const float *tile, const float *inverse, int rows,
                            int head_dim) {
    for (int row = 0; row < rows; row++) {
        for (int d = 0; d < head_dim; d++) {
            output[row * stride + d] = tile[d * 64 + row] * inverse[row];
        }
    }
}

static inline void MI_(unpack_bf16)(uint16_t *output, int64_t stride, const float *tile, const float *inverse, int rows,
                             int head_dim) {
    for (int row = 0; row < rows; row++) {
        for (int d = 0; d < head_dim; d++) {
            float x = tile[d * 64 + row] * inverse[row];
            uint32_t bits;
            __builtin_memcpy(&bits, &x, 4);
            output[row * stride + d] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
        }
    }
}
