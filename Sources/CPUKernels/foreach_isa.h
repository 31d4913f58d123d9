// Includes MI_SOURCE once per instruction-set level of this architecture, each time with
//   MI_(name)      the name with the level's suffix,
//   MI_LANES       fp32 lanes of a vector register,
//   MI_VECTORS     vector registers of that width that a kernel may count on,
//   MI_BF16_DOT    1 where pairs of bf16 multiply natively,
// and with every function compiled for the level. An operator's file ends with a switch over the level.

#include <stdint.h>
#include <stddef.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define MI_JOIN2(a, b) a##_##b
#define MI_JOIN(a, b) MI_JOIN2(a, b)
#define MI_(name) MI_JOIN(name, MI_SUFFIX)

#if defined(__x86_64__)

#define MI_SUFFIX sse2
#define MI_LANES 4
#define MI_VECTORS 16
#define MI_BF16_DOT 0
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define MI_SUFFIX avx2
#define MI_LANES 8
#define MI_VECTORS 16
#define MI_BF16_DOT 0
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define MI_SUFFIX avx512
#define MI_LANES 16
#define MI_VECTORS 32
#define MI_BF16_DOT 0
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), apply_to = function)
#define MI_SUFFIX avx512bf16
#define MI_LANES 16
#define MI_VECTORS 32
#define MI_BF16_DOT 1
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT
#pragma clang attribute pop

#define MI_DISPATCH(isa, name, ...)                                    \
    switch (isa) {                                                     \
    case MI_ISA_AVX512_BF16: return name##_avx512bf16(__VA_ARGS__);    \
    case MI_ISA_AVX512: return name##_avx512(__VA_ARGS__);             \
    case MI_ISA_AVX2: return name##_avx2(__VA_ARGS__);                 \
    default: return name##_sse2(__VA_ARGS__);                          \
    }

#elif defined(__aarch64__)

#define MI_SUFFIX neon
#define MI_LANES 4
#define MI_VECTORS 32
#define MI_BF16_DOT 0
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT

#pragma clang attribute push(__attribute__((target("bf16"))), apply_to = function)
#define MI_SUFFIX neonbf16
#define MI_LANES 4
#define MI_VECTORS 32
#define MI_BF16_DOT 1
#include MI_SOURCE
#undef MI_SUFFIX
#undef MI_LANES
#undef MI_VECTORS
#undef MI_BF16_DOT
#pragma clang attribute pop

#define MI_DISPATCH(isa, name, ...)                                \
    switch (isa) {                                                 \
    case MI_ISA_NEON_BF16: return name##_neonbf16(__VA_ARGS__);    \
    default: return name##_neon(__VA_ARGS__);                      \
    }

#else
#error "minference's CPU kernels know x86-64 and arm64"
#endif
