#include "estimate_scores.cuh"
#include "ptx/exp2.cuh"

// Softmax probabilities of the last rows of each head against all keys, summed along columns and along diagonals.
//
// `estimate_maxima` finds each row's maximum and sum over each part of the keys, `estimate_row_shifts` brings the parts
// together, `estimate_lines` computes the scores again and sums the probabilities, `estimate_overlaps` adds what
// neighbouring parts have on the same diagonals. All orders are fixed: the same bits every time.

/// Row maxima and sums of exponentials of a warp's part; each thread looks at its own columns until the end.
struct RowTotals {
    const mi_estimate_arguments &args;
    const WarpPlace &place;
    float maxima[kOctets];
    float sums[kOctets];

    __device__ RowTotals(const mi_estimate_arguments &args, const WarpPlace &place) : args(args), place(place) {
#pragma unroll
        for (int octet = 0; octet < kOctets; ++octet) {
            maxima[octet] = -1e30f;
            sums[octet] = 0.0f;
        }
    }

    __device__ __forceinline__ void consume(const Scores &scores, int) {
#pragma unroll
        for (int octet = 0; octet < kOctets; ++octet) {
            float largest = scores[octet / 2][0][octet % 2 * 2];
#pragma unroll
            for (int keys = 0; keys < kKeyTiles; ++keys)
#pragma unroll
                for (int side = 0; side < 2; ++side)
                    largest = fmaxf(largest, scores[octet / 2][keys][octet % 2 * 2 + side]);
            const float maximum = fmaxf(maxima[octet], largest * args.score_scale);
            float sum = sums[octet] * fast_exp2(maxima[octet] - maximum);
#pragma unroll
            for (int keys = 0; keys < kKeyTiles; ++keys)
#pragma unroll
                for (int side = 0; side < 2; ++side)
                    sum += fast_exp2(fmaf(scores[octet / 2][keys][octet % 2 * 2 + side], args.score_scale, -maximum));
            maxima[octet] = maximum;
            sums[octet] = sum;
        }
    }

    __device__ __forceinline__ void finish() {
#pragma unroll
        for (int octet = 0; octet < kOctets; ++octet) {
            float maximum = maxima[octet];
            maximum = fmaxf(maximum, __shfl_xor_sync(~0u, maximum, 1));
            maximum = fmaxf(maximum, __shfl_xor_sync(~0u, maximum, 2));
            float sum = sums[octet] * fast_exp2(maxima[octet] - maximum);
            sum += __shfl_xor_sync(~0u, sum, 1);
            sum += __shfl_xor_sync(~0u, sum, 2);
            if (place.lane % 4 == 0) {
                const long long slot = (static_cast<long long>(place.head) * args.parts + place.part) * MI_ESTIMATE_MAX_ROWS +
                                       place.first_row + 8 * octet + place.lane / 4;
                args.part_maxima[slot] = maximum;
                args.part_sums[slot] = sum;
            }
        }
    }
};

extern "C" __global__ void __launch_bounds__(kThreads, kWarps <= 4 ? 2 : 1)
    estimate_maxima(const __grid_constant__ mi_estimate_arguments args) {
    extern __shared__ __align__(16) unsigned char memory[];
    const WarpPlace place(args);
    RowTotals totals(args, place);
    march(args, place, memory, totals);
}

