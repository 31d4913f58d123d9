// Attention of query rows over the keys that an index keeps, on the tensor cores of any architecture from sm_80 on.
//
// A block of four warps works on TILE_ROWS rows of one head, a warp on its own quarter of them from the first product
// to the output. Tiles of 64 keys come one after the other, from wherever the index says: their keys and values are
// copied row by row in the background while the tile before is computed. The softmax runs online; probabilities go
// from the first product to the second in registers.
//
// HEAD_DIM: 64, 96, 128 or 256. TILE_ROWS: 64 or 128. STAGES: 2 keeps two tiles of keys and values in shared memory,
// 1 one of each, loaded in turns.

#include "ptx/bf16.cuh"
#include "ptx/cp_async.cuh"
#include "ptx/exp2.cuh"
#include "ptx/ldmatrix.cuh"
#include "ptx/mma.cuh"
#include "ptx/shared.cuh"
#include "sm80_attention_walk.cuh"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kTileRows = TILE_ROWS;
constexpr int kStages = STAGES;

constexpr int kThreads = 128;
constexpr int kHalves = kTileRows / 64;
constexpr int kWarpRows = kTileRows / 4;
constexpr int kRowParts = kWarpRows / 16;  // 16-row products of a warp
constexpr int kRowBytes = kHeadDim * 2;
constexpr int kTileBytes = kTileKeys * kRowBytes;
constexpr int kSlots = 3;  // tiles whose keys are known: computed, on its way, looked up
constexpr bool kQueriesInRegisters = kRowParts * kHeadDim <= 128;
/// Scores start below every real one; rows that see no key end with a sum of zero.
constexpr float kLowest = -1e30f;

static_assert(kTileRows == 64 || kTileRows == 128);
static_assert(kHeadDim % 32 == 0 && kHeadDim <= 256);

/// A byte for each of four warps that looked keys up; bit 0: some row sees a key, bit 1: all rows see all keys.
constexpr unsigned int kSomeSeen = 0x01010101, kAllSeen = 0x03030303;

struct SharedMemory {
    alignas(128) unsigned char queries[kTileRows * kRowBytes];
    alignas(128) unsigned char keys[kStages][kTileBytes];
    alignas(128) unsigned char values[kStages][kTileBytes];
    unsigned int rows[kSlots][kTileRows / 32][kTileKeys];  // who sees a key, 32 rows a word
    int key[kSlots][kTileKeys];                            // positions; -1: none
    int run[kSlots];            // the first of 64 consecutive keys that are all there; -1: see `key`
    unsigned int seen[kSlots];
    RowTile tile;
};
static_assert(sizeof(SharedMemory) == mi_sm80_attention_shared_bytes(kHeadDim, kTileRows, kStages));

/// Bytes from the start of a tile to 16-byte chunk `chunk` of row `row`, chunks exchanged so that neither rows nor
/// columns of 8x8 matrices meet in a bank.
__device__ __forceinline__ unsigned int chunk_offset(int row, int chunk) {
    const int exchange = kHeadDim % 64 == 0 ? row & 7 : row >> 1 & 3;
    return row * kRowBytes + (chunk ^ exchange) * 16;
}

/// Starts the copy of one tile's keys or values; rows that are not there become zero.
__device__ __forceinline__ void copy_tile(
    const SharedMemory &shared, int slot, unsigned int target, const unsigned char *source) {
    constexpr int kLanes = kHeadDim % 128 == 0 ? 16 : kHeadDim % 64 == 0 ? 8 : 4;  // that share a row
    const int row = threadIdx.x / kLanes, chunk = threadIdx.x % kLanes;
    const int run = shared.run[slot];
#pragma unroll
    for (int r = 0; r < kTileKeys; r += kThreads / kLanes) {
        const int key = run >= 0 ? run + row + r : shared.key[slot][row + r];
        const unsigned char *from = source + static_cast<long long>(max(key, 0)) * kRowBytes + chunk * 16;
#pragma unroll
        for (int c = 0; c < kRowBytes / 16; c += kLanes) {
            cp_async_16(target + chunk_offset(row + r, chunk + c), from + c * 16, key >= 0);
        }
    }
}

