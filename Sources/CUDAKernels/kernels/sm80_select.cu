#include "sm80_select_arguments.h"

// The highest scores of many lists at once, exactly: a histogram over 11 bits of the scores finds the bin of the last
// score to keep, two more within that bin find the score itself, then tiles count and write what they keep, in order.
// Counts are integers, so nothing depends on the order in which blocks run.

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kTile = MI_SELECT_TILE;
constexpr int kBins = MI_SELECT_BINS;
/// Lines of a thread: a warp's lanes lie next to each other.
constexpr int kItems = kTile / kThreads;
constexpr int kBinsPerThread = kBins / kThreads;

/// Orders scores as unsigned integers; anything that is not above zero is zero.
__device__ __forceinline__ unsigned int rank_of(float score) { return score > 0.0f ? __float_as_uint(score) : 0u; }

/// The lowest bit of a level's bins.
__device__ __forceinline__ int bin_shift(int level) { return level == 0 ? 21 : level == 1 ? 10 : 0; }
__device__ __forceinline__ int bin_bits(int level) { return level == 2 ? 10 : 11; }

/// Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) select_histogram(const __grid_constant__ mi_select_arguments args) {
    __shared__ unsigned int bins[kBins];
    const mi_select_problem problem = args.problems[blockIdx.y];
    for (int bin = threadIdx.x; bin < kBins; bin += kThreads) bins[bin] = 0;
    __syncthreads();
    const int shift = bin_shift(args.level);
    const unsigned int mask = (1u << bin_bits(args.level)) - 1;
    const unsigned int prefix = args.level == 0 ? 0 : args.states[blockIdx.y].prefix;
    const int first = blockIdx.x * kTile;
    const int end = min(first + kTile, args.line_count);
#pragma unroll 8
    for (int line = first + threadIdx.x; line < end; line += kThreads) {
        if (line < problem.forced) continue;
        const unsigned int rank = rank_of(problem.scores[line]);
        if (args.level == 0 || rank >> (shift + bin_bits(args.level)) == prefix)
            atomicAdd(&bins[rank >> shift & mask], 1u);
    }
    __syncthreads();
    unsigned int *histogram = args.histograms + (static_cast<long long>(args.level) * args.problem_count + blockIdx.y) * kBins;
    for (int bin = threadIdx.x; bin < kBins; bin += kThreads)
        if (bins[bin] > 0) atomicAdd(&histogram[bin], bins[bin]);
}

/// The bin in which the last score to keep lies. Grid: problems.
extern "C" __global__ void __launch_bounds__(kThreads) select_bin(const __grid_constant__ mi_select_arguments args) {
    __shared__ int warp_counts[kWarps];
    const mi_select_problem problem = args.problems[blockIdx.x];
    const mi_select_state before = args.level == 0 ? mi_select_state{0u, problem.count - problem.forced} : args.states[blockIdx.x];
    const unsigned int *histogram = args.histograms + (static_cast<long long>(args.level) * args.problem_count + blockIdx.x) * kBins;
    // Thread 0 has the highest bins.
    const int highest = kBins - 1 - static_cast<int>(threadIdx.x) * kBinsPerThread;
    int counts[kBinsPerThread];
    int count = 0;
#pragma unroll
    for (int index = 0; index < kBinsPerThread; ++index) {
        counts[index] = static_cast<int>(histogram[highest - index]);
        count += counts[index];
    }
    int above = count;
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
        const int other = __shfl_up_sync(~0u, above, step);
        if (lane >= step) above += other;
    }
    if (lane == 31) warp_counts[threadIdx.x / 32] = above;
    __syncthreads();
    for (int warp = 0; warp < static_cast<int>(threadIdx.x) / 32; ++warp) above += warp_counts[warp];
    above -= count;
    // With nothing wanted the bin above all scores is right: the first thread's first.
    const bool nothing = before.wanted == 0 && threadIdx.x == 0;
    if (nothing || (above < before.wanted && above + count >= before.wanted)) {
        int bin = highest;
        int wanted = before.wanted - above;
#pragma unroll
        for (int index = 0; index < kBinsPerThread; ++index) {
            if (bin == highest - index && counts[index] < wanted) {
                wanted -= counts[index];
                bin -= 1;
            }
        }
        const unsigned int mask = (1u << bin_bits(args.level)) - 1;
        args.states[blockIdx.x] = {before.prefix << bin_bits(args.level) | (static_cast<unsigned int>(bin) & mask), wanted};
    }
}

