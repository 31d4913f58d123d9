#pragma once

#include "ptx/mma.cuh"
#include "ptx/vector.cuh"

// Scores of 16 keys against 8 query rows by one warp, keys straight from memory into tensor-core fragments:
//   S^T[16 keys][8 rows] = K Q^T.
// The order of a head's elements inside the product is free as long as both sides agree, so a thread takes 8
// contiguous elements, 16 bytes, where the fragment's own order would take pairs.
//
// A thread (`lane`) holds of S^T the keys `lane / 4` and `+ 8` of rows `2 * (lane % 4)` and the next.

constexpr int kTileKeys = 16;

/// `kParts` times 32 elements of two keys of a tile, `lane / 4` and `+ 8`.
template <int kParts>
struct KeyTile {
    uint4 low[kParts];
    uint4 high[kParts];

    /// Loads the tile that begins at key `first`; keys from `count` on repeat the last one.
    __device__ __forceinline__ void load(const bf16 *keys, int head_dim, int first, int count, int lane) {
        const int row = first + lane / 4;
        const bf16 *from = keys + (long long)min(row, count - 1) * head_dim + lane % 4 * 8;
        const bf16 *from_high = keys + (long long)min(row + 8, count - 1) * head_dim + lane % 4 * 8;
#pragma unroll
        for (int part = 0; part < kParts; part++) {
            low[part] = load_once(from + part * 32);
            high[part] = load_once(from_high + part * 32);
        }
    }
};

/// One thread's share of 32 elements of eight query rows, in the arrangement that matches KeyTile: 8 elements of `row`,
/// row `lane / 4`, or zeros where that is null.
__device__ __forceinline__ uint4 query_part(const bf16 *row, int part, int lane) {
    return row ? *reinterpret_cast<const uint4 *>(row + lane % 4 * 8 + part * 32) : uint4{};
}

/// `scores += K Q^T` over `kParts` times 32 elements; `queries` gives this thread's query_part for a part of the keys.
template <int kParts, typename Queries>
__device__ __forceinline__ void add_scores(float (&scores)[4], const KeyTile<kParts> &keys, Queries queries) {
#pragma unroll
    for (int part = 0; part < kParts; part++) {
        const uint4 l = keys.low[part], h = keys.high[part], q = queries(part);
        mma_m16n8k16(scores, {l.x, h.x, l.y, h.y}, q.x, q.y);
        mma_m16n8k16(scores, {l.z, h.z, l.w, h.w}, q.z, q.w);
    }
}