/// Grid: heads; block: 64 rows by 4 runs of parts.
extern "C" __global__ void __launch_bounds__(256) estimate_row_shifts(const __grid_constant__ mi_estimate_arguments args) {
    __shared__ float maxima[4][MI_ESTIMATE_MAX_ROWS];
    __shared__ float sums[4][MI_ESTIMATE_MAX_ROWS];
    const int row = threadIdx.x % MI_ESTIMATE_MAX_ROWS;
    const int run = threadIdx.x / MI_ESTIMATE_MAX_ROWS;
    const long long base = static_cast<long long>(blockIdx.x) * args.parts * MI_ESTIMATE_MAX_ROWS + row;
    float maximum = -1e30f;
    float sum = 0.0f;
    for (int part = run; part < args.parts; part += 4) {
        const long long slot = base + static_cast<long long>(part) * MI_ESTIMATE_MAX_ROWS;
        const float larger = fmaxf(maximum, args.part_maxima[slot]);
        sum = sum * fast_exp2(maximum - larger) + args.part_sums[slot] * fast_exp2(args.part_maxima[slot] - larger);
        maximum = larger;
    }
    maxima[run][row] = maximum;
    sums[run][row] = sum;
    __syncthreads();
    if (run > 0) return;
    for (int other = 1; other < 4; ++other) {
        const float larger = fmaxf(maximum, maxima[other][row]);
        sum = sum * fast_exp2(maximum - larger) + sums[other][row] * fast_exp2(maxima[other][row] - larger);
        maximum = larger;
    }
    args.row_shifts[blockIdx.x * MI_ESTIMATE_MAX_ROWS + row] =
        row < args.rows ? maximum + log2f(sum) : __int_as_float(0x7F800000);
}

/// Column and diagonal sums of a warp's part.
///
/// With a key's place `8 n + c` and a row's `8 r + g`, the element lies on the diagonal `8 (n - r) + (c - g)`: eight
/// octets of rows fall onto each other within a thread's registers, in a window that moves along with the keys. What is
/// left, eight rows `g`, goes through shared memory, where the rows are read one place apart.
struct LineTotals {
    static constexpr int kSlots = kOctets + kKeyTiles - 1;
    /// Floats of a row of the buffers: two lanes' pairs never meet in a bank.
    static constexpr int kColumnStride = kTileKeys + 8;
    static constexpr int kDiagonalStride = 2 * kTileKeys + 8;
    static constexpr int kBufferBytes = 4 * 8 * (kColumnStride + kDiagonalStride);

    const mi_estimate_arguments &args;
    const WarpPlace &place;
    float *column_buffer;
    float *diagonal_buffer;
    float shifts[kOctets];
    float diagonals[kSlots][2];
    int round = 0;

    __device__ LineTotals(const mi_estimate_arguments &args, const WarpPlace &place, unsigned char *memory)
        : args(args), place(place) {
        column_buffer = reinterpret_cast<float *>(memory + threadIdx.x / 32 * kBufferBytes);
        diagonal_buffer = column_buffer + 8 * kColumnStride;
        for (int index = place.lane; index < 8 * kDiagonalStride; index += 32) diagonal_buffer[index] = 0.0f;
        __syncwarp();
#pragma unroll
        for (int octet = 0; octet < kOctets; ++octet)
            shifts[octet] =
                args.row_shifts[place.head * MI_ESTIMATE_MAX_ROWS + place.first_row + 8 * octet + place.lane / 4];
#pragma unroll
        for (int slot = 0; slot < kSlots; ++slot) diagonals[slot][0] = diagonals[slot][1] = 0.0f;
    }

    __device__ __forceinline__ void consume(const Scores &scores, int first_key) {
#pragma unroll
        for (int keys = 0; keys < kKeyTiles; ++keys) {
            float2 column = make_float2(0.0f, 0.0f);
#pragma unroll
            for (int octet = 0; octet < kOctets; ++octet) {
                const float *pair = scores[octet / 2][keys] + octet % 2 * 2;
                const float first = fast_exp2(fmaf(pair[0], args.score_scale, -shifts[octet]));
                const float second = fast_exp2(fmaf(pair[1], args.score_scale, -shifts[octet]));
                column.x += first;
                column.y += second;
                diagonals[keys - octet + kOctets - 1][0] += first;
                diagonals[keys - octet + kOctets - 1][1] += second;
            }
            *reinterpret_cast<float2 *>(
                column_buffer + place.lane / 4 * kColumnStride + 8 * keys + 2 * (place.lane % 4)) = column;
        }
        __syncwarp();
        float sum = 0.0f;
#pragma unroll
        for (int row = 0; row < 8; ++row) sum += column_buffer[row * kColumnStride + place.lane];
        const int key = first_key + place.lane;
        if (key < args.key_count) args.columns[place.line_head * args.line_stride + key] = sum;
        store_diagonals();
    }

