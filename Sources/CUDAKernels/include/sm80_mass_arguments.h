#ifndef MI_SM80_MASS_ARGUMENTS_H
#define MI_SM80_MASS_ARGUMENTS_H

// Arguments of kernels/sm80_mass.cu. Addresses are the device's.

enum {
    MI_MASS_TILE = 1024,             ///< lines that a block looks at
    MI_MASS_BUCKETS = 36 * 16,       ///< buckets of mass per cost, as WorthBucket has them
    MI_MASS_BUCKET_SHIFT = 19,
    MI_MASS_BUCKET_BASE = (127 - 36) << 4,
};

/// Ascending places with their own mass and all that they claim, as shares of the whole mass.
typedef struct {
    int *places;
    float *own;
    float *claimed;
} mi_mass_lines;

/// What is found about a head, copied to the host.
typedef struct {
    long long all;     ///< all mass, in units of 2^-40
    long long forced;  ///< the mass of sinks and local band
    long long own;     ///< the own mass of all lines that can be chosen, times max(rows - 1, 1)
    int columns;       ///< candidate columns
    int cells;         ///< candidate cells
} mi_mass_result;

/// One head.
typedef struct {
    const float *columns;        ///< sums along columns
    const float *distances;      ///< sums along diagonals
    mi_mass_result *result;      ///< zero to begin with
    mi_mass_lines column_lines;  ///< room for column_limit
    mi_mass_lines cell_lines;    ///< room for the cells within reach of cell_limit heavy ones
    float *cells;                ///< [2][cells]: own and claimed masses of all cells
    int column_limit;
    int cell_limit;
} mi_mass_problem;

typedef struct {
    const mi_mass_problem *problems;
    int *counts;      ///< [problems][2][MI_MASS_BUCKETS]: columns, then cells; zero to begin with
    int *lowest;      ///< [problems][2]: the lowest bucket that is a candidate's
    int *tile_counts; ///< [problems][tiles]: candidate columns
    int problem_count;
    int tiles;        ///< of the longer of both ranges
    int key_count;
    int query_start;
    int query_count;
    int rows;         ///< 1...64
    int sinks;
    int local;
    int column_first, column_end;      ///< columns that can be chosen
    int distance_first, distance_end;  ///< distances that can be chosen
    int cell_width;   ///< distances of a cell: a power of two, at most MI_MASS_TILE
    int cell_reach;
    int cell_count;
} mi_mass_arguments;

#endif
