#ifndef MI_SM80_ROW_MASS_ARGUMENTS_H
#define MI_SM80_ROW_MASS_ARGUMENTS_H

enum {
    MI_ROW_MASS_SAMPLES = 16,  ///< query rows of a thread block
    MI_ROW_MASS_WARPS = 8,
};

/// A query row of one head.
typedef struct {
    const void *query;  ///< bf16 [head size]
    int position;       ///< its last key
    int kv_head;
} mi_row_sample;

/// What a part of a row's keys adds up to.
typedef struct {
    float maximum;  ///< the highest score, in units of log2
    float total;    ///< the sum of 2^(score - maximum)
    float kept;     ///< the same over the kept keys
} mi_row_mass;

/// Arguments of kernels/sm80_row_mass.cu; thread blocks are [splits, groups].
typedef struct {
    const mi_row_sample *samples;
    const int *group_starts;          ///< [groups + 1]: runs of samples of one key head, at most MI_ROW_MASS_SAMPLES
    const void *keys;                 ///< bf16 [kv heads, capacity, head size]
    const unsigned int *kept;         ///< [samples, words]: a bit per key; row_mass only
    mi_row_mass *masses;              ///< [samples, splits]; row_mass only
    float *scores;                    ///< [samples, score_stride], scaled, in units of log2; row_scores only
    long long capacity;
    long long score_stride;
    int words;                        ///< per sample
    float score_scale;                ///< scale * log2(e)
} mi_row_mass_arguments;

#endif
