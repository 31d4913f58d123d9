// What the worker pool asks of the processor and the operating system.
#ifndef MINFERENCE_PROCESSOR_H
#define MINFERENCE_PROCESSOR_H

#ifdef __cplusplus
extern "C" {
#endif

/// The number of processors that this process may use: its affinity mask, or all that are online where there is none,
/// but no more than a control group's quota pays for. At least 1.
int mi_usable_processors(void);

/// Tells the core that this is a spin loop.
static inline void mi_spin_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

#ifdef __cplusplus
}
#endif
#endif
