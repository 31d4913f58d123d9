// Attention of one query row over all keys, split over thread blocks (flash decoding). -DHEAD_DIM=32|64|96|128|256,
// -DWARPS as many as registers allow. With -DCOMPRESSED=1 the first keys come in 8-bit floating point; those after them are
// the last split's.
//
// Bound by the bytes of keys and values, which every thread block reads once for up to 8 query heads. Both products have
// keys in the rows of the tensor core and query heads in the columns:
//   S^T[16 keys][8 heads] = K Q^T,   O^T[head size][8 heads] += V^T P^T.
// Keys and values go from memory into fragments without shared memory: of V, a thread takes 8 contiguous elements of
// four keys and pairs them up along keys by byte permutes.
//
// A warp takes every kWarps-th tile of its split. Warps are merged in shared memory, splits by the thread block that
// arrives last, both in ascending order, so that results do not depend on who that is.

#include "ptx/exp2.cuh"
#include "ptx/movmatrix.cuh"
#include "ptx/shared.cuh"
#include "sm80_decode_attention_arguments.h"
#include "sm80_float8_tile.cuh"
#include "sm80_key_tile.cuh"

constexpr bool kCompressed = COMPRESSED;
constexpr int kHeadDim = HEAD_DIM;
constexpr int kParts = kHeadDim / 32;
constexpr int kWide = kHeadDim / 64;         // runs of 64 value elements, 8 per thread
constexpr int kNarrow = kHeadDim % 64 / 32;  // runs of 32, 4 per thread
constexpr int kTiles = kHeadDim / 16;        // 16 rows of O^T each
constexpr int kWarps = WARPS;
constexpr int kMergeBatch = 16;              // splits that a thread loads at a time
constexpr int kHeads = MI_DECODE_GROUP_TILE;
constexpr int kRow = kHeadDim + 4;           // floats of a row of merged output, padded against bank conflicts

static_assert(kHeadDim % 32 == 0 && kTileKeys == MI_DECODE_TILE_KEYS);
static_assert(MI_DECODE_MAXIMUM_SPLITS % kMergeBatch == 0);

/// The tile's values: of keys `2 * (lane % 4)`, the next, and both plus 8.
struct ValueTile {
    uint4 wide[kWide > 0 ? kWide : 1][4];
    uint2 narrow[kNarrow > 0 ? kNarrow : 1][4];

    __device__ __forceinline__ void load(const bf16 *values, int first, int count, int lane) {
#pragma unroll
        for (int k = 0; k < 4; k++) {
            const int key = min(first + lane % 4 * 2 + k % 2 + k / 2 * 8, count - 1);
            const bf16 *from = values + (long long)key * kHeadDim;
#pragma unroll
            for (int run = 0; run < kWide; run++) wide[run][k] = load_once(from + run * 64 + lane / 4 * 8);
            if constexpr (kNarrow > 0) narrow[0][k] = load_once_8(from + kWide * 64 + lane / 4 * 4);
        }
    }

    /// Rows `lane / 4` and `+ 8` of a fragment of V^T from the same two elements of four keys.
    static __device__ __forceinline__ void multiply(
        float (&output)[4], bf16x2 k0, bf16x2 k1, bf16x2 k8, bf16x2 k9, bf16x2 p_low, bf16x2 p_high) {
        mma_m16n8k16(
            output,
            {__byte_perm(k0, k1, 0x5410), __byte_perm(k0, k1, 0x7632), __byte_perm(k8, k9, 0x5410),
             __byte_perm(k8, k9, 0x7632)},
            p_low, p_high);
    }

    __device__ __forceinline__ void accumulate(float (&output)[kTiles][4], bf16x2 p_low, bf16x2 p_high) const {
#pragma unroll
        for (int run = 0; run < kWide; run++) {
            const uint4 a = wide[run][0], b = wide[run][1], c = wide[run][2], d = wide[run][3];
            multiply(output[run * 4], a.x, b.x, c.x, d.x, p_low, p_high);
            multiply(output[run * 4 + 1], a.y, b.y, c.y, d.y, p_low, p_high);
            multiply(output[run * 4 + 2], a.z, b.z, c.z, d.z, p_low, p_high);
            multiply(output[run * 4 + 3], a.w, b.w, c.w, d.w, p_low, p_high);
        }
        if constexpr (kNarrow > 0) {
            const uint2 a = narrow[0][0], b = narrow[0][1], c = narrow[0][2], d = narrow[0][3];
            multiply(output[kWide * 4], a.x, b.x, c.x, d.x, p_low, p_high);
            multiply(output[kWide * 4 + 1], a.y, b.y, c.y, d.y, p_low, p_high);
        }
    }

