#ifndef MI_LAUNCH_CONFIG_H
#define MI_LAUNCH_CONFIG_H

/// `CUlaunchAttribute` of cuda.h with a value that is a number.
typedef struct {
    int attribute;
    char padding[4];
    int value;
    char rest[60];
} mi_launch_attribute;

/// `CUlaunchConfig` of cuda.h.
typedef struct {
    unsigned int grid[3];
    unsigned int block[3];
    unsigned int shared_bytes;
    void *stream;
    const mi_launch_attribute *attributes;
    unsigned int attribute_count;
} mi_launch_config;

_Static_assert(sizeof(mi_launch_attribute) == 72 && sizeof(mi_launch_config) == 56, "as the driver has them");

#endif
