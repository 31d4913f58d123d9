#include "mass_split.cuh"

// Candidates of a choice by mass, as LineMasses finds them on the host and bit for bit the same: all masses as integers,
// a histogram of mass per cost, and the lines from some bucket of it on, in order.

/// Sums over the block, in thread 0.
__device__ __forceinline__ Mass block_sum(Mass value, Mass *warps) {
#pragma unroll
    for (int step = 16; step > 0; step /= 2) value += __shfl_down_sync(~0u, value, step);
    if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = value;
    __syncthreads();
    if (threadIdx.x > 0) return 0;
    value = 0;
    for (int warp = 0; warp < kThreads / 32; ++warp) value += warps[warp];
    return value;
}

__device__ __forceinline__ void add(long long *target, Mass value) {
    if (value != 0) atomicAdd(reinterpret_cast<unsigned long long *>(target), static_cast<unsigned long long>(value));
}

/// All mass, and the mass of sinks and local band. Grid: runs of tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) mass_totals(const __grid_constant__ mi_mass_arguments args) {
    __shared__ Mass warps[2][kThreads / 32];
    const mi_mass_problem &problem = args.problems[blockIdx.y];
    Mass all = 0;
    Mass forced = 0;
#pragma unroll 4
    for (int line = blockIdx.x * kThreads + threadIdx.x; line < args.key_count; line += gridDim.x * kThreads) {
        const Mass mass = mass_of(problem.columns[line]);
        all += mass;
        if (line < args.sinks) forced += mass;
        if (line < args.local) forced += mass_of(problem.distances[line]);
    }
    all = block_sum(all, warps[0]);
    forced = block_sum(forced, warps[1]);
    if (threadIdx.x == 0) {
        add(&problem.result->all, all);
        add(&problem.result->forced, forced);
    }
}

__device__ __forceinline__ Kind columns_of(const mi_mass_arguments &args, const mi_mass_problem &problem) {
    return {problem.columns, args.column_first, args.column_end};
}
__device__ __forceinline__ Kind distances_of(const mi_mass_arguments &args, const mi_mass_problem &problem) {
    return {problem.distances, args.distance_first, args.distance_end};
}

/// Counts columns by mass per cost. Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) mass_columns(const __grid_constant__ mi_mass_arguments args) {
    __shared__ SplitMemory memory;
    __shared__ int counts[MI_MASS_BUCKETS];
    const mi_mass_problem &problem = args.problems[blockIdx.y];
    const int first = args.column_first + blockIdx.x * kTile;
    if (first >= args.column_end) return;
    for (int bucket = threadIdx.x; bucket < MI_MASS_BUCKETS; bucket += kThreads) counts[bucket] = 0;
    const float share = share_of(args, problem.result->all);
    Mass own_sum = 0;
    split_tile(args, memory, columns_of(args, problem), distances_of(args, problem), first, [&](int, int place, Mass own, Mass claimed) {
        const int line = first + place;
        if (line >= args.column_end) return;
        own_sum += own;
        const float cost = line_cost(args, line - place % 16);
        atomicAdd(&counts[bucket_of(__fdiv_rn(__fmul_rn(__ll2float_rn(claimed), share), cost))], 1);
    });
    __syncthreads();
    own_sum = block_sum(own_sum, memory.warps);
    if (threadIdx.x == 0) add(&problem.result->own, own_sum);
    int *target = args.counts + 2 * blockIdx.y * MI_MASS_BUCKETS;
    for (int bucket = threadIdx.x; bucket < MI_MASS_BUCKETS; bucket += kThreads)
        if (counts[bucket] > 0 && bucket > 0) atomicAdd(&target[bucket], counts[bucket]);
}

/// Sums cells of distances and counts them by mass per cost. Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) mass_cells(const __grid_constant__ mi_mass_arguments args) {
    __shared__ SplitMemory memory;
    const mi_mass_problem &problem = args.problems[blockIdx.y];
    const int first = args.distance_first + blockIdx.x * kTile;
    if (first >= args.distance_end) return;
    const float share = share_of(args, problem.result->all);
    Mass own_lines[kTileItems];
    Mass claimed_lines[kTileItems];
    split_tile(args, memory, distances_of(args, problem), columns_of(args, problem), first, [&](int item, int place, Mass own, Mass claimed) {
        const bool present = first + place < args.distance_end;
        own_lines[item] = present ? own : 0;
        claimed_lines[item] = present ? claimed : 0;
    });
    __syncthreads();
    Mass own_sum = 0;
