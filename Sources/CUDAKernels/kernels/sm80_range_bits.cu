// Sets the bits of lists of ranges, a warp per range.

#include "sm80_range_bits_arguments.h"

extern "C" __global__ void __launch_bounds__(256) range_bits(const __grid_constant__ mi_range_bits_arguments args) {
    const long long index = (long long)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
    if (index >= args.range_count) return;
    const mi_key_range range = args.ranges[index];
    unsigned int *bits = args.bits + (long long)range.sample * args.words;
    for (int word = range.begin / 32 + threadIdx.x % 32; word * 32LL < range.end; word += 32) {
        const int below = range.begin - word * 32, above = range.end - word * 32;
        unsigned int mask = below > 0 ? ~0u << below : ~0u;
        if (above < 32) mask &= ~(~0u << above);
        // Ranges may share a word.
        atomicOr(bits + word, mask);
    }
}