/// Looks up tile `number` of keys; visible to others after the next barrier.
__device__ __forceinline__ void look_up_tile(SharedMemory &shared, int slot, int number) {
    const KeyRun run = run_of_tile(shared.tile, number);
    if (is_whole(shared.tile, run, kHalves == 2 ? 3 : 1)) {
        if (threadIdx.x == 0) {
            shared.run[slot] = run.first;
            shared.seen[slot] = kAllSeen;
        }
        return;
    }
    if (threadIdx.x == 0) shared.run[slot] = -1;
    const int column = threadIdx.x % kTileKeys;
    const int half = kHalves == 2 ? threadIdx.x / kTileKeys : 0;
    const KeyRows found = key_of_tile(shared.tile, run, number, column, half);
    const unsigned int some = __any_sync(~0u, found.rows != 0), all = __all_sync(~0u, found.rows == ~0ull);
    if (threadIdx.x % 32 == 0) {
        reinterpret_cast<unsigned char *>(&shared.seen[slot])[threadIdx.x / 32] = some | all << 1;
    }
    if (threadIdx.x < kHalves * kTileKeys) {
        shared.rows[slot][half * 2][column] = static_cast<unsigned int>(found.rows);
        shared.rows[slot][half * 2 + 1][column] = static_cast<unsigned int>(found.rows >> 32);
    }
    if (threadIdx.x < kTileKeys) shared.key[slot][column] = found.key;
}

/// What the rows of one warp carry from tile to tile. Element [m][..] is of 16-row part m; in an accumulator of four,
/// the first two belong to row `lane / 4` of the part, the others to row `lane / 4 + 8`.
struct WarpRows {
    float output[kRowParts][kHeadDim / 8][4];
    float highest[kRowParts][2];
    float sum[kRowParts][2];
};

using QueryFragments = bf16x2[kRowParts][kHeadDim / 16][4];
using Scores = float[kRowParts][kTileKeys / 8][4];
using Probabilities = bf16x2[kRowParts][kTileKeys / 16][4];

/// S = Q K^T for one tile.
__device__ __forceinline__ void multiply_queries(
    Scores &scores, const QueryFragments &kept,
    unsigned int queries, unsigned int keys) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int n = 0; n < kTileKeys / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) scores[m][n][i] = 0;
        }
    }
#pragma unroll
    for (int k = 0; k < kHeadDim / 16; k++) {
        bf16x2 q[kRowParts][4];
#pragma unroll
        for (int m = 0; m < kRowParts; m++) {
            if constexpr (kQueriesInRegisters) {
#pragma unroll
                for (int i = 0; i < 4; i++) q[m][i] = kept[m][k][i];
            } else {
                ldmatrix_x4(q[m], queries + chunk_offset(m * 16 + lane % 16, k * 2 + lane / 16));
            }
        }
#pragma unroll
        for (int n = 0; n < kTileKeys / 8; n += 2) {
            bf16x2 b[4];
            ldmatrix_x4(b, keys + chunk_offset(n * 8 + lane / 16 * 8 + lane % 8, k * 2 + lane / 8 % 2));
#pragma unroll
            for (int m = 0; m < kRowParts; m++) {
                mma_m16n8k16(scores[m][n], q[m], b[0], b[1]);
                mma_m16n8k16(scores[m][n + 1], q[m], b[2], b[3]);
            }
        }
    }
}

/// Takes keys that a row does not see out of the scores; `rows` are the words of this warp's 32 rows.
__device__ __forceinline__ void mask_scores(
    Scores &scores, const unsigned int *rows, int first_bit) {
    const int lane = threadIdx.x % 32;
    const float hidden = __uint_as_float(0xFF800000u);  // minus infinity
#pragma unroll
    for (int n = 0; n < kTileKeys / 8; n++) {
        const uint2 pair = *reinterpret_cast<const uint2 *>(rows + n * 8 + lane % 4 * 2);
        const unsigned int words[2] = {pair.x >> first_bit, pair.y >> first_bit};
#pragma unroll
        for (int m = 0; m < kRowParts; m++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                if (!(words[i % 2] & 1u << (m * 16 + i / 2 * 8))) scores[m][n][i] = hidden;
            }
        }
    }
}

/// Probabilities relative to the highest score so far, as fragments; earlier sums follow when that grew.
__device__ __forceinline__ void soften(
    Probabilities &probabilities, const Scores &scores, WarpRows &rows, float score_scale) {
    float highest[kRowParts][2];
    bool grew = false;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float top = rows.highest[m][i];
#pragma unroll
            for (int n = 0; n < kTileKeys / 8; n++) {
                top = fmaxf(top, fmaxf(scores[m][n][i * 2], scores[m][n][i * 2 + 1]));
            }
            top = fmaxf(top, __shfl_xor_sync(~0u, top, 1));
            top = fmaxf(top, __shfl_xor_sync(~0u, top, 2));
            grew |= top > rows.highest[m][i];
            highest[m][i] = top;
        }
    }
    if (__any_sync(~0u, grew)) {
#pragma unroll
        for (int m = 0; m < kRowParts; m++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                const float factor = fast_exp2((rows.highest[m][i] - highest[m][i]) * score_scale);
                rows.highest[m][i] = highest[m][i];
                rows.sum[m][i] *= factor;
#pragma unroll
                for (int n = 0; n < kHeadDim / 8; n++) {
                    rows.output[m][n][i * 2] *= factor;
                    rows.output[m][n][i * 2 + 1] *= factor;
                }
            }
        }
    }
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const float shift = rows.highest[m][i] * score_scale;
#pragma unroll
            for (int n = 0; n < kTileKeys / 8; n++) {
                const float first = fast_exp2(fmaf(scores[m][n][i * 2], score_scale, -shift));
                const float second = fast_exp2(fmaf(scores[m][n][i * 2 + 1], score_scale, -shift));
                rows.sum[m][i] += first;
                rows.sum[m][i] += second;
                probabilities[m][n / 2][n % 2 * 2 + i] = pack_bf16x2(first, second);
            }
        }
    }
}

