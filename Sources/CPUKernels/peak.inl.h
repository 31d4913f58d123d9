#include "vector.h"
#include "tile.h"

// The accumulators pass through an empty assembler statement, so that the compiler can neither drop nor hoist a step.
static int64_t MI_(peak_work)(mi_dtype dtype, int64_t rounds) {
    vf sums[16];
    for (int i = 0; i < 16; i++) {
        sums[i] = (vf){};
    }
#if MI_BF16_DOT
    if (dtype == MI_BFLOAT16) {
        uint16_t zeros[2 * MI_LANES] = {0};
        MI_(vpair) x = MI_(load_pairs)(zeros);
        for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
            for (int i = 0; i < 16; i++) {
                sums[i] = MI_(dot_pairs)(sums[i], x, x);
                MI_KEEP(sums[i]);
            }
        }
        return rounds * 16 * MI_LANES * 4;
    }
#endif
    (void)dtype;
    vf x = MI_(splat)(0.5f);
    for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 16
        for (int i = 0; i < (MI_VECTORS == 32 ? 16 : 8); i++) {
            sums[i] = MI_(fma)(sums[i], x, x);
            MI_KEEP(sums[i]);
        }
    }
    return rounds * (MI_VECTORS == 32 ? 16 : 8) * MI_LANES * 2;
}
