// Instruction-set levels and their detection.
#ifndef MINFERENCE_ISA_H
#define MINFERENCE_ISA_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A set of instructions that one compilation of each operator may use.
typedef enum mi_isa {
    MI_ISA_SSE2 = 0,         ///< x86-64 baseline, 4 fp32 lanes
    MI_ISA_AVX2 = 1,         ///< AVX2, FMA and F16C, 8 lanes
    MI_ISA_AVX512 = 2,       ///< AVX-512 F, BW, DQ, VL, 16 lanes
    MI_ISA_AVX512_BF16 = 3,  ///< with vdpbf16ps
    MI_ISA_NEON = 4,         ///< arm64 baseline, 4 lanes
    MI_ISA_NEON_BF16 = 5,    ///< with bfdot
} mi_isa;

enum { MI_ISA_COUNT = 6 };

/// Whether this processor (and this build's architecture) can run a level.
bool mi_isa_available(mi_isa isa);

/// The highest level that is available.
mi_isa mi_isa_best(void);

/// "sse2", "avx2", "avx512", "avx512bf16", "neon" or "neonbf16".
const char *mi_isa_name(mi_isa isa);

/// Whether a level multiplies bf16 pairs natively; others widen bf16 operands to fp32.
bool mi_isa_has_bf16_dot(mi_isa isa);

#ifdef __cplusplus
}
#endif
#endif
