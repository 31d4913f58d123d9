#pragma once

#include "ptx/bf16.cuh"
#include "ptx/exp2.cuh"
#include "ptx/ldmatrix.cuh"
#include "ptx/mma.cuh"
#include "sm80_attention_shared.cuh"

// The arithmetic of one warp: two products and the softmax between them, all in registers.

constexpr int kRowParts = kWarpRows / 16;  // 16-row products of a warp
constexpr bool kQueriesInRegisters = kRowParts * kHeadDim <= 128;
/// Scores start below every real one; rows that see no key end with a sum of zero.
constexpr float kLowest = -1e30f;

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

/// Probabilities relative to the highest score so far, as fragments; earlier sums follow when that grew. With extras
/// false, and nothing changed, when all scores of all rows of the warp lie more than `-skip` below the row's highest.
__device__ __forceinline__ bool soften(
    Probabilities &probabilities, const Scores &scores, WarpRows &rows, float score_scale, float skip) {
    float highest[kRowParts][2];
    bool grew = false, matters = false;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            float top = kExtras ? scores[m][0][i * 2] : rows.highest[m][i];
#pragma unroll
            for (int n = 0; n < kTileKeys / 8; n++) {
                top = fmaxf(top, fmaxf(scores[m][n][i * 2], scores[m][n][i * 2 + 1]));
            }
            top = fmaxf(top, __shfl_xor_sync(~0u, top, 1));
            top = fmaxf(top, __shfl_xor_sync(~0u, top, 2));
            if constexpr (kExtras) matters |= top >= rows.highest[m][i] + skip;
            grew |= top > rows.highest[m][i];
            highest[m][i] = kExtras ? fmaxf(top, rows.highest[m][i]) : top;
        }
    }
    if (kExtras && !__any_sync(~0u, matters)) return false;
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
    return true;
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

/// The sum of exponentials of one of the warp's rows, in all four lanes that share it.
__device__ __forceinline__ float row_sum(const WarpRows &rows, int part, int i) {
    float sum = rows.sum[part][i];
    sum += __shfl_xor_sync(~0u, sum, 1);
    sum += __shfl_xor_sync(~0u, sum, 2);
    return sum;
}

/// Writes log2 of the sums of exponentials of a warp's rows, `row` and on, as far as they exist.
__device__ __forceinline__ void store_log_sums(
    const WarpRows &rows, const mi_sm80_attention_arguments &args, int row, int head) {
    const int lane = threadIdx.x % 32;
    float *log_sums = args.log_sums + static_cast<long long>(head) * args.query_count;
#pragma unroll
    for (int m = 0; m < kRowParts; m++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const float sum = row_sum(rows, m, i);
            const int r = row + m * 16 + i * 8 + lane / 4;
            if (lane % 4 > 0 || r >= args.query_count) continue;
            const float nothing = __uint_as_float(0xFF800000u);  // minus infinity
            log_sums[r] = sum > 0 ? fmaf(rows.highest[m][i], args.score_scale, log2f(sum)) : nothing;
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
            const float sum = row_sum(rows, m, i);
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
