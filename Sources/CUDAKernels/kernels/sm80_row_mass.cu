// Exact attention of sampled query rows: how much of a row's mass lies on the keys of a set. -DHEAD_DIM=32|64|96|128|256.
//
// One pass over the keys of a key head serves up to 16 rows of all its query heads. A lane keeps the running maximum
// and sums of the keys that it sees; lanes, warps and, on the host, splits are merged in fixed order.

#include "ptx/exp2.cuh"
#include "sm80_key_tile.cuh"
#include "sm80_row_mass_arguments.h"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kParts = kHeadDim / 32;
// Keys of large heads are taken in two halves, for registers.
constexpr int kPartsAtOnce = kParts > 4 ? kParts / 2 : kParts;
constexpr int kSamples = MI_ROW_MASS_SAMPLES;
constexpr int kTiles = kSamples / 8;
constexpr int kWarps = MI_ROW_MASS_WARPS;

/// The samples of this thread block and its queries in fragment order.
struct Group {
    uint4 queries[kTiles][kParts][32];
    int position[kSamples];
    mi_row_mass masses[kWarps][kSamples];
};

/// Scores of one tile of keys against all samples: S^T[16 keys][8 samples] for each of kTiles.
__device__ __forceinline__ void score(
    float (&scores)[kTiles][4], const bf16 *keys, const Group &group, int first, int count, int lane) {
#pragma unroll
    for (int begin = 0; begin < kParts; begin += kPartsAtOnce) {
        KeyTile<kPartsAtOnce> tile;
        tile.load(keys + begin * 32, kHeadDim, first, count, lane);
#pragma unroll
        for (int t = 0; t < kTiles; t++) {
            add_scores(scores[t], tile, [&](int part) { return group.queries[t][begin + part][lane]; });
        }
    }
}

/// Loads the group and returns the number of keys that its longest row sees.
__device__ __forceinline__ int begin(const mi_row_mass_arguments &args, Group &group, int first, int count) {
    const int lane = threadIdx.x % 32;
    for (int item = threadIdx.x / 32; item < kTiles * kParts; item += kWarps) {
        const int tile = item / kParts, sample = tile * 8 + lane / 4;
        const bf16 *query =
            sample < count ? static_cast<const bf16 *>(args.samples[first + sample].query) : nullptr;
        group.queries[tile][item % kParts][lane] = query_part(query, item % kParts, lane);
    }
    if (threadIdx.x < kSamples) {
        group.position[threadIdx.x] = threadIdx.x < count ? args.samples[first + threadIdx.x].position : -1;
    }
    __syncthreads();
    int last = -1;
    for (int sample = 0; sample < kSamples; sample++) last = max(last, group.position[sample]);
    return last + 1;
}

__device__ __forceinline__ const bf16 *keys_of(const mi_row_mass_arguments &args, int sample) {
    return static_cast<const bf16 *>(args.keys) + args.samples[sample].kv_head * args.capacity * kHeadDim;
}

/// The sums of both together.
__device__ __forceinline__ mi_row_mass merged(const mi_row_mass &a, const mi_row_mass &b) {
    const float maximum = fmaxf(a.maximum, b.maximum);
    const float fa = fast_exp2(a.maximum - maximum), fb = fast_exp2(b.maximum - maximum);
    return {maximum, a.total * fa + b.total * fb, a.kept * fa + b.kept * fb};
}

