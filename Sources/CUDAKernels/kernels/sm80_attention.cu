// Attention of query rows over the keys that an index keeps, on the tensor cores of any architecture from sm_80 on.
//
// A block of four warps works on TILE_ROWS rows of one head, a warp on its own quarter of them from the first product
// to the output. Tiles of 64 keys come one after the other, from wherever the index says: their keys and values are
// copied row by row in the background while the tile before is computed. The softmax runs online; probabilities go
// from the first product to the second in registers.
//
// HEAD_DIM: 64, 96, 128 or 256. TILE_ROWS: 64 or 128. STAGES: 2 keeps two tiles of keys and values in shared memory,
// 1 one of each, loaded in turns. EXTRAS: 1 also leaves tiles out that weigh nothing, writes the logarithms of the sums
// and takes means of blocks as keys; 0 has the registers for 128 rows of 128 elements.

#include "ptx/cp_async.cuh"
#include "ptx/ldmatrix.cuh"
#include "ptx/shared.cuh"
#include "sm80_attention_rows.cuh"
#include "sm80_attention_shared.cuh"

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
        bool matters = some;
        if (some) {
            Scores scores;
            multiply_queries(scores, kept, queries, first_keys + stage);
            if (!all) mask_scores(scores, shared.rows[slot][mask_word], mask_bit);
            matters = soften(probabilities, scores, rows, args.score_scale, args.skip);
        }
        if constexpr (kStages == 1) {
            cp_async_wait_all();
            __syncthreads();
            if (copies_next()) copy_tile(shared, next, first_keys, keys);
        }
        if (matters) multiply_values(rows, probabilities, first_values + stage);
        if (number + 2 < tile_count) look_up_tile(shared, after_next, number + 2);
        slot = next;
    }

    unsigned char *own = shared.queries + warp * kWarpRows * kRowBytes;
    if (kExtras && args.log_sums) store_log_sums(rows, args, shared.tile.row + warp * kWarpRows, shared.tile.head.head);
    __syncwarp();
    finish_rows(rows, own);
    __syncwarp();
    copy_output(own, args, shared.tile.row + warp * kWarpRows, shared.tile.head.head);
}
