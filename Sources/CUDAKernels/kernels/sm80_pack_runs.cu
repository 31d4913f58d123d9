// One head's rows, in runs of consecutive ones, as the rows of a matrix: what sums of antidiagonals multiply.

#include "ptx/vector.cuh"
#include "sm80_pack_runs_arguments.h"

extern "C" __global__ void __launch_bounds__(256) pack_runs(const __grid_constant__ mi_pack_runs_arguments args) {
    const int vectors = args.head_dim / 8;
    const long long place = (long long)blockIdx.x * 256 + threadIdx.x;
    const long long slot = place / vectors;  // of a row among all runs
    if (slot >= args.run_count * args.run_rows) return;
    const int element = static_cast<int>(place % vectors) * 8;
    const long long run = slot / args.run_rows;
    const int part = static_cast<int>(slot % args.run_rows);
    const long long row = run * args.run_rows + (args.backwards ? args.run_rows - 1 - part : part);
    uint4 v = {};
    if (row < args.row_count) v = load_once(static_cast<const bf16 *>(args.rows) + row * args.row_stride + element);
    *reinterpret_cast<uint4 *>(static_cast<bf16 *>(args.runs) + slot * args.head_dim + element) = v;
}