    /// The first of the two elements of the head that row `lane / 4` of tile `tile` of O^T stands for.
    static __device__ __forceinline__ int element(int tile, int lane) {
        return tile < kWide * 4 ? tile / 4 * 64 + lane / 4 * 8 + tile % 4 * 2
                                : kWide * 64 + lane / 4 * 4 + (tile - kWide * 4) * 2;
    }
};

/// 16 bytes of shared memory, read anew each time: the compiler would keep all queries in registers, too many.
__device__ __forceinline__ uint4 reload(const uint4 *address) {
    uint4 v;
    asm volatile("ld.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
                 : "r"(shared_address(address)));
    return v;
}

/// The largest of a column of S^T over the lanes that hold it.
__device__ __forceinline__ float column_maximum(float v) {
#pragma unroll
    for (int mask = 4; mask < 32; mask *= 2) v = fmaxf(v, __shfl_xor_sync(~0u, v, mask));
    return v;
}

/// The sum of a column over the lanes that hold it.
__device__ __forceinline__ float column_sum(float v) {
#pragma unroll
    for (int mask = 4; mask < 32; mask *= 2) v += __shfl_xor_sync(~0u, v, mask);
    return v;
}

/// What the warps of a thread block, then the splits of a head, leave for each other.
struct Shared {
    uint4 queries[kCompressed ? 2 * kParts : kParts][32];  // bf16, then f16 for compressed keys
    float output[kWarps][kHeads][kRow];
    float maximum[kWarps][kHeads];
    float sum[kWarps][kHeads];
    float factor[kHeads][MI_DECODE_MAXIMUM_SPLITS];
    bool is_last;
};

/// A warp's running softmax. What it has of the output is `unit` times `output`.
struct Softmax {
    float output[kTiles][4] = {};
    float maximum[2] = {-1e30f, -1e30f};
    float sum[2] = {};
    float unit = 1;

    /// Takes 16 keys' scores of two heads and gives their probabilities; values are to come in `new_unit`.
    __device__ __forceinline__ void take(
        const float (&scores)[4], float scale, bool has_low, bool has_high, float new_unit, float (&p)[4]) {
        float factor[2];
#pragma unroll
        for (int column = 0; column < 2; column++) {
            const float low = has_low ? scores[column] * scale : -1e30f;
            const float high = has_high ? scores[column + 2] * scale : -1e30f;
            const float highest = fmaxf(maximum[column], column_maximum(fmaxf(low, high)));
            factor[column] = fast_exp2(maximum[column] - highest);
            maximum[column] = highest;
            p[column] = has_low ? fast_exp2(low - highest) : 0.0f;
            p[column + 2] = has_high ? fast_exp2(high - highest) : 0.0f;
            sum[column] = sum[column] * factor[column] + p[column] + p[column + 2];
        }
        if constexpr (kCompressed) {
            factor[0] *= unit / new_unit;
            factor[1] *= unit / new_unit;
            unit = new_unit;
        }
        if (__any_sync(~0u, factor[0] != 1.0f || factor[1] != 1.0f)) rescale(factor[0], factor[1]);
    }

    __device__ __forceinline__ void rescale(float first, float second) {
#pragma unroll
        for (int t = 0; t < kTiles; t++) {
            output[t][0] *= first;
            output[t][1] *= second;
            output[t][2] *= first;
            output[t][3] *= second;
        }
    }
};

/// Keys and values in bf16.
struct PlainTiles {
    const bf16 *keys;
    const bf16 *values;
    int count;
    KeyTile<kParts> key_tile;
    ValueTile value_tile;

