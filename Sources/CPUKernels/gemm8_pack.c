#include "bytes.h"

/// Inputs that are converted at a time; groups are whole within it or as long as a row.
#define CHUNK MI_GEMM8_DEPTH

size_t mi_gemm8_packed_bytes(size_t outputs, size_t inputs) {
    return (outputs + MI_GEMM_PANEL - 1) / MI_GEMM_PANEL * MI_GEMM_PANEL * inputs;
}

size_t mi_gemm8_scale_count(size_t outputs, size_t inputs, size_t group) {
    return (outputs + MI_GEMM_PANEL - 1) / MI_GEMM_PANEL * MI_GEMM_PANEL * ((inputs + group - 1) / group);
}

/// Raises `scales[group * MI_GEMM_PANEL]` to the largest magnitude of each group of a row.
static void find_largest(
    mi_isa isa, const char *row, mi_dtype type, size_t inputs, size_t group, float *scales) {
    const size_t size = type == MI_FLOAT32 ? 4 : 2;
    float numbers[CHUNK];
    for (size_t k = 0; k < inputs; k += CHUNK) {
        const size_t count = inputs - k < CHUNK ? inputs - k : CHUNK;
        mi_convert(isa, row + k * size, type, numbers, MI_FLOAT32, count);
        for (size_t i = 0; i < count; i++) {
            float *largest = scales + (k + i) / group * MI_GEMM_PANEL;
            const float magnitude = __builtin_fabsf(numbers[i]);
            *largest = magnitude > *largest ? magnitude : *largest;
        }
    }
}

void mi_gemm8_pack(
    mi_isa isa, const void *w, mi_dtype w_type, size_t rows, size_t inputs, size_t first_output, size_t group,
    mi_byte_format format, uint8_t *packed, float *scales) {
    const size_t size = w_type == MI_FLOAT32 ? 4 : 2, groups = (inputs + group - 1) / group;
    const float largest = mi_byte_largest(format);
    float numbers[CHUNK];
    for (size_t r = 0; r < rows; r++) {
        const size_t panel = (first_output + r) / MI_GEMM_PANEL, lane = (first_output + r) % MI_GEMM_PANEL;
        const char *row = (const char *)w + r * inputs * size;
        float *row_scales = scales + panel * groups * MI_GEMM_PANEL + lane;
        uint8_t *bytes = packed + panel * inputs * MI_GEMM_PANEL + lane;
        find_largest(isa, row, w_type, inputs, group, row_scales);
        for (size_t g = 0; g < groups; g++) {
            row_scales[g * MI_GEMM_PANEL] /= largest;
        }
        for (size_t k = 0; k < inputs; k += CHUNK) {
            const size_t count = inputs - k < CHUNK ? inputs - k : CHUNK;
            mi_convert(isa, row + k * size, w_type, numbers, MI_FLOAT32, count);
            for (size_t i = 0; i < count; i++) {
                const float scale = row_scales[(k + i) / group * MI_GEMM_PANEL];
                // Numbers so small that their factor is none are zeros.
                bytes[(k + i) * MI_GEMM_PANEL] = scale > 0 ? mi_byte(numbers[i] / scale, format) : 0;
            }
        }
    }
}
