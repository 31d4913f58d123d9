#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#endif
#include <unistd.h>

#include "minference_processor.h"

#if defined(__linux__)
/// Whole processors that the control group's quota pays for, or 0 where there is no quota.
static int quota(void) {
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (file == NULL) {
        return 0;
    }
    long limit = 0, period = 0;
    int fields = fscanf(file, "%ld %ld", &limit, &period);
    fclose(file);
    return fields == 2 && limit > 0 && period > 0 ? (int)((limit + period - 1) / period) : 0;
}
#endif

int mi_usable_processors(void) {
    int count = (int)sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        count = CPU_COUNT(&set);
    }
    int paid = quota();
    if (paid > 0 && paid < count) {
        count = paid;
    }
#endif
    return count > 0 ? count : 1;
}
