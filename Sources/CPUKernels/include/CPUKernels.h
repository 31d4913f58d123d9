// The operators of the CPU backend, in C because Swift cannot ask for an instruction set per function.
//
// Every operator takes the instruction-set level to run at; the caller detects it once (mi_isa_best) or forces a lower
// one. Nothing here allocates, keeps state or starts threads: buffers and scratch come from the caller, who also splits
// the work.
#ifndef MINFERENCE_CPU_KERNELS_H
#define MINFERENCE_CPU_KERNELS_H

#include "minference_attention.h"
#include "minference_block_energy.h"
#include "minference_decode.h"
#include "minference_dtype.h"
#include "minference_elementwise.h"
#include "minference_estimate.h"
#include "minference_gemm.h"
#include "minference_gemm8.h"
#include "minference_isa.h"
#include "minference_kv8.h"
#include "minference_peak.h"
#include "minference_processor.h"

#endif
