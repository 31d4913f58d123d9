// Rotated queries or keys as they would be at one common position: turned back from their own, on to that one.

#include "ptx/vector.cuh"
#include "sm80_reposition_arguments.h"
#include "sm80_rotary.cuh"

constexpr int kRows = MI_REPOSITION_ROWS;

extern "C" __global__ void __launch_bounds__(256) reposition(
    const __grid_constant__ mi_reposition_arguments args) {
    __shared__ __align__(16) float cosines[kRows * MI_REPOSITION_MAXIMUM_HALF];
    __shared__ __align__(16) float sines[kRows * MI_REPOSITION_MAXIMUM_HALF];
    const int half = args.half;
    const long long first = (long long)blockIdx.x * kRows;
    const int rows = static_cast<int>(min((long long)kRows, args.row_count - first));
    // A turn back by the table leaves the scale squared.
    const float back = 1 / (args.scale * args.scale);
    for (int i = threadIdx.x; i < rows * half; i += blockDim.x) {
        const int pair = i % half;
        const float2 turn =
            turn_at(args.coarse, args.fine, args.coarse_step, half, args.start + first + i / half, pair);
        float c = turn.x * back, s = -turn.y * back;
        rotate(c, s, args.target[pair], args.target[half + pair]);
        cosines[i] = c;
        sines[i] = s;
    }
    __syncthreads();

    const long long begin = (long long)blockIdx.y * args.head_stride + first * args.row_stride;
    const bf16 *from = static_cast<const bf16 *>(args.rows) + begin;
    bf16 *to = static_cast<bf16 *>(args.out) + begin;
    // Eight pairs a thread, or eight elements that are not rotated.
    const int pairs = half / 8, items = pairs + (args.head_dim - 2 * half) / 8;
    for (int i = threadIdx.x; i < rows * items; i += blockDim.x) {
        const int row = i / items, item = i % items;
        const long long offset = row * args.row_stride;
        if (item >= pairs) {
            const long long place = offset + 2 * half + (item - pairs) * 8;
            *reinterpret_cast<uint4 *>(to + place) = load_once(from + place);
            continue;
        }
        const long long place = offset + item * 8;
        float low[8], high[8];
        widen(load_once(from + place), low);
        widen(load_once(from + place + half), high);
#pragma unroll
        for (int j = 0; j < 8; j++) {
            rotate(low[j], high[j], cosines[row * half + item * 8 + j], sines[row * half + item * 8 + j]);
        }
        store_vector(to + place, low);
        store_vector(to + place + half, high);
    }
}
