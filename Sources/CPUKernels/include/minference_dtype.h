// Element types.
#ifndef MINFERENCE_DTYPE_H
#define MINFERENCE_DTYPE_H

/// An element type in memory.
typedef enum mi_dtype {
    MI_FLOAT32 = 0,
    MI_BFLOAT16 = 1,
    MI_FLOAT16 = 2,  ///< only a source of mi_convert
} mi_dtype;

#endif