/// O += P V for one tile.
__device__ __forceinline__ void multiply_values(
    WarpRows &rows, const Probabilities &probabilities, unsigned int values) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int k = 0; k < kTileKeys / 16; k++) {
#pragma unroll
        for (int n = 0; n < kHeadDim / 8; n += 2) {
            bf16x2 b[4];
            ldmatrix_x4_transposed(b, values + chunk_offset(k * 16 + lane % 16, n + lane / 16));
#pragma unroll
            for (int m = 0; m < kRowParts; m++) {
                mma_m16n8k16(rows.output[m][n], probabilities[m][k], b[0], b[1]);
                mma_m16n8k16(rows.output[m][n + 1], probabilities[m][k], b[2], b[3]);
            }
        }
    }
}

/// Divides by the sums and leaves bf16 rows where the warp's queries lay.
__device__ __forceinline__ void finish_rows(WarpRows &rows, unsigned char *target) {
    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float sum = rows.sum[m][i];
            sum += __shfl_xor_sync(~0u, sum, 1);
            sum += __shfl_xor_sync(~0u, sum, 2);
            const float factor = sum > 0 ? 1 / sum : 0;
#pragma unroll
            for (int n = 0; n < kHeadDim / 8; n++) {
                const unsigned int offset = chunk_offset(m * 16 + i * 8 + lane / 4, n) + lane % 4 * 4;
                *reinterpret_cast<bf16x2 *>(target + offset) =
                    pack_bf16x2(rows.output[m][n][i * 2] * factor, rows.output[m][n][i * 2 + 1] * factor);
            }
        }
    }
}

/// Bytes from the start of queries or output to a row's elements of one head.
__device__ __forceinline__ long long row_offset(const mi_sm80_attention_arguments &args, int row, int head) {
    return (static_cast<long long>(row) * args.row_stride + static_cast<long long>(head) * kHeadDim) * 2;
}

/// Starts the copy of a warp's rows, `row` and on; rows after the last query are zero.
__device__ __forceinline__ void load_queries(
    unsigned int target, const mi_sm80_attention_arguments &args, int row, int head) {
    constexpr int kChunks = kRowBytes / 16;
    const unsigned char *source = static_cast<const unsigned char *>(args.queries);
#pragma unroll 4
    for (int i = threadIdx.x % 32; i < kWarpRows * kChunks; i += 32) {
        const int r = row + i / kChunks;
        const bool present = r < args.query_count;
        const long long offset = row_offset(args, present ? r : 0, head) + i % kChunks * 16;
        cp_async_16(target + chunk_offset(i / kChunks, i % kChunks), source + offset, present);
    }
}

/// Writes a warp's finished rows, `row` and on, as far as they exist.
__device__ __forceinline__ void copy_output(
    const unsigned char *source, const mi_sm80_attention_arguments &args, int row, int head) {
    constexpr int kChunks = kRowBytes / 16;
    unsigned char *output = static_cast<unsigned char *>(args.output);
#pragma unroll 4
    for (int i = threadIdx.x % 32; i < kWarpRows * kChunks; i += 32) {
        const int r = row + i / kChunks;
        if (r >= args.query_count) continue;
        *reinterpret_cast<uint4 *>(output + row_offset(args, r, head) + i % kChunks * 16) =
            *reinterpret_cast<const uint4 *>(source + chunk_offset(i / kChunks, i % kChunks));
    }
}

