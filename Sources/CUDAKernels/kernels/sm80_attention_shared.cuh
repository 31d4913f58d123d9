#pragma once

#include "ptx/cp_async.cuh"
#include "sm80_attention_walk.cuh"

// What a block of threads keeps in shared memory, and how rows get there and back.

constexpr int kHeadDim = HEAD_DIM;
constexpr int kTileRows = TILE_ROWS;
constexpr int kStages = STAGES;

constexpr int kThreads = 128;
constexpr int kHalves = kTileRows / 64;
constexpr int kWarpRows = kTileRows / 4;
constexpr int kRowBytes = kHeadDim * 2;
constexpr int kTileBytes = kTileKeys * kRowBytes;
constexpr int kSlots = 3;  // tiles whose keys are known: computed, on its way, looked up

static_assert(kTileRows == 64 || kTileRows == 128);
static_assert(kHeadDim % 32 == 0 && kHeadDim <= 256);

/// A byte for each of four warps that looked keys up; bit 0: some row sees a key, bit 1: all rows see all keys.
constexpr unsigned int kSomeSeen = 0x01010101, kAllSeen = 0x03030303;

struct SharedMemory {
    alignas(128) unsigned char queries[kTileRows * kRowBytes];
    alignas(128) unsigned char keys[kStages][kTileBytes];
    alignas(128) unsigned char values[kStages][kTileBytes];
    // What is known of a tile of keys.
    unsigned int rows[kSlots][kTileRows / 32][kTileKeys];  // who sees a key, 32 rows a word
    int key[kSlots][kTileKeys];                            // positions; -1: none
    int run[kSlots];  // the first of 64 consecutive keys that all rows see; -1: `key` and `rows` say
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
