#pragma once

#include "sm80_mass_arguments.h"

// The split of line sums into own and shared masses, as LineMasses has it, for one tile of lines. Masses are integers,
// so that windows come out of running sums exactly, and the same in any order.

constexpr int kThreads = 256;
constexpr int kTile = MI_MASS_TILE;
constexpr int kMaxRows = 64;
/// The other kind's lines that a tile crosses, and the lines of the own kind that those cross.
constexpr int kOthers = kTile + kMaxRows - 1;
constexpr int kLines = kTile + 2 * kMaxRows - 2;
constexpr int kItems = (kLines + 1 + kThreads - 1) / kThreads;
constexpr int kSums = kItems * kThreads;
constexpr int kTileItems = kTile / kThreads;

using Mass = long long;

/// A sum as a mass: a multiple of 2^-40, zero for NaN, infinite and negative ones.
__device__ __forceinline__ Mass mass_of(float sum) {
    return sum > 0.0f && sum < __int_as_float(0x7F800000)
        ? static_cast<Mass>(__fmul_rn(fminf(sum, 64.0f), 1099511627776.0f))
        : 0;
}

/// A line's mass per key, in sixteenths of octaves.
__device__ __forceinline__ int bucket_of(float worth) {
    const int bucket = static_cast<int>(__float_as_uint(worth) >> MI_MASS_BUCKET_SHIFT) - MI_MASS_BUCKET_BASE;
    return min(max(bucket, 0), MI_MASS_BUCKETS - 1);
}

/// The keys that a line costs a row block, see LineExtents.
__device__ __forceinline__ float line_cost(const mi_mass_arguments &args, int line) {
    const int rows = args.key_count - max(line, args.query_start);
    return __fdiv_rn(static_cast<float>(args.query_count), static_cast<float>(max(rows, 1)));
}

/// A share of the whole mass for one unit of a claimed mass.
__device__ __forceinline__ float share_of(const mi_mass_arguments &args, Mass all) {
    const double units = static_cast<double>(args.rows * max(args.rows - 1, 1));
    return static_cast<float>(__drcp_rn(__dmul_rn(static_cast<double>(all), units)));
}

/// Lines that can be chosen, of one kind.
struct Kind {
    const float *sums;
    int first;
    int end;

    __device__ __forceinline__ Mass mass(int line) const {
        return line >= first && line < end ? mass_of(sums[line]) : 0;
    }
};

struct SplitMemory {
    Mass running[kSums];
    Mass others[kSums];
    Mass own_others[kSums];
    Mass warps[kThreads / 32];
};

/// The exclusive running sums of what each thread has, `kItems` neighbours, over the block.
__device__ __forceinline__ void running_sums(Mass *sums, const Mass (&items)[kItems], Mass *warps) {
    Mass own = 0;
#pragma unroll
    for (int item = 0; item < kItems; ++item) own += items[item];
    Mass before = own;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
        const Mass other = __shfl_up_sync(~0u, before, step);
        if (lane >= step) before += other;
    }
    if (lane == 31) warps[warp] = before;
    __syncthreads();
    before -= own;
    for (int other = 0; other < warp; ++other) before += warps[other];
#pragma unroll
    for (int item = 0; item < kItems; ++item) {
        sums[threadIdx.x * kItems + item] = before;
        before += items[item];
    }
    __syncthreads();
}

/// Hands to `body` a thread's lines of the tile from `first` on, numbered `0 ..< kTileItems` and `kThreads` apart: the own
/// mass times `max(rows - 1, 1)`, and all that the line claims times `rows` as much.
///
/// Lines of the other kind are counted from the end: line `i` crosses others `i ..< i + rows`, other `u` lines
/// `u - rows + 1 ... u`.
template <class Body>
__device__ __forceinline__ void split_tile(
    const mi_mass_arguments &args, SplitMemory &memory, const Kind &lines, const Kind &others, int first, Body body) {
    const int rows = args.rows;
    const Mass rest = max(rows - 1, 1);
    Mass items[kItems];
#pragma unroll
    for (int item = 0; item < kItems; ++item)
        items[item] = lines.mass(first - rows + 1 + static_cast<int>(threadIdx.x) * kItems + item);
    running_sums(memory.running, items, memory.warps);
#pragma unroll
    for (int item = 0; item < kItems; ++item)
        items[item] = others.mass(args.key_count - 1 - (first + static_cast<int>(threadIdx.x) * kItems + item));
    Mass own[kItems];
#pragma unroll
    for (int item = 0; item < kItems; ++item) {
        const int place = threadIdx.x * kItems + item;
        const Mass window = place + rows < kSums ? memory.running[place + rows] - memory.running[place] : 0;
        own[item] = min(max(items[item] * rows - window, 0ll), items[item] * rest);
    }
    running_sums(memory.others, items, memory.warps);
    running_sums(memory.own_others, own, memory.warps);
#pragma unroll
    for (int item = 0; item < kTileItems; ++item) {
        const int place = item * kThreads + threadIdx.x;
        const Mass mass = memory.running[place + rows] - memory.running[place + rows - 1];
        const Mass window = memory.others[place + rows] - memory.others[place];
        const Mass own_window = memory.own_others[place + rows] - memory.own_others[place];
        const Mass line_own = min(max(mass * rows - window, 0ll), mass * rest);
        body(item, place, line_own, max(mass * rows * rest - own_window, line_own * rows));
    }
}
