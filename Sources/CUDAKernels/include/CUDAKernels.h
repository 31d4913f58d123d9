#include "convert_arguments.h"
#include "mi_kernel_source.h"
#include "mi_tensor_map.h"
