#pragma once

#include "ptx/bf16.cuh"
#include "ptx/cp_async.cuh"
#include "ptx/ldmatrix.cuh"
#include "ptx/mma.cuh"
#include "ptx/shared.cuh"
#include "sm80_estimate_arguments.h"

// Scores of the last query rows of a few heads against a run of keys, tile by tile.
//
// A warp owns one head, whose query fragments stay in registers, and marches along one part of the keys: 64 rows by 32
// keys a step. All warps of a block share the head's keys in shared memory; several streams march in different parts
// where a group has fewer heads than a block has warps. Above 128 elements a head, two warps split its rows.

constexpr int kHeadDim = HEAD_DIM;
/// Query heads of a block; all of one key head.
constexpr int kHeads = HEADS;
/// Parts of the keys that a block works on at a time.
constexpr int kStreams = STREAMS;

constexpr int kSplits = kHeadDim > 128 ? 2 : 1;
constexpr int kRows = MI_ESTIMATE_MAX_ROWS / kSplits;
constexpr int kRowTiles = kRows / 16;
/// Groups of eight rows, the rows of a thread: row `lane / 4` of each.
constexpr int kOctets = kRows / 8;
constexpr int kSteps = kHeadDim / 16;
constexpr int kWarps = kHeads * kSplits * kStreams;
constexpr int kThreads = 32 * kWarps;

constexpr int kTileKeys = MI_ESTIMATE_TILE_KEYS;
constexpr int kKeyTiles = kTileKeys / 8;
constexpr int kStageKeys = MI_ESTIMATE_STAGE_KEYS;
constexpr int kChunks = kHeadDim / 8;
/// Padded so that eight rows lie in different banks.
constexpr int kKeyBytes = 2 * kHeadDim + 16;
constexpr int kStageBytes = kStreams * kStageKeys * kKeyBytes;

static_assert(kHeadDim % 16 == 0 && kHeadDim <= 256, "head size");

using Scores = float[kRowTiles][kKeyTiles][4];
using Queries = bf16x2[kRowTiles][kSteps][4];

/// Where a warp works.
struct WarpPlace {
    int lane;
    int stream;
    int head;
    /// The first of the warp's rows among the rows of the estimate.
    int first_row;
    /// The part of the keys, and its first key.
    int part;
    int first_key;
    /// The head among the heads of all splits.
    int line_head;

    __device__ explicit WarpPlace(const mi_estimate_arguments &args) {
        const int warp = threadIdx.x / 32;
        lane = threadIdx.x % 32;
        stream = warp / (kHeads * kSplits);
        const int split = warp / kHeads % kSplits;
        head = blockIdx.y * kHeads + warp % kHeads;
        first_row = split * kRows;
        part = blockIdx.x * kStreams + stream;
        first_key = part * args.part_keys;
        line_head = split * args.heads + head;
    }
};

/// The warp's rows as A fragments; rows that are not there are zero.
__device__ __forceinline__ void load_queries(
    Queries &queries, const mi_estimate_arguments &args, const WarpPlace &place) {
    const bf16 *base = static_cast<const bf16 *>(args.queries) + static_cast<long long>(place.head) * kHeadDim;
#pragma unroll
    for (int tile = 0; tile < kRowTiles; ++tile) {
#pragma unroll
        for (int half = 0; half < 2; ++half) {
            const int row = place.first_row + 16 * tile + 8 * half + place.lane / 4;
            const bf16 *line = base + static_cast<long long>(row) * args.row_stride + 2 * (place.lane % 4);
#pragma unroll
            for (int step = 0; step < kSteps; ++step) {
#pragma unroll
                for (int side = 0; side < 2; ++side) {
                    queries[tile][step][2 * side + half] =
                        row < args.rows ? *reinterpret_cast<const bf16x2 *>(line + 16 * step + 8 * side) : 0;
                }
            }
        }
    }
}

/// Starts copying one stage of keys of every stream; keys past the end become zero.
__device__ __forceinline__ void load_stage(
    const mi_estimate_arguments &args, unsigned int stage_address, int stage) {
    const int key_head = blockIdx.y * kHeads / args.group_size;
    const bf16 *keys = static_cast<const bf16 *>(args.keys) + static_cast<long long>(key_head) * args.capacity * kHeadDim;
    // Few at a time: addresses of all pieces at once would cost the registers that queries need.
#pragma unroll 2
    for (int piece = threadIdx.x; piece < kStreams * kStageKeys * kChunks; piece += kThreads) {
        const int row = piece / kChunks;
        const int chunk = piece % kChunks;
        const int part = blockIdx.x * kStreams + row / kStageKeys;
        const int key = part * args.part_keys + stage * kStageKeys + row % kStageKeys;
        const bool present = key < args.key_count;
        cp_async_16(
            stage_address + row * kKeyBytes + chunk * 16,
            keys + static_cast<long long>(present ? key : 0) * kHeadDim + chunk * 8, present);
    }
}

