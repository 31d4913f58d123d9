#ifndef MI_SM80_KEY_ENERGIES_ARGUMENTS_H
#define MI_SM80_KEY_ENERGIES_ARGUMENTS_H

/// Arguments of kernels/sm80_key_energies.cu; a thread block per block of rows.
typedef struct {
    const float *scores;     ///< [rows, from the first of these blocks on][score_stride]: mean keys of blocks
    float *energies;         ///< [blocks of rows][energy_stride]: of every whole key block up to the last row
    long long score_stride;
    long long energy_stride;
    long long first_row;     ///< position of the first row of these blocks
    long long row_count;     ///< rows of these blocks
    int block_size;          ///< rows and keys of a block
    float score_scale;       ///< to units of log2
} mi_key_energies_arguments;

#endif