#pragma unroll
    for (int item = 0; item < kTileItems; ++item) {
        own_sum += own_lines[item];
        memory.running[item * kThreads + threadIdx.x] = own_lines[item] * args.rows;
        memory.others[item * kThreads + threadIdx.x] = claimed_lines[item];
    }
    own_sum = block_sum(own_sum, memory.warps);
    if (threadIdx.x == 0) add(&problem.result->own, own_sum);
    __syncthreads();
    int *counts = args.counts + (2 * blockIdx.y + 1) * MI_MASS_BUCKETS;
    const int cells = kTile / args.cell_width;
    for (int index = threadIdx.x; index < cells; index += kThreads) {
        const int cell = blockIdx.x * cells + index;
        if (cell >= args.cell_count) break;
        Mass own = 0;
        Mass claimed = 0;
        for (int line = 0; line < args.cell_width; ++line) {
            // Neighbouring cells begin at different lines, which lie in different banks.
            const int place = index * args.cell_width + ((line + index) & (args.cell_width - 1));
            own += memory.running[place];
            claimed += memory.others[place];
        }
        const float claimed_share = __fmul_rn(__ll2float_rn(claimed), share);
        problem.cells[cell] = __fmul_rn(__ll2float_rn(own), share);
        problem.cells[args.cell_count + cell] = claimed_share;
        const float cost = __fmul_rn(
            line_cost(args, args.distance_first + cell * args.cell_width), static_cast<float>(args.cell_width));
        const int bucket = bucket_of(__fdiv_rn(claimed_share, cost));
        if (bucket > 0) atomicAdd(&counts[bucket], 1);
    }
}

/// The lowest bucket, not 0, from which up no more lines lie than the limit. Grid: problems, 2; block: 1024.
extern "C" __global__ void __launch_bounds__(1024) mass_lowest(const __grid_constant__ mi_mass_arguments args) {
    __shared__ int warps[32];
    const mi_mass_problem &problem = args.problems[blockIdx.x];
    const int place = 2 * blockIdx.x + blockIdx.y;
    const int limit = blockIdx.y == 0 ? problem.column_limit : problem.cell_limit;
    const int bucket = MI_MASS_BUCKETS - 1 - static_cast<int>(threadIdx.x);
    int held = bucket > 0 ? args.counts[place * MI_MASS_BUCKETS + bucket] : 0;
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
        const int other = __shfl_up_sync(~0u, held, step);
        if (static_cast<int>(threadIdx.x) % 32 >= step) held += other;
    }
    if (threadIdx.x % 32 == 31) warps[threadIdx.x / 32] = held;
    __syncthreads();
    for (int warp = 0; warp < static_cast<int>(threadIdx.x) / 32; ++warp) held += warps[warp];
    const int fitting = __syncthreads_count(bucket > 0 && held <= limit);
    if (threadIdx.x == 0) args.lowest[place] = MI_MASS_BUCKETS - fitting;
}

