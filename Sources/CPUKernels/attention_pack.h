// Changes of arrangement around the tiles: packing queries, widening keys and values, writing outputs.
// Included inside MI_SOURCE files after vector.h.

typedef uint32_t MI_(quad) __attribute__((vector_size(16)));
typedef uint32_t MI_(quad_u) __attribute__((vector_size(16), aligned(4)));

/// Transposes four rows of four 32-bit elements.
static inline __attribute__((always_inline)) void MI_(transpose4)(MI_(quad) rows[4]) {
    MI_(quad) ab_low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
    MI_(quad) ab_high = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    MI_(quad) cd_low = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
    MI_(quad) cd_high = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    rows[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
    rows[1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
    rows[2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
    rows[3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

/// Packs rows of `count` 32-bit elements into `[count][64]`, zero beyond `rows`. `row_bytes` is the rows' stride.
static inline void MI_(pack_words)(void *tile, const void *source, int64_t row_bytes, int rows, int count) {
    uint32_t *out = tile;
    for (int row = 0; row < 64; row += 4) {
        const char *in = (const char *)source + row * row_bytes;
        int column = 0;
        for (; row + 4 <= rows && column + 4 <= count; column += 4) {
            MI_(quad) quads[4];
            for (int i = 0; i < 4; i++) {
                quads[i] = *(const MI_(quad_u) *)(in + i * row_bytes + 4 * column);
            }
            MI_(transpose4)(quads);
            for (int i = 0; i < 4; i++) {
                *(MI_(quad_u) *)(out + (column + i) * 64 + row) = quads[i];
            }
        }
        for (; column < count; column++) {
            for (int i = 0; i < 4; i++) {
                uint32_t word = 0;
                if (row + i < rows) {
                    __builtin_memcpy(&word, in + i * row_bytes + 4 * column, 4);
                }
                out[column * 64 + row + i] = word;
            }
        }
    }
}

/// Packs fp32 query rows into `[head_dim][64]`.
static inline void MI_(pack_f32)(void *tile, const float *queries, int64_t stride, int rows, int head_dim) {
    MI_(pack_words)(tile, queries, stride * 4, rows, head_dim);
}

#if MI_BF16_DOT
/// Packs bf16 query rows into pairs, `[head_dim / 2][64][2]`.
static inline void MI_(pack_pairs)(void *tile, const uint16_t *queries, int64_t stride, int rows, int head_dim) {
    MI_(pack_words)(tile, queries, stride * 2, rows, head_dim / 2);
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

/// Normalises O^T `[head_dim][64]` and writes its first `rows` rows as fp32 or bf16; `head_dim` is a multiple of 4.
static inline __attribute__((always_inline)) void MI_(unpack)(
    void *output, int64_t stride, mi_dtype dtype, const float *tile, const float *inverse, int rows, int head_dim) {
    for (int row = 0; row < rows; row += 4) {
        const int used = rows - row < 4 ? rows - row : 4;
        for (int d = 0; d < head_dim; d += 4) {
            MI_(quad) quads[4];
            for (int i = 0; i < 4; i++) {
                quads[i] = *(const MI_(quad_u) *)(tile + (d + i) * 64 + row);
            }
            MI_(transpose4)(quads);
            for (int i = 0; i < used; i++) {
                typedef float floats __attribute__((vector_size(16)));
                MI_(quad) bits = (MI_(quad))((floats)quads[i] * inverse[row + i]);
                const int64_t at = (row + i) * stride + d;
                if (dtype == MI_FLOAT32) {
                    *(MI_(quad_u) *)((float *)output + at) = bits;
                } else {
                    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
                    typedef uint16_t halves __attribute__((vector_size(8)));
                    halves narrow = __builtin_convertvector(bits, halves);
                    __builtin_memcpy((uint16_t *)output + at, &narrow, 8);
                }
            }
        }
    }
}
