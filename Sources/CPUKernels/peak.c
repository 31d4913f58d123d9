#include "minference_peak.h"

#if defined(__x86_64__)
#define MI_KEEP(register) __asm__ volatile("" : "+v"(register))
#else
#define MI_KEEP(register) __asm__ volatile("" : "+w"(register))
#endif

#define MI_SOURCE "peak.inl.h"
#include "foreach_isa.h"

int64_t mi_peak_work(mi_isa isa, mi_dtype dtype, int64_t rounds) {
    MI_DISPATCH(isa, peak_work, dtype, rounds);
}
