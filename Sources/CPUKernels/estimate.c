#include "minference_estimate.h"

#include "attention_panel.h"

#define MI_SOURCE "estimate.inl.h"
#include "foreach_isa.h"

size_t mi_estimate_scratch_bytes(int32_t head_dim) {
    return sizeof(float) * (64 * (size_t)head_dim + MI_ESTIMATE_KEYS * (64 + (size_t)head_dim));
}

void mi_estimate_scores(mi_isa isa, const mi_estimate *estimate, int64_t begin, int64_t end, uint16_t *exponentials,
                        float *maxima, float *sums, void *scratch) {
    MI_DISPATCH(isa, estimate_scores, estimate, begin, end, exponentials, maxima, sums, scratch);
}

void mi_estimate_lines(mi_isa isa, int64_t begin, int64_t end, const uint16_t *exponentials, const float *maxima,
                       const float *maximum, const float *inverse_sum, float *columns, float *distances) {
    MI_DISPATCH(isa, estimate_lines, begin, end, exponentials, maxima, maximum, inverse_sum, columns, distances);
}

void mi_row_scores(mi_isa isa, const void *query, const void *keys, mi_dtype dtype, int32_t head_dim, float scale,
                   float soft_cap, int64_t begin, int64_t end, float *scores) {
    MI_DISPATCH(isa, row_scores, query, keys, dtype, head_dim, scale, soft_cap, begin, end, scores);
}

void mi_block_means(mi_isa isa, const void *rows, int64_t row_stride, mi_dtype dtype, int32_t head_dim,
                    int64_t row_count, int32_t block_size, float *means) {
    MI_DISPATCH(isa, block_means, rows, row_stride, dtype, head_dim, row_count, block_size, means);
}

void mi_softmax(mi_isa isa, float *scores, int64_t count) {
    MI_DISPATCH(isa, softmax, scores, count);
}

float mi_exp2(float x) {
    return __builtin_exp2f(x);
}