    __device__ __forceinline__ void finish() {
        if (round == 0) return;
        for (int extra = 0; extra < kOctets / kKeyTiles; ++extra) {
            __syncwarp();
            store_diagonals();
        }
    }

    /// The four oldest slots are complete: with what is left of those before they give 32 more diagonals.
    __device__ __forceinline__ void store_diagonals() {
        float *row = diagonal_buffer + place.lane / 4 * kDiagonalStride + round % 2 * kTileKeys + 2 * (place.lane % 4);
#pragma unroll
        for (int slot = 0; slot < kKeyTiles; ++slot)
            *reinterpret_cast<float2 *>(row + 8 * slot) = make_float2(diagonals[slot][0], diagonals[slot][1]);
#pragma unroll
        for (int slot = 0; slot < kSlots; ++slot) {
            diagonals[slot][0] = slot + kKeyTiles < kSlots ? diagonals[slot + kKeyTiles][0] : 0.0f;
            diagonals[slot][1] = slot + kKeyTiles < kSlots ? diagonals[slot + kKeyTiles][1] : 0.0f;
        }
        __syncwarp();
        float sum = 0.0f;
#pragma unroll
        for (int row = 0; row < 8; ++row)
            sum += diagonal_buffer
                [row * kDiagonalStride + ((round * kTileKeys + place.lane - 7 + row) & (2 * kTileKeys - 1))];
        // Key minus row, counted from the part's first key and the warp's first row.
        const int offset = round * kTileKeys + place.lane - (kRows - 1);
        const int distance = args.key_count - args.rows + place.first_row - place.first_key - offset;
        if (offset < 0) {
            args.overlaps[(static_cast<long long>(place.line_head) * args.parts + place.part) * MI_ESTIMATE_MAX_ROWS +
                          offset + kRows - 1] = sum;
        } else if (offset < args.part_keys && distance >= 0 && distance < args.key_count) {
            args.distances[place.line_head * args.line_stride + distance] = sum;
        }
        round += 1;
    }
};

extern "C" __global__ void __launch_bounds__(kThreads, kWarps <= 4 ? 2 : 1)
    estimate_lines(const __grid_constant__ mi_estimate_arguments args) {
    extern __shared__ __align__(16) unsigned char memory[];
    const WarpPlace place(args);
    LineTotals totals(args, place, memory + 2 * kStageBytes);
    march(args, place, memory, totals);
}

/// Grid: parts, heads of all splits; block: 64. A part's first diagonals also cross the part before.
extern "C" __global__ void __launch_bounds__(64) estimate_overlaps(const __grid_constant__ mi_estimate_arguments args) {
    const int part = blockIdx.x;
    const int head = blockIdx.y;
    const int offset = static_cast<int>(threadIdx.x) - (kRows - 1);
    const int first_row = head / args.heads * kRows;
    const int distance = args.key_count - args.rows + first_row - part * args.part_keys - offset;
    if (offset >= 0 || part * args.part_keys >= args.key_count || distance < 0 || distance >= args.key_count) return;
    const float sum =
        args.overlaps[(static_cast<long long>(head) * args.parts + part) * MI_ESTIMATE_MAX_ROWS + threadIdx.x];
    float *target = args.distances + head * args.line_stride + distance;
    *target = part == 0 ? sum : *target + sum;
}

/// Adds the sums of the second half of the rows to those of the first, where two warps split them. Grid: tiles of 256
/// lines, heads; block: 256.
extern "C" __global__ void __launch_bounds__(256) estimate_splits(const __grid_constant__ mi_estimate_arguments args) {
    const long long line = static_cast<long long>(blockIdx.x) * 256 + threadIdx.x;
    if (line >= args.key_count) return;
    const long long first = blockIdx.y * args.line_stride + line;
    const long long second = first + args.heads * args.line_stride;
    args.columns[first] += args.columns[second];
    // The first rows do not reach the longest distances.
    const bool reached = line < args.key_count - args.rows + kRows;
    args.distances[first] = (reached ? args.distances[first] : 0.0f) + args.distances[second];
}
