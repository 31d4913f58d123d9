// Lists of each row's keys as an exact mask: a word of 64 rows per key.

#include "sm80_row_bits_arguments.h"

extern "C" __global__ void __launch_bounds__(256) row_bits(const __grid_constant__ mi_row_bits_arguments args) {
    const long long row = blockIdx.x;
    const int count = min(args.count, args.lengths[row]);
    const unsigned long long bit = 1ull << row % 64;
    unsigned long long *words = args.words + row / 64 * args.word_stride;
    for (int i = threadIdx.x; i < count; i += 256) atomicOr(words + args.keys[row * args.count + i], bit);
}