/// Counts or writes the candidate columns of a tile.
template <bool writes>
__device__ __forceinline__ void candidate_columns(const mi_mass_arguments &args) {
    __shared__ SplitMemory memory;
    __shared__ int totals[kTile / 32];
    __shared__ int before;
    const mi_mass_problem &problem = args.problems[blockIdx.y];
    const int first = args.column_first + blockIdx.x * kTile;
    int *tile_counts = args.tile_counts + blockIdx.y * args.tiles;
    if (first >= args.column_end) {
        if (!writes && threadIdx.x == 0) tile_counts[blockIdx.x] = 0;
        return;
    }
    // The last tile also says how many there are.
    const bool last = first + kTile >= args.column_end;
    if (writes && tile_counts[blockIdx.x] == 0 && !last) return;
    if (threadIdx.x == 0) before = 0;
    const int lowest = args.lowest[2 * blockIdx.y];
    const float share = share_of(args, problem.result->all);
    float own_shares[kTileItems];
    float claimed_shares[kTileItems];
    unsigned int kept[kTileItems];
    split_tile(args, memory, columns_of(args, problem), distances_of(args, problem), first, [&](int item, int place, Mass own, Mass claimed) {
        const int line = first + place;
        own_shares[item] = __fmul_rn(__ll2float_rn(own * args.rows), share);
        claimed_shares[item] = __fmul_rn(__ll2float_rn(claimed), share);
        const float cost = line_cost(args, line - place % 16);
        kept[item] = __ballot_sync(
            ~0u, line < args.column_end && bucket_of(__fdiv_rn(claimed_shares[item], cost)) >= lowest);
        if (threadIdx.x % 32 == 0) totals[place / 32] = __popc(kept[item]);
    });
    if (writes) {
        int partial = 0;
        for (int tile = threadIdx.x; tile < static_cast<int>(blockIdx.x); tile += kThreads) partial += tile_counts[tile];
        partial = __reduce_add_sync(~0u, partial);
        if (threadIdx.x % 32 == 0 && partial > 0) atomicAdd(&before, partial);
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        const int own = totals[threadIdx.x];
        int sum = own;
#pragma unroll
        for (int step = 1; step < 32; step *= 2) {
            const int other = __shfl_up_sync(~0u, sum, step);
            if (static_cast<int>(threadIdx.x) >= step) sum += other;
        }
        totals[threadIdx.x] = sum - own;
        if (threadIdx.x == 31) {
            if (!writes) tile_counts[blockIdx.x] = sum;
            if (writes && last) problem.result->columns = before + sum;
        }
    }
    if (!writes) return;
    __syncthreads();
#pragma unroll
    for (int item = 0; item < kTileItems; ++item) {
        const int place = item * kThreads + threadIdx.x;
        const int lane = threadIdx.x % 32;
        if (!(kept[item] >> lane & 1)) continue;
        const int target = before + totals[place / 32] + __popc(kept[item] & ((1u << lane) - 1));
        problem.column_lines.places[target] = first + place;
        problem.column_lines.own[target] = own_shares[item];
        problem.column_lines.claimed[target] = claimed_shares[item];
    }
}

/// Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) mass_count_columns(const __grid_constant__ mi_mass_arguments args) {
    candidate_columns<false>(args);
}

/// Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) mass_write_columns(const __grid_constant__ mi_mass_arguments args) {
    candidate_columns<true>(args);
}

/// Writes the cells within reach of a heavy one. Grid: problems; block: 1024.
extern "C" __global__ void __launch_bounds__(1024) mass_write_cells(const __grid_constant__ mi_mass_arguments args) {
    __shared__ int warps[32];
    const mi_mass_problem &problem = args.problems[blockIdx.x];
    const int lowest = args.lowest[2 * blockIdx.x + 1];
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    int total = 0;
    for (int first = 0; first < args.cell_count; first += 1024) {
        const int cell = first + static_cast<int>(threadIdx.x);
        bool kept = false;
        for (int near = max(cell - args.cell_reach, 0); near <= min(cell + args.cell_reach, args.cell_count - 1); ++near) {
            const float cost = __fmul_rn(
                line_cost(args, args.distance_first + near * args.cell_width), static_cast<float>(args.cell_width));
            kept |= bucket_of(__fdiv_rn(problem.cells[args.cell_count + near], cost)) >= lowest;
        }
        kept &= cell < args.cell_count;
        const unsigned int ballot = __ballot_sync(~0u, kept);
        if (lane == 0) warps[warp] = __popc(ballot);
        __syncthreads();
        const int count = warps[lane];
        int target = total + __reduce_add_sync(~0u, lane < warp ? count : 0) + __popc(ballot & ((1u << lane) - 1));
        total += __reduce_add_sync(~0u, count);
        __syncthreads();
        if (kept) {
            problem.cell_lines.places[target] = cell;
            problem.cell_lines.own[target] = problem.cells[cell];
            problem.cell_lines.claimed[target] = problem.cells[args.cell_count + cell];
        }
    }
    if (threadIdx.x == 0) problem.result->cells = total;
}
