#ifndef MI_SM80_SELECT_ARGUMENTS_H
#define MI_SM80_SELECT_ARGUMENTS_H

// Arguments of kernels/sm80_select.cu. Addresses are the device's.

enum {
    MI_SELECT_TILE = 8192,  ///< lines that a block looks at
    MI_SELECT_BINS = 2048,  ///< bins of a histogram: 11 bits of a score, then 11 and 10 more
    MI_SELECT_LEVELS = 3,
};

/// The `count` highest of a list of scores, ascending by place.
typedef struct {
    const float *scores;
    int *lines;   ///< `count` places
    int count;    ///< 1...line_count
    int forced;   ///< the first lines, which rank above all others; at most `count`
} mi_select_problem;

/// Where the search for the last kept score has got to.
typedef struct {
    unsigned int prefix;  ///< the bits of the score that are known, lowest bit last
    int wanted;           ///< scores to keep among those with this prefix
} mi_select_state;

typedef struct {
    const mi_select_problem *problems;
    mi_select_state *states;         ///< [problems]
    unsigned int *histograms;        ///< [levels][problems][bins], zero to begin with
    int *tile_counts;                ///< [problems][tiles][2]: scores above the last kept one, and equal to it
    int line_count;
    int problem_count;
    int tiles;
    int level;                       ///< 0, 1, 2: which bits
} mi_select_arguments;

#endif