/// Whether a line ranks above the last kept score, and whether as high.
struct Standing {
    bool above;
    bool equal;
};

__device__ __forceinline__ Standing standing(
    const mi_select_problem &problem, unsigned int last, int line, int line_count) {
    if (line >= line_count) return {false, false};
    if (line < problem.forced) return {true, false};
    const unsigned int rank = rank_of(problem.scores[line]);
    return {rank > last, rank == last};
}

/// Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) select_count(const __grid_constant__ mi_select_arguments args) {
    __shared__ int totals[2];
    if (threadIdx.x < 2) totals[threadIdx.x] = 0;
    __syncthreads();
    const mi_select_problem problem = args.problems[blockIdx.y];
    const unsigned int last = args.states[blockIdx.y].prefix;
    int above = 0;
    int equal = 0;
#pragma unroll 8
    for (int item = 0; item < kItems; ++item) {
        const Standing found =
            standing(problem, last, blockIdx.x * kTile + item * kThreads + threadIdx.x, args.line_count);
        above += found.above;
        equal += found.equal;
    }
    above = __reduce_add_sync(~0u, above);
    equal = __reduce_add_sync(~0u, equal);
    if (threadIdx.x % 32 == 0) {
        atomicAdd(&totals[0], above);
        atomicAdd(&totals[1], equal);
    }
    __syncthreads();
    if (threadIdx.x < 2) args.tile_counts[2 * (blockIdx.y * args.tiles + blockIdx.x) + threadIdx.x] = totals[threadIdx.x];
}

/// Grid: tiles, problems.
extern "C" __global__ void __launch_bounds__(kThreads) select_write(const __grid_constant__ mi_select_arguments args) {
    __shared__ int before[2];
    __shared__ int warp_totals[kWarps][2];
    const mi_select_problem problem = args.problems[blockIdx.y];
    const mi_select_state state = args.states[blockIdx.y];
    const int *counts = args.tile_counts + 2 * blockIdx.y * args.tiles;
    const int own = counts[2 * blockIdx.x] + counts[2 * blockIdx.x + 1];
    if (own == 0) return;
    if (threadIdx.x < 2) before[threadIdx.x] = 0;
    __syncthreads();
    int partial = 0;
    // Even threads add up what ranks above, odd ones what ranks equal.
    for (int index = threadIdx.x; index < 2 * static_cast<int>(blockIdx.x); index += kThreads) partial += counts[index];
    atomicAdd(&before[threadIdx.x % 2], partial);

    const int warp = threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    const int first = blockIdx.x * kTile + warp * 32 * kItems;
    // One bit per line of the warp: 32 lines a word, word `lane` kept by that lane.
    unsigned int above_word = 0;
    unsigned int equal_word = 0;
#pragma unroll 8
    for (int item = 0; item < kItems; ++item) {
        const Standing found = standing(problem, state.prefix, first + item * 32 + lane, args.line_count);
        const unsigned int above = __ballot_sync(~0u, found.above);
        const unsigned int equal = __ballot_sync(~0u, found.equal);
        if (lane == item) {
            above_word = above;
            equal_word = equal;
        }
    }
    int above_before = __popc(above_word);
    int equal_before = __popc(equal_word);
#pragma unroll
    for (int step = 1; step < 32; step *= 2) {
        const int above = __shfl_up_sync(~0u, above_before, step);
        const int equal = __shfl_up_sync(~0u, equal_before, step);
        if (lane >= step) {
            above_before += above;
            equal_before += equal;
        }
    }
    if (lane == 31) {
        warp_totals[warp][0] = above_before;
        warp_totals[warp][1] = equal_before;
    }
    __syncthreads();
    above_before += before[0] - __popc(above_word);
    equal_before += before[1] - __popc(equal_word);
    for (int other = 0; other < warp; ++other) {
        above_before += warp_totals[other][0];
        equal_before += warp_totals[other][1];
    }
    // Each lane writes what its word keeps; of equal scores the first lines.
    unsigned int rest = above_word | equal_word;
    while (rest != 0) {
        const int bit = __ffs(rest) - 1;
        rest &= rest - 1;
        const bool equal = equal_word >> bit & 1;
        if (!equal || equal_before < state.wanted) {
            problem.lines[above_before + min(equal_before, state.wanted)] = first + 32 * lane + bit;
        }
        above_before += !equal;
        equal_before += equal;
    }
}
