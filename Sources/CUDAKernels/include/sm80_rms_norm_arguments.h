#ifndef MI_SM80_RMS_NORM_ARGUMENTS_H
#define MI_SM80_RMS_NORM_ARGUMENTS_H

enum {
    MI_RMS_NORM_PER_THREAD = 16,  ///< elements that a thread holds; a row takes at most 1024 threads
};

/// Arguments of kernels/sm80_rms_norm.cu; one thread block of `width / MI_RMS_NORM_PER_THREAD` threads, rounded up to
/// whole warps, per row.
typedef struct {
    const float *x;       ///< [rows, width]
    const float *weight;  ///< [width]
    void *output;         ///< [rows, width]
    int width;            ///< a multiple of 4
    float epsilon;
} mi_rms_norm_arguments;

#endif