extern "C" __global__ void __launch_bounds__(kWarps * 32) row_mass(
    const __grid_constant__ mi_row_mass_arguments args) {
    __shared__ Group group;
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int first_sample = args.group_starts[blockIdx.y];
    const int samples = args.group_starts[blockIdx.y + 1] - first_sample;
    const int key_count = begin(args, group, first_sample, samples);
    const bf16 *keys = keys_of(args, first_sample);
    const long long tiles = (key_count + kTileKeys - 1) / kTileKeys;
    const int end = static_cast<int>(tiles * (blockIdx.x + 1) / gridDim.x);

    mi_row_mass masses[kTiles][2];
#pragma unroll
    for (int t = 0; t < kTiles; t++) masses[t][0] = masses[t][1] = {-1e30f, 0, 0};
    for (int tile = static_cast<int>(tiles * blockIdx.x / gridDim.x) + warp; tile < end; tile += kWarps) {
        const int first = tile * kTileKeys;
        float scores[kTiles][4] = {};
        score(scores, keys, group, first, key_count, lane);
#pragma unroll
        for (int t = 0; t < kTiles; t++) {
#pragma unroll
            for (int column = 0; column < 2; column++) {
                const int sample = t * 8 + lane % 4 * 2 + column;
                if (sample >= samples) continue;
                const int position = group.position[sample];
                mi_row_mass &mass = masses[t][column];
                const long long word = (long long)(first_sample + sample) * args.words + first / 32;
                const unsigned int kept = args.kept[word] >> (first % 32 + lane / 4);
                const float low = first + lane / 4 <= position ? scores[t][column] * args.score_scale : -1e30f;
                const float high =
                    first + lane / 4 + 8 <= position ? scores[t][column + 2] * args.score_scale : -1e30f;
                const float highest = fmaxf(mass.maximum, fmaxf(low, high));
                const float factor = fast_exp2(mass.maximum - highest);
                const float a = low > -1e30f ? fast_exp2(low - highest) : 0.0f;
                const float b = high > -1e30f ? fast_exp2(high - highest) : 0.0f;
                mass = {highest, mass.total * factor + (a + b),
                        mass.kept * factor + ((kept & 1 ? a : 0.0f) + (kept & 256 ? b : 0.0f))};
            }
        }
    }

#pragma unroll
    for (int t = 0; t < kTiles; t++) {
#pragma unroll
        for (int column = 0; column < 2; column++) {
            mi_row_mass mass = masses[t][column];
#pragma unroll
            for (int mask = 4; mask < 32; mask *= 2) {
                const mi_row_mass other = {
                    __shfl_xor_sync(~0u, mass.maximum, mask), __shfl_xor_sync(~0u, mass.total, mask),
                    __shfl_xor_sync(~0u, mass.kept, mask)};
                mass = merged(mass, other);
            }
            if (lane < 4) group.masses[warp][t * 8 + lane * 2 + column] = mass;
        }
    }
    __syncthreads();
    if (threadIdx.x < samples) {
        mi_row_mass mass = group.masses[0][threadIdx.x];
        for (int w = 1; w < kWarps; w++) mass = merged(mass, group.masses[w][threadIdx.x]);
        args.masses[(long long)(first_sample + threadIdx.x) * gridDim.x + blockIdx.x] = mass;
    }
}

extern "C" __global__ void __launch_bounds__(kWarps * 32) row_scores(
    const __grid_constant__ mi_row_mass_arguments args) {
    __shared__ Group group;
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int first_sample = args.group_starts[blockIdx.y];
    const int samples = args.group_starts[blockIdx.y + 1] - first_sample;
    const int key_count = begin(args, group, first_sample, samples);
    const bf16 *keys = keys_of(args, first_sample);
    const int tiles = (key_count + kTileKeys - 1) / kTileKeys;
    for (int tile = blockIdx.x * kWarps + warp; tile < tiles; tile += gridDim.x * kWarps) {
        const int first = tile * kTileKeys;
        float scores[kTiles][4] = {};
        score(scores, keys, group, first, key_count, lane);
#pragma unroll
        for (int t = 0; t < kTiles; t++) {
#pragma unroll
            for (int place = 0; place < 4; place++) {
                const int sample = t * 8 + lane % 4 * 2 + place % 2;
                const int key = first + lane / 4 + place / 2 * 8;
                if (sample >= samples || key > group.position[sample]) continue;
                args.scores[(first_sample + sample) * args.score_stride + key] = scores[t][place] * args.score_scale;
            }
        }
    }
}