    __device__ __forceinline__ void load_keys(int tile, int lane) {
        key_tile.load(keys, kHeadDim, tile * kTileKeys, count, lane);
    }
    __device__ __forceinline__ void load_values(int tile, int lane) {
        value_tile.load(values, tile * kTileKeys, count, lane);
    }
    /// Scores up to the softmax scale.
    __device__ __forceinline__ void score(float (&scores)[4], const Shared &shared, int lane) const {
        add_scores(scores, key_tile, [&](int part) { return reload(&shared.queries[part][lane]); });
    }
    __device__ __forceinline__ float unit(float) const { return 1; }
    __device__ __forceinline__ void accumulate(float (&output)[kTiles][4], const float (&p)[4]) const {
        value_tile.accumulate(
            output, transpose_8x8(pack_bf16x2(p[0], p[1])), transpose_8x8(pack_bf16x2(p[2], p[3])));
    }
};

/// Keys and values in 8-bit floating point with a factor per block.
struct CompressedTiles {
    static constexpr int kBlockTiles = MI_KV_BLOCK_TOKENS / kTileKeys;
    const unsigned char *keys;
    const unsigned char *values;
    const float *key_factors;
    const float *value_factors;
    int count;
    CompressedKeyTile<kHeadDim> key_tile;
    CompressedValueTile<kHeadDim> value_tile;
    float key_factor;
    float value_factor;

    __device__ __forceinline__ void load_keys(int tile, int lane) {
        key_tile.load(keys, tile * kTileKeys, lane);
        key_factor = __ldg(key_factors + tile / kBlockTiles);
    }
    __device__ __forceinline__ void load_values(int tile, int lane) {
        value_tile.load(values, tile * kTileKeys, lane);
        value_factor = __ldg(value_factors + tile / kBlockTiles);
    }
    __device__ __forceinline__ void score(float (&scores)[4], const Shared &shared, int lane) const {
        key_tile.add_scores(scores, [&](int part) { return reload(&shared.queries[kParts + part][lane]); });
#pragma unroll
        for (int i = 0; i < 4; i++) scores[i] *= key_factor * kE4M3Scale;
    }
    /// A block of zeros goes in any unit.
    __device__ __forceinline__ float unit(float current) const {
        return value_factor > 0 ? value_factor * kE4M3Scale : current;
    }
    __device__ __forceinline__ void accumulate(float (&output)[kTiles][4], const float (&p)[4]) const {
        value_tile.accumulate(
            output, transpose_8x8(pack_f16x2(p[0], p[1])), transpose_8x8(pack_f16x2(p[2], p[3])));
    }
};

/// Every kWarps-th tile from `tile` on, whose keys and values are on the way.
template <typename Tiles>
__device__ __forceinline__ void attend_tiles(
    Softmax &softmax, Tiles &tiles, const Shared &shared, int tile, int end, float scale, int lane) {
    while (tile < end) {
        float scores[4] = {};
        tiles.score(scores, shared, lane);
        const int first = tile * kTileKeys, next = tile + kWarps;
        if (next < end) tiles.load_keys(next, lane);
        float p[4];
        softmax.take(
            scores, scale, first + lane / 4 < tiles.count, first + lane / 4 + 8 < tiles.count,
            tiles.unit(softmax.unit), p);
        tiles.accumulate(softmax.output, p);
        if (next < end) tiles.load_values(next, lane);
        tile = next;
    }
}

/// Counts this thread block's arrival and orders what its threads wrote before, and what they read after, around it.
__device__ __forceinline__ unsigned int arrive(unsigned int *arrivals) {
    unsigned int before;
    asm volatile("atom.add.acq_rel.gpu.global.u32 %0, [%1], 1;" : "=r"(before) : "l"(arrivals) : "memory");
    return before;
}

/// Weights of the splits of one head, and the inverse of its sum, by one warp.
__device__ __forceinline__ void weigh_splits(
    const mi_decode_attention_arguments &args, Shared &shared, int first_head, int head, int lane) {
    const int splits = gridDim.x;
    const float2 *statistics =
        reinterpret_cast<const float2 *>(args.statistics) + (long long)(first_head + head) * splits;
    float maximum = -1e30f, sum = 0;
    for (int split = lane; split < splits; split += 32) {
        const float2 part = __ldcg(statistics + split);
        shared.factor[head][split] = part.x;
        const float highest = fmaxf(maximum, part.x);
        sum = sum * fast_exp2(maximum - highest) + part.y * fast_exp2(part.x - highest);
        maximum = highest;
    }
    float highest = maximum;
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) highest = fmaxf(highest, __shfl_xor_sync(~0u, highest, mask));
    sum *= fast_exp2(maximum - highest);
