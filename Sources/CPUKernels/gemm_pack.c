#include <string.h>

#include "minference_gemm.h"

/// Inputs that are converted and transposed at a time.
#define CHUNK 64

size_t mi_gemm_packed_bytes(size_t outputs, size_t inputs, mi_dtype type) {
    size_t panels = (outputs + MI_GEMM_PANEL - 1) / MI_GEMM_PANEL;
    size_t depth = type == MI_FLOAT32 ? inputs * 4 : (inputs + 1) / 2 * 4;
    return panels * MI_GEMM_PANEL * depth;
}

/// Writes `rows` rows of `words` 32-bit words (an fp32 number or a bf16 pair) as columns.
static void transpose(uint32_t (*block)[CHUNK], size_t rows, size_t words, uint32_t *packed) {
    for (size_t word = 0; word < words; word++) {
        for (size_t row = 0; row < rows; row++) {
            packed[word * MI_GEMM_PANEL + row] = block[row][word];
        }
    }
}

void mi_gemm_pack(
    mi_isa isa, const void *w, mi_dtype w_type, size_t rows, size_t inputs, size_t first_output, void *packed,
    mi_dtype type) {
    const size_t w_size = w_type == MI_FLOAT32 ? 4 : 2;
    const size_t per_word = type == MI_FLOAT32 ? 1 : 2;
    const size_t depth = (inputs + per_word - 1) / per_word;
    uint32_t block[MI_GEMM_PANEL][CHUNK];
    for (size_t row = 0; row < rows;) {
        const size_t output = first_output + row;
        const size_t lane = output % MI_GEMM_PANEL;
        const size_t count = rows - row < MI_GEMM_PANEL - lane ? rows - row : MI_GEMM_PANEL - lane;
        uint32_t *panel = (uint32_t *)packed + output / MI_GEMM_PANEL * MI_GEMM_PANEL * depth + lane;
        for (size_t word = 0; word < depth; word += CHUNK) {
            const size_t words = depth - word < CHUNK ? depth - word : CHUNK;
            const size_t elements = inputs - word * per_word;
            const size_t taken = elements < words * per_word ? elements : words * per_word;
            for (size_t i = 0; i < count; i++) {
                const char *source = (const char *)w + ((row + i) * inputs + word * per_word) * w_size;
                block[i][words - 1] = 0;
                mi_convert(isa, source, w_type, block[i], type, taken);
            }
            transpose(block, count, words, panel + word * MI_GEMM_PANEL);
        }
        row += count;
    }
}