extern "C" __global__ void __launch_bounds__(kThreads)
sm80_attention(const __grid_constant__ mi_sm80_attention_arguments args) {
    extern __shared__ __align__(128) unsigned char memory[];
    SharedMemory &shared = *reinterpret_cast<SharedMemory *>(memory);
    const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;

    // Heads that share keys run side by side, the longest rows first.
    const int tiles = (args.query_count + kTileRows - 1) / kTileRows;
    const int run = blockIdx.x / (tiles * args.head_run), place = blockIdx.x % (tiles * args.head_run);
    const mi_sm80_attention_head &head = args.heads[run * args.head_run + place % args.head_run];
    const int row = (tiles - 1 - place / args.head_run) * kTileRows;
    const long long kv_offset =
        static_cast<long long>(head.head / args.group_size) * args.capacity * kRowBytes;
    const unsigned char *keys = static_cast<const unsigned char *>(args.keys) + kv_offset;
    const unsigned char *values = static_cast<const unsigned char *>(args.values) + kv_offset;

    const unsigned int queries = shared_address(shared.queries + warp * kWarpRows * kRowBytes);
    load_queries(queries, args, row + warp * kWarpRows, head.head);
    if (warp == 0) begin_row_tile(shared.tile, args, head, row, kTileRows);
    constexpr int kHeadWords = sizeof(mi_sm80_attention_head) / 4;
    if (threadIdx.x >= 64 && threadIdx.x < 64 + kHeadWords) {
        const int word = threadIdx.x - 64;
        reinterpret_cast<unsigned int *>(&shared.tile.head)[word] = reinterpret_cast<const unsigned int *>(&head)[word];
    }
    __syncthreads();
    const int tile_count = shared.tile.tile_count;
    if (tile_count > 0) look_up_tile(shared, 0, 0);
    if (tile_count > 1) look_up_tile(shared, 1, 1);
    cp_async_wait_all();
    __syncthreads();

    QueryFragments kept;
    if constexpr (kQueriesInRegisters) {
#pragma unroll
        for (int m = 0; m < kRowParts; m++) {
#pragma unroll
            for (int k = 0; k < kHeadDim / 16; k++) {
                ldmatrix_x4(kept[m][k], queries + chunk_offset(m * 16 + lane % 16, k * 2 + lane / 16));
            }
        }
    }
    WarpRows rows;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            rows.highest[m][i] = kLowest;
            rows.sum[m][i] = 0;
        }
#pragma unroll
        for (int n = 0; n < kHeadDim / 8; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) rows.output[m][n][i] = 0;
        }
    }

    const unsigned int first_keys = shared_address(shared.keys[0]);
    const unsigned int first_values = shared_address(shared.values[0]);
    // The two warps that look up keys for the half that this warp's rows belong to.
    const int seen_shift = kHalves == 2 ? warp / 2 * 16 : 0;
    // The bits of this warp's rows within their word.
    const int mask_word = kHalves == 2 ? warp : warp / 2;
    const int mask_bit = (kWarpRows == 16 ? warp % 2 * 16 : 0) + lane / 4;

    if (tile_count > 0 && shared.seen[0] & kSomeSeen) {
        copy_tile(shared, 0, first_keys, keys);
        if constexpr (kStages == 2) copy_tile(shared, 0, first_values, values);
    }
    int slot = 0;
    for (int number = 0; number < tile_count; number++) {
        const int next = slot == kSlots - 1 ? 0 : slot + 1;
        const int after_next = next == kSlots - 1 ? 0 : next + 1;
        const unsigned int stage = kStages == 2 ? number % 2 * kTileBytes : 0;
        const unsigned int next_stage = kStages == 2 ? kTileBytes - stage : 0;
        cp_async_wait_all();
        __syncthreads();
        const unsigned int seen = shared.seen[slot];
        // The key positions of the next tile are known; whether any of its keys is seen decides about the copy.
        const auto copies_next = [&] { return number + 1 < tile_count && shared.seen[next] & kSomeSeen; };
        if constexpr (kStages == 2) {
            if (copies_next()) {
                copy_tile(shared, next, first_keys + next_stage, keys);
                copy_tile(shared, next, first_values + next_stage, values);
            }
        } else {
            if (seen & kSomeSeen) copy_tile(shared, slot, first_values, values);
        }

        const bool some = seen >> seen_shift & 0x0101, all = (seen >> seen_shift & 0x0202) == 0x0202;
        Probabilities probabilities;
        if (some) {
            Scores scores;
            multiply_queries(scores, kept, queries, first_keys + stage);
            if (!all) mask_scores(scores, shared.rows[slot][mask_word], mask_bit);
            soften(probabilities, scores, rows, args.score_scale);
        }
        if constexpr (kStages == 1) {
            cp_async_wait_all();
            __syncthreads();
            if (copies_next()) copy_tile(shared, next, first_keys, keys);
        }
        if (some) multiply_values(rows, probabilities, first_values + stage);
        if (number + 2 < tile_count) look_up_tile(shared, after_next, number + 2);
        slot = next;
    }

    unsigned char *own = shared.queries + warp * kWarpRows * kRowBytes;
    __syncwarp();
    finish_rows(rows, own);
    __syncwarp();
    copy_output(own, args, shared.tile.row + warp * kWarpRows, shared.tile.head.head);
}
