#ifndef SM80_CONVERT_ARGUMENTS_H
#define SM80_CONVERT_ARGUMENTS_H

/// Arguments of `sm80_convert.cu`.
typedef struct {
    /// `count` elements of the type that the kernel was compiled for.
    unsigned long long source;
    /// `count` elements of the other type; does not overlap `source`.
    unsigned long long target;
    long long count;
} mi_convert_arguments;

#endif
