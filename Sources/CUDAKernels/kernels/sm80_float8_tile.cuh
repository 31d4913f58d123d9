#pragma once

#include "ptx/float8.cuh"
#include "ptx/mma.cuh"
#include "ptx/vector.cuh"
#include "sm80_kv_quantize_arguments.h"

// Tiles of 16 compressed keys for the decoder: the counterparts of KeyTile and ValueTile with e4m3 elements, which become
// f16 by moving bits. f16 holds e4m3 exactly and probabilities better than bf16 does; a tile lies within one block of
// 64 tokens, so that one factor each serves its keys and its values.

/// `kHeadDim` elements of two keys of a tile, `lane / 4` and `+ 8`: 16 contiguous ones per thread of each 64, 8 of a
/// last 32.
template <int kHeadDim>
struct CompressedKeyTile {
    static constexpr int kRuns = kHeadDim / 64;
    static constexpr int kHalfRuns = kHeadDim % 64 / 32;
    uint4 low[kRuns > 0 ? kRuns : 1], high[kRuns > 0 ? kRuns : 1];
    uint2 half_low, half_high;

    __device__ __forceinline__ void load(const unsigned char *keys, int first, int lane) {
        const unsigned char *from = keys + (long long)(first + lane / 4) * kHeadDim + lane % 4 * 16;
#pragma unroll
        for (int run = 0; run < kRuns; run++) {
            low[run] = load_once(from + run * 64);
            high[run] = load_once(from + 8 * kHeadDim + run * 64);
        }
        if constexpr (kHalfRuns > 0) {
            const unsigned char *half = from - lane % 4 * 8 + kRuns * 64;
            half_low = load_once_8(half);
            half_high = load_once_8(half + 8 * kHeadDim);
        }
    }

    /// Two of four elements as f16.
    static __device__ __forceinline__ unsigned int first_pair(unsigned int e) {
        return e4m3_as_f16x2(__byte_perm(e, 0, 0x1404));
    }
    static __device__ __forceinline__ unsigned int second_pair(unsigned int e) {
        return e4m3_as_f16x2(__byte_perm(e, 0, 0x3424));
    }

    /// 16 elements of the product's inner dimension: four of each thread.
    static __device__ __forceinline__ void add(
        float (&scores)[4], unsigned int l, unsigned int h, unsigned int q_low, unsigned int q_high) {
        mma_m16n8k16_f16(
            scores, {first_pair(l), first_pair(h), second_pair(l), second_pair(h)}, q_low, q_high);
    }

    /// `scores += K Q^T * 2^-8 / factor`; `queries(part)` gives 8 f16 elements of row `lane / 4` as `query` has them.
    template <typename Queries>
    __device__ __forceinline__ void add_scores(float (&scores)[4], Queries queries) const {
#pragma unroll
        for (int run = 0; run < kRuns; run++) {
            const uint4 l = low[run], h = high[run], q = queries(2 * run), r = queries(2 * run + 1);
            add(scores, l.x, h.x, q.x, q.y);
            add(scores, l.y, h.y, q.z, q.w);
            add(scores, l.z, h.z, r.x, r.y);
            add(scores, l.w, h.w, r.z, r.w);
        }
        if constexpr (kHalfRuns > 0) {
            const uint4 q = queries(2 * kRuns);
            add(scores, half_low.x, half_high.x, q.x, q.y);
            add(scores, half_low.y, half_high.y, q.z, q.w);
        }
    }

    /// The elements of a query row that go with a thread's keys in `part`, as f16; zeros where `row` is null.
    static __device__ __forceinline__ uint4 query(const bf16 *row, int part, int lane) {
        if (!row) return {};
        const int element = part < 2 * kRuns ? part / 2 * 64 + lane % 4 * 16 + part % 2 * 8 : kRuns * 64 + lane % 4 * 8;
        float v[8];
        widen(*reinterpret_cast<const uint4 *>(row + element), v);
        unsigned int packed[4];
#pragma unroll
        for (int i = 0; i < 4; i++) packed[i] = pack_f16x2(limited(v[2 * i]), limited(v[2 * i + 1]));
        return {packed[0], packed[1], packed[2], packed[3]};
    }

private:
    /// Within the range of f16.
    static __device__ __forceinline__ float limited(float v) { return fminf(fmaxf(v, -65504.0f), 65504.0f); }
};

/// The tile's values: of keys `2 * (lane % 4)`, the next, and both plus 8.
template <int kHeadDim>
struct CompressedValueTile {
    static constexpr int kWide = kHeadDim / 64;
    static constexpr int kNarrow = kHeadDim % 64 / 32;
    uint2 wide[kWide > 0 ? kWide : 1][4];
    unsigned int narrow[4];

    __device__ __forceinline__ void load(const unsigned char *values, int first, int lane) {
#pragma unroll
        for (int k = 0; k < 4; k++) {
            const int key = first + lane % 4 * 2 + k % 2 + k / 2 * 8;
            const unsigned char *from = values + (long long)key * kHeadDim;
#pragma unroll
            for (int run = 0; run < kWide; run++) wide[run][k] = load_once_8(from + run * 64 + lane / 4 * 8);
            if constexpr (kNarrow > 0) {
                narrow[k] = __ldg(reinterpret_cast<const unsigned int *>(from + kWide * 64 + lane / 4 * 4));
            }
        }
    }

    /// Element `kElement` of four of two keys.
    template <int kElement>
    static __device__ __forceinline__ unsigned int pair(unsigned int a, unsigned int b) {
        return e4m3_as_f16x2(__byte_perm(a, b, (4 + kElement) << 12 | kElement << 4));
    }

    /// Rows of V^T from four elements of four keys: two tiles of the output.
    static __device__ __forceinline__ void multiply(
        float (&first)[4], float (&second)[4], unsigned int k0, unsigned int k1, unsigned int k8, unsigned int k9,
        unsigned int p_low, unsigned int p_high) {
        mma_m16n8k16_f16(first, {pair<0>(k0, k1), pair<1>(k0, k1), pair<0>(k8, k9), pair<1>(k8, k9)}, p_low, p_high);
        mma_m16n8k16_f16(second, {pair<2>(k0, k1), pair<3>(k0, k1), pair<2>(k8, k9), pair<3>(k8, k9)}, p_low, p_high);
    }

    /// `output += V^T P^T * 2^-8 / factor`; the probabilities are f16.
    template <int kTiles>
    __device__ __forceinline__ void accumulate(
        float (&output)[kTiles][4], unsigned int p_low, unsigned int p_high) const {
#pragma unroll
        for (int run = 0; run < kWide; run++) {
            const uint2 a = wide[run][0], b = wide[run][1], c = wide[run][2], d = wide[run][3];
            multiply(output[run * 4], output[run * 4 + 1], a.x, b.x, c.x, d.x, p_low, p_high);
            multiply(output[run * 4 + 2], output[run * 4 + 3], a.y, b.y, c.y, d.y, p_low, p_high);
        }
        if constexpr (kNarrow > 0) {
            multiply(
                output[kWide * 4], output[kWide * 4 + 1], narrow[0], narrow[1], narrow[2], narrow[3], p_low, p_high);
        }
    }
};
