// The multiply-add rate of one core, measured: what fractions of peak are fractions of.
#ifndef MINFERENCE_PEAK_H
#define MINFERENCE_PEAK_H

#include <stdint.h>

#include "minference_dtype.h"
#include "minference_isa.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Runs `rounds` times 16 independent multiply-adds in registers and returns how many floating-point operations
/// (two per multiply-add) that were. fp32 FMA, or the bf16 dot where the level has one.
int64_t mi_peak_work(mi_isa isa, mi_dtype dtype, int64_t rounds);

#ifdef __cplusplus
}
#endif
#endif