#pragma unroll
    for (int mask = 16; mask > 0; mask /= 2) sum += __shfl_xor_sync(~0u, sum, mask);
    for (int split = lane; split < (splits + kMergeBatch - 1) / kMergeBatch * kMergeBatch; split += 32) {
        shared.factor[head][split] = split < splits ? fast_exp2(shared.factor[head][split] - highest) : 0.0f;
    }
    if (lane == 0) shared.sum[0][head] = 1.0f / sum;
}

/// Merges the splits of `heads` heads from `first_head` on into the output, in order.
__device__ __forceinline__ void merge_splits(
    const mi_decode_attention_arguments &args, Shared &shared, int first_head, int heads) {
    const int splits = gridDim.x;
    for (int head = threadIdx.x / 32; head < heads; head += kWarps) {
        weigh_splits(args, shared, first_head, head, threadIdx.x % 32);
    }
    __syncthreads();
    constexpr int kPairs = kHeadDim / 2;
    for (int item = threadIdx.x; item < heads * kPairs; item += blockDim.x) {
        const int head = item / kPairs, pair = item % kPairs;
        const float2 *partials = reinterpret_cast<const float2 *>(args.partials) +
                                 (long long)(first_head + head) * splits * kPairs + pair;
        float2 output = {};
        for (int first = 0; first < splits; first += kMergeBatch) {
            // Loads beyond the last split repeat it; their weights are zero.
            float2 parts[kMergeBatch];
#pragma unroll
            for (int i = 0; i < kMergeBatch; i++) {
                parts[i] = __ldcg(partials + (long long)min(first + i, splits - 1) * kPairs);
            }
#pragma unroll
            for (int i = 0; i < kMergeBatch; i++) {
                const float factor = shared.factor[head][first + i];
                output.x += factor * parts[i].x;
                output.y += factor * parts[i].y;
            }
        }
        const float inverse = shared.sum[0][head];
        static_cast<bf16x2 *>(args.output)[(first_head + head) * kPairs + pair] =
            pack_bf16x2(output.x * inverse, output.y * inverse);
    }
}

