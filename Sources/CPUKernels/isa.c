#include "minference_isa.h"

#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#define MI_HWCAP2_BF16 (1ul << 14)
#endif

bool mi_isa_available(mi_isa isa) {
    switch (isa) {
#if defined(__x86_64__)
    case MI_ISA_SSE2:
        return true;
    case MI_ISA_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    case MI_ISA_AVX512:
        return mi_isa_available(MI_ISA_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
    case MI_ISA_AVX512_BF16:
        return mi_isa_available(MI_ISA_AVX512) && __builtin_cpu_supports("avx512bf16");
#elif defined(__aarch64__)
    case MI_ISA_NEON:
        return true;
    case MI_ISA_NEON_BF16:
#if defined(__linux__)
        return (getauxval(AT_HWCAP2) & MI_HWCAP2_BF16) != 0;
#elif defined(__APPLE__)
        return __builtin_cpu_supports("bf16");
#else
        return false;
#endif
#endif
    default:
        return false;
    }
}

mi_isa mi_isa_best(void) {
    for (int isa = MI_ISA_COUNT - 1; isa > 0; isa--) {
        if (mi_isa_available((mi_isa)isa)) {
            return (mi_isa)isa;
        }
    }
    return MI_ISA_SSE2;
}

const char *mi_isa_name(mi_isa isa) {
    static const char *const names[MI_ISA_COUNT] = {"sse2", "avx2", "avx512", "avx512bf16", "neon", "neonbf16"};
    return (unsigned)isa < MI_ISA_COUNT ? names[isa] : "unknown";
}

bool mi_isa_has_bf16_dot(mi_isa isa) {
    return isa == MI_ISA_AVX512_BF16 || isa == MI_ISA_NEON_BF16;
}