/// The products of the warp's rows with 32 keys; `address` is this lane's place in the tile, see `tile_lane_offset`.
__device__ __forceinline__ void multiply(Scores &scores, const Queries &queries, unsigned int address) {
#pragma unroll
    for (int tile = 0; tile < kRowTiles; ++tile)
#pragma unroll
        for (int keys = 0; keys < kKeyTiles; ++keys)
#pragma unroll
            for (int part = 0; part < 4; ++part) scores[tile][keys][part] = 0.0f;
#pragma unroll
    for (int step = 0; step < kSteps; ++step) {
        bf16x2 fragments[kKeyTiles / 2][4];
#pragma unroll
        for (int pair = 0; pair < kKeyTiles / 2; ++pair)
            ldmatrix_x4(fragments[pair], address + pair * 16 * kKeyBytes + step * 32);
#pragma unroll
        for (int keys = 0; keys < kKeyTiles; ++keys)
#pragma unroll
            for (int tile = 0; tile < kRowTiles; ++tile)
                mma_m16n8k16(
                    scores[tile][keys], queries[tile][step], fragments[keys / 2][keys % 2 * 2],
                    fragments[keys / 2][keys % 2 * 2 + 1]);
    }
}

/// The row of keys and the 16 bytes of it that a lane hands to `ldmatrix_x4`.
__device__ __forceinline__ unsigned int tile_lane_offset(int lane) {
    return (lane / 16 * 8 + lane % 8) * kKeyBytes + lane / 8 % 2 * 16;
}

/// Scores of keys after a row's own position become minus infinity.
__device__ __forceinline__ void mask_future(
    Scores &scores, const mi_estimate_arguments &args, const WarpPlace &place, int first_key) {
    // The key that lies as far after the first row's position as the row lies after the first row is its own.
    const int key = first_key + 2 * (place.lane % 4) - (args.key_count - args.rows);
    const int row = place.first_row + place.lane / 4;
#pragma unroll
    for (int tile = 0; tile < kRowTiles; ++tile)
#pragma unroll
        for (int keys = 0; keys < kKeyTiles; ++keys)
#pragma unroll
            for (int part = 0; part < 4; ++part)
                if (key + 8 * keys + part % 2 > row + 16 * tile + 8 * (part / 2))
                    scores[tile][keys][part] = -__int_as_float(0x7F800000);
}

/// Hands every tile of the warp's part to `consumer`, in order of keys, then lets it finish.
template <class Consumer>
__device__ __forceinline__ void march(
    const mi_estimate_arguments &args, const WarpPlace &place, unsigned char *memory, Consumer &consumer) {
    Queries queries;
    load_queries(queries, args, place);
    const unsigned int address = shared_address(memory);
    const int block_keys = min(args.part_keys, args.key_count - static_cast<int>(blockIdx.x) * kStreams * args.part_keys);
    const int stages = (block_keys + kStageKeys - 1) / kStageKeys;
    const unsigned int lane_offset =
        address + place.stream * kStageKeys * kKeyBytes + tile_lane_offset(place.lane);

    load_stage(args, address, 0);
    for (int stage = 0; stage < stages; ++stage) {
        cp_async_wait_all();
        // Everybody's copies are there, and everybody has left the stage that is overwritten next.
        __syncthreads();
        if (stage + 1 < stages) load_stage(args, address + (stage + 1) % 2 * kStageBytes, stage + 1);
#pragma unroll 1
        for (int tile = 0; tile < kStageKeys / kTileKeys; ++tile) {
            const int first_key = place.first_key + stage * kStageKeys + tile * kTileKeys;
            if (first_key >= args.key_count) break;
            Scores scores;
            multiply(scores, queries, lane_offset + stage % 2 * kStageBytes + tile * kTileKeys * kKeyBytes);
            if (first_key + kTileKeys > args.key_count - args.rows + 1)
                mask_future(scores, args, place, first_key);
            consumer.consume(scores, first_key);
        }
    }
    consumer.finish();
}
