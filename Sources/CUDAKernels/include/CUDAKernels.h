#include "mi_kernel_source.h"
#include "mi_tensor_map.h"
#include "sm80_attention_arguments.h"
#include "sm80_convert_arguments.h"
