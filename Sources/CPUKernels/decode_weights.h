// The softmax of a decode step's part. Included inside MI_SOURCE files after exp2.h, exponential.h and partial.h.

/// Turns `count` scores (in powers of two) into weights relative to their maximum, and begins `out`, a partial result:
/// zeros, the maximum and the weights' sum. The weight after the last is zero.
///
/// Scores are first bent to below `soft_cap` (0: not), and those before `first` get no weight.
static void MI_(decode_weights)(
    float *scores, int64_t count, float soft_cap, int64_t first, float *out, int32_t head_dim) {
    if (soft_cap > 0) {
        // In the scores' unit of log2, where the cap is log2(e) times itself.
        const float cap = soft_cap * 1.44269504088896340736f;
        for (int64_t key = 0; key < count; key += MI_LANES) {
            MI_(store_row)(scores, MI_FLOAT32, key, count,
                           MI_(soft_cap)(MI_(load_row)(scores, MI_FLOAT32, key, count), cap));
        }
    }
    for (int64_t key = 0; key < first && key < count; key++) {
        scores[key] = -1e30f;
    }
    float maximum = scores[0], sum = 0;
    for (int64_t key = 1; key < count; key++) {
        maximum = scores[key] > maximum ? scores[key] : maximum;
    }
    int64_t key = 0;
    vf sums = {};
    for (; key + MI_LANES <= count; key += MI_LANES) {
        vf p = MI_(exp2_accurate)(MI_(load)(scores + key) - maximum);
        MI_(store)(scores + key, p);
        sums += p;
    }
    sum = MI_(sum)(sums);
    for (; key < count; key++) {
        vf p = MI_(exp2_accurate)(MI_(splat)(scores[key] - maximum));
        scores[key] = p[0];
        sum += p[0];
    }
    scores[count] = 0;
    for (int d = 0; d < head_dim; d++) {
        out[d] = 0;
    }
    out[head_dim] = maximum;
    out[head_dim + 1] = sum;
}