extern "C" __global__ void __launch_bounds__(kWarps * 32, 1) decode_attention(
    const __grid_constant__ mi_decode_attention_arguments args) {
    extern __shared__ float4 dynamic[];
    Shared &shared = *reinterpret_cast<Shared *>(dynamic);
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int kv_head = blockIdx.y / args.group_tiles;
    const int first_in_group = blockIdx.y % args.group_tiles * kHeads;
    const int heads = min(kHeads, args.group_size - first_in_group);
    const int first_head = kv_head * args.group_size + first_in_group;
    const bf16 *keys = static_cast<const bf16 *>(args.keys) + kv_head * args.capacity * kHeadDim;
    const bf16 *values = static_cast<const bf16 *>(args.values) + kv_head * args.capacity * kHeadDim;

    const int compressed_count = kCompressed ? args.compressed_count : 0;
    PlainTiles plain{keys, values, args.key_count - compressed_count};
    CompressedTiles compressed;
    const int plain_tiles = (plain.count + kTileKeys - 1) / kTileKeys;
    const long long tiles = kCompressed ? (compressed_count + kTileKeys - 1) / kTileKeys : plain_tiles;
    const int end = static_cast<int>(tiles * (blockIdx.x + 1) / gridDim.x);
    const int tile = static_cast<int>(tiles * blockIdx.x / gridDim.x) + warp;
    if constexpr (kCompressed) {
        const long long first_block = (long long)kv_head * args.compressed_blocks;
        compressed.keys = args.compressed_keys + first_block * MI_KV_BLOCK_TOKENS * kHeadDim;
        compressed.values = args.compressed_values + first_block * MI_KV_BLOCK_TOKENS * kHeadDim;
        compressed.key_factors = args.key_factors + first_block;
        compressed.value_factors = args.value_factors + first_block;
        compressed.count = compressed_count;
        if (tile < end) {
            compressed.load_keys(tile, lane);
            compressed.load_values(tile, lane);
        }
    } else if (tile < end) {
        plain.load_keys(tile, lane);
        plain.load_values(tile, lane);
    }
    for (int part = warp; part < kParts; part += kWarps) {
        const bf16 *query = static_cast<const bf16 *>(args.queries) + (first_head + lane / 4) * kHeadDim;
        if (lane / 4 >= heads) query = nullptr;
        shared.queries[part][lane] = query_part(query, part, lane);
        if constexpr (kCompressed) {
            shared.queries[kParts + part][lane] = CompressedKeyTile<kHeadDim>::query(query, part, lane);
        }
    }
    __syncthreads();

    Softmax softmax;
    if constexpr (kCompressed) {
        attend_tiles(softmax, compressed, shared, tile, end, args.score_scale, lane);
        softmax.rescale(softmax.unit, softmax.unit);
        softmax.unit = 1;
        if (blockIdx.x == gridDim.x - 1 && warp < plain_tiles) {
            plain.load_keys(warp, lane);
            plain.load_values(warp, lane);
            attend_tiles(softmax, plain, shared, warp, plain_tiles, args.score_scale, lane);
        }
    } else {
        attend_tiles(softmax, plain, shared, tile, end, args.score_scale, lane);
    }
    float(&output)[kTiles][4] = softmax.output;
    float(&maximum)[2] = softmax.maximum;
    float(&sum)[2] = softmax.sum;

    // Warps: everybody's maxima first, then outputs relative to the common one.
    const int column = lane % 4 * 2;
    sum[0] = column_sum(sum[0]);
    sum[1] = column_sum(sum[1]);
    if (lane < 4) {
        shared.maximum[warp][column] = maximum[0];
        shared.maximum[warp][column + 1] = maximum[1];
        shared.sum[warp][column] = sum[0];
        shared.sum[warp][column + 1] = sum[1];
    }
#pragma unroll
    for (int t = 0; t < kTiles; t++) {
        const int element = ValueTile::element(t, lane);
        *reinterpret_cast<float2 *>(&shared.output[warp][column][element]) = make_float2(output[t][0], output[t][2]);
        *reinterpret_cast<float2 *>(&shared.output[warp][column + 1][element]) =
            make_float2(output[t][1], output[t][3]);
    }
    __syncthreads();
    constexpr int kQuads = kHeadDim / 4;
    for (int item = threadIdx.x; item < heads * kQuads; item += blockDim.x) {
        const int head = item / kQuads, quad = item % kQuads;
        float highest = shared.maximum[0][head];
#pragma unroll
        for (int w = 1; w < kWarps; w++) highest = fmaxf(highest, shared.maximum[w][head]);
        float total = 0;
        float4 merged = {};
#pragma unroll
        for (int w = 0; w < kWarps; w++) {
            const float factor = fast_exp2(shared.maximum[w][head] - highest);
            const float4 part = *reinterpret_cast<const float4 *>(&shared.output[w][head][quad * 4]);
            total += factor * shared.sum[w][head];
            merged.x += factor * part.x;
            merged.y += factor * part.y;
            merged.z += factor * part.z;
            merged.w += factor * part.w;
        }
        if (gridDim.x == 1) {
            const float inverse = 1.0f / total;
            const float out[4] = {merged.x * inverse, merged.y * inverse, merged.z * inverse, merged.w * inverse};
            store_vector(static_cast<bf16 *>(args.output) + (first_head + head) * kHeadDim + quad * 4, out);
        } else {
            const long long split = (long long)(first_head + head) * gridDim.x + blockIdx.x;
            reinterpret_cast<float4 *>(args.partials)[split * kQuads + quad] = merged;
            if (quad == 0) reinterpret_cast<float2 *>(args.statistics)[split] = make_float2(highest, total);
        }
    }
    if (gridDim.x == 1) return;

    __syncthreads();
    if (threadIdx.x == 0) {
        shared.is_last = arrive(args.arrivals + blockIdx.y) == gridDim.x - 1;
        if (shared.is_last) args.arrivals[blockIdx.y] = 0;
    }
    __syncthreads();
    if (shared.is_last) merge_splits(args, shared, first_head, heads);
}
