// Attention of 128-row tiles over lists of 64-key boxes and compact columns, for Hopper.
//
// Three warpgroups: one copies, two compute 64 rows each. Keys and values travel through rings of 64-key slots by bulk
// tensor copies; a slot that only one half of the tile computes is never touched by the other. Each half takes its
// boxes in pairs of neighbouring slots, so that one product covers 128 keys, wherever they come from:
//
//     scores of pair n + 1 (tensor cores)  |  softmax of pair n + 1
//     output += weights of pair n * values |  (in the shadow of the other half's products)
//
// Queries live in registers, so that the queries of the next tile can arrive while this one computes.

#include "sm90_attention_arguments.h"
#include "ptx/bf16.cuh"
#include "ptx/exp2.cuh"
#include "ptx/ldmatrix.cuh"
#include "ptx/mbarrier.cuh"
#include "ptx/tma.cuh"
#include "ptx/warpgroup.cuh"
#include "ptx/wgmma.cuh"

constexpr int kHeadDim = HEAD_DIM;
constexpr int kSlots = SLOTS;
/// Boxes of 64 keys that a half takes at a time: one product covers 128 keys.
constexpr int kBoxes = 2;
/// Whether registers allow to compute weights by the running maximum before it is known whether that holds.
constexpr bool kSpeculates = kHeadDim == 64;

/// Of 16 powers of two, how many are computed by multiplication: with short products the unit for powers is scarce.
constexpr int kMultiplied = kHeadDim == 64 ? 1 : 0;

constexpr int kTileRows = MI_SM90_TILE_ROWS;
constexpr int kHalfRows = 64;
constexpr int kBoxKeys = MI_SM90_BOX_KEYS;
/// Elements of a swizzled row of shared memory (128 bytes).
constexpr int kChunk = 64;
constexpr int kChunks = kHeadDim / kChunk;
constexpr int kBoxChunkBytes = kBoxKeys * kChunk * 2;
constexpr int kBoxBytes = kChunks * kBoxChunkBytes;
/// Slots of a step share their chunks, so that the rows of a chunk lie side by side.
constexpr int kChunkStride = kBoxes * kBoxChunkBytes;
static_assert(kSlots % kBoxes == 0, "slots come in steps");
constexpr int kQueryChunkBytes = kTileRows * kChunk * 2;
constexpr int kQueryBytes = kChunks * kQueryChunkBytes;
constexpr int kThreads = 384;
constexpr int kConsumers = 256;
/// Marks compact columns; positions are far from it.
constexpr int kColumns = 1 << 30;
/// A row beyond every tensor, which arrives as zeros: completes a pair.
constexpr int kNothing = 1 << 29;
/// How far, as a power of two, weights may grow before the running maximum follows.
constexpr float kHeadroom = 8.0f;
constexpr float kInfinity = __builtin_bit_cast(float, 0x7F800000);

struct Barriers {
    mbarrier query_full, query_empty;
    mbarrier item_full[2], item_empty[2];
    mbarrier key_full[kSlots], key_empty[kSlots];
    mbarrier value_full[kSlots], value_empty[kSlots];
    int item[2];
    /// What the slots of the key ring hold: the position of a box's first key, or `kColumns` and a first column.
    int first[kSlots];
};

/// A value that is the same in a whole warp, in a form that the compiler knows to be so.
template <typename T>
__device__ __forceinline__ T uniform(T value) {
    return __shfl_sync(~0u, value, 0);
}

/// A place in a ring: which slot, and the parity of its turn.
struct Place {
    unsigned int slot, parity;
    __device__ __forceinline__ explicit Place(unsigned int sequence)
        : slot(sequence % kSlots), parity(sequence / kSlots & 1) {}
};

/// Where a slot's first chunk lies in its ring.
__device__ __forceinline__ unsigned int slot_offset(unsigned int slot) {
    return slot / kBoxes * (kBoxes * kBoxBytes) + slot % kBoxes * kBoxChunkBytes;
}

/// A tile of one head, as its number in the order of work says.
struct Item {
    /// The head's place in the order of work, and the head.
    int place, head;
    int tile;
    __device__ __forceinline__ Item(const mi_sm90_attention_arguments &args, int number) {
        const int per_run = args.tile_count * args.head_run;
        const int run = number / per_run;
        const int rest = number - run * per_run;
        // Longest tiles first; heads that share keys side by side, for the sake of the cache.
        tile = args.tile_count - 1 - rest / args.head_run;
        place = run * args.head_run + rest % args.head_run;
        head = args.query_heads[place];
    }
    __device__ __forceinline__ const mi_sm90_tile &walked(const mi_sm90_attention_arguments &args) const {
        return args.tiles[static_cast<long long>(place) * args.tile_count + tile];
    }
};

/// What the halves of a tile walk, in steps of `kBoxes` slots: steps that both compute, then each half's own.
///
/// Own steps alternate while both halves have some. What is left over of the shared boxes comes once for each half, as
/// the first of its own.
struct Walk {
    int shared_steps, rest;
    int own_steps[2];

    __device__ __forceinline__ explicit Walk(const mi_sm90_tile &tile) {
        const int shared = uniform(tile.shared_count + tile.column_tiles);
        shared_steps = shared / kBoxes;
        rest = shared % kBoxes;
        own_steps[0] = (rest + uniform(tile.own_count[0]) + kBoxes - 1) / kBoxes;
        own_steps[1] = (rest + uniform(tile.own_count[1]) + kBoxes - 1) / kBoxes;
    }

    /// Steps that a half computes.
    __device__ __forceinline__ int steps(int half) const {
        return shared_steps + (half ? own_steps[1] : own_steps[0]);
    }

    /// Slots of both halves.
    __device__ __forceinline__ int slots() const {
        return kBoxes * (shared_steps + own_steps[0] + own_steps[1]);
    }

    /// The first slot of a half's step.
    __device__ __forceinline__ int slot(int half, int step) const {
        const int alternating = min(own_steps[0], own_steps[1]);
        const int place = step - shared_steps;
        if (place < 0) return kBoxes * step;
        return kBoxes * (shared_steps + (place < alternating ? 2 * place + half : place + alternating));
    }
};

// MARK: Producers

/// Fills a ring with the boxes and columns of every tile, keys or values.
template <bool kKeys>
struct Producer {
    const mi_sm90_attention_arguments &args;
    mbarrier *full, *empty;
    int *first;
    unsigned int ring;
    unsigned int sequence = 0;

    __device__ __forceinline__ void load(
        const mi_tensor_map *map, int row, int plane, bool needed_by_both, int mark = 0) {
        const Place place(sequence++);
        mbarrier_wait(&empty[place.slot], place.parity ^ 1);
        // Each of a half's four warps gives the slot back; for a half that never looks at it this does.
        if (!needed_by_both) mbarrier_arrive(&empty[place.slot], 4);
        if (kKeys) first[place.slot] = row + mark;
        mbarrier_arrive_expect(&full[place.slot], kBoxBytes);
        const unsigned int target = ring + slot_offset(place.slot);
#pragma unroll
        for (int chunk = 0; chunk < kChunks; chunk++)
            tma_load_3d(target + chunk * kChunkStride, map, &full[place.slot], chunk * kChunk, row, plane);
    }

    /// Box `i` of the run that both halves compute, columns after boxes.
    __device__ __forceinline__ void load_shared(const Item &item, const mi_sm90_tile &tile, int i, bool needed_by_both) {
        const int column = i - tile.shared_count;
        if (column < 0) {
            load(kKeys ? &args.keys : &args.values, tile.base + args.boxes[tile.shared_begin + i],
                 item.head / args.group_size, needed_by_both);
        } else {
            load(kKeys ? &args.column_keys : &args.column_values,
                 args.column_begin[item.place] + column * kBoxKeys, 0, needed_by_both, kColumns);
        }
    }

    __device__ __forceinline__ void load_tile(const Item &item) {
        const mi_sm90_tile &tile = item.walked(args);
        const Walk walk(tile);
#pragma unroll 1
        for (int i = 0; i < kBoxes * walk.shared_steps; i++) load_shared(item, tile, i, true);
#pragma unroll 1
        for (int step = 0; step < max(walk.own_steps[0], walk.own_steps[1]); step++) {
#pragma unroll 1
            for (int k = 0; k < 2 * kBoxes; k++) {
                const int half = k / kBoxes, i = kBoxes * step + k % kBoxes - walk.rest;
                if (step >= (half ? walk.own_steps[1] : walk.own_steps[0])) continue;
                if (i < 0) load_shared(item, tile, kBoxes * walk.shared_steps + walk.rest + i, false);
                else if (i < tile.own_count[half])
                    load(kKeys ? &args.keys : &args.values, tile.base + args.boxes[tile.own_begin[half] + i],
                         item.head / args.group_size, false);
                else load(kKeys ? &args.keys : &args.values, kNothing, 0, false);
            }
        }
    }
};

// MARK: Consumers

struct Consumer {
    const mi_sm90_attention_arguments &args;
    Barriers &barriers;
    unsigned int queries, keys, values;
    int half, lane, warp;

    bf16x2 query[kHeadDim / 16][4];
    /// Weights of a step; where they are computed early, those of the step before are still being read.
    bf16x2 weights[kSpeculates ? 2 : 1][kBoxes * 4][4];
    float output[kHeadDim / 2];
    /// Of the rows and the keys of a step, 32 for each box.
    float scores[kBoxes * 32];
    float maximum[2], sum[2];

    /// Queries from swizzled shared memory into the operand layout.
    __device__ __forceinline__ void load_queries() {
        const int row = half * kHalfRows + warp * 16 + (lane & 15);
#pragma unroll
        for (int k = 0; k < kHeadDim / 16; k++) {
            const int unit = (k % 4) * 2 + (lane >> 4);
            ldmatrix_x4(
                query[k], queries + k / 4 * kQueryChunkBytes + row * 128 + ((unit ^ (row & 7)) << 4));
        }
    }

    __device__ __forceinline__ void multiply_keys(unsigned int slot) {
        const MatrixDescriptor boxes(keys + slot_offset(slot), 16, 1024);
#pragma unroll
        for (int k = 0; k < kHeadDim / 16; k++)
            wgmma_k16(scores, query[k], boxes.after(k / 4 * kChunkStride + k % 4 * 32), k > 0);
    }

    template <int kWeights>
    __device__ __forceinline__ void multiply_values(unsigned int slot) {
        const MatrixDescriptor boxes(values + slot_offset(slot), kChunkStride, 1024);
#pragma unroll
        for (int k = 0; k < kBoxes * 4; k++) wgmma_k16_transposed(output, weights[kWeights][k], boxes.after(k * 16 * 128), 1);
    }

    /// Keeps what a box's keys and this thread's rows have in common.
    template <int kPart>
    __device__ __forceinline__ void mask_box(int first, int first_row) {
        const int row = first_row + warp * 16 + (lane >> 2);
#pragma unroll
        for (int i = 0; i < 32; i++) {
            const int key = first + (i >> 2) * 8 + (lane & 3) * 2 + (i & 1);
            if (key < 0 || key > row + (i >> 1 & 1) * 8) scores[kPart * 32 + i] = -kInfinity;
        }
    }

    /// Finds which of 64 columns this half must compute, while products run: a bit each, and whether all rows see all.
    __device__ __forceinline__ void look_up_columns(int place, int first, int first_row, unsigned int (&kept)[2]) {
        const int *columns = args.columns + first;
        const unsigned int *covered = args.covered + (static_cast<long long>(place) * 2 + half) * args.covered_words;
#pragma unroll
        for (int part = 0; part < 2; part++) {
            const int bit = first_row - half * kHalfRows + kTileRows - 1 - columns[part * 32 + lane];
            const bool single = bit >= 0 && !(covered[max(bit, 0) >> 5] >> (bit & 31) & 1);
            kept[part] = __ballot_sync(~0u, single);
        }
    }

    /// Drops columns after the row and columns that this half's boxes compute already.
    template <int kPart>
    __device__ __forceinline__ void mask_columns(int place, int first, int first_row) {
        unsigned int kept[2];
        look_up_columns(place, first, first_row, kept);
        const int *columns = args.columns + first;
        if (columns[kBoxKeys - 1] > first_row) {
            const int row = first_row + warp * 16 + (lane >> 2);
#pragma unroll
            for (int i = 0; i < 32; i += 4) {
                const int2 keys = *reinterpret_cast<const int2 *>(columns + (i >> 2) * 8 + (lane & 3) * 2);
                if (keys.x > row) scores[kPart * 32 + i] = -kInfinity;
                if (keys.y > row) scores[kPart * 32 + i + 1] = -kInfinity;
                if (keys.x > row + 8) scores[kPart * 32 + i + 2] = -kInfinity;
                if (keys.y > row + 8) scores[kPart * 32 + i + 3] = -kInfinity;
            }
        }
        if ((kept[0] & kept[1]) == ~0u) return;
        const unsigned int mine[2] = {kept[0] >> (lane & 3) * 2, kept[1] >> (lane & 3) * 2};
#pragma unroll
        for (int i = 0; i < 32; i++)
            if (!(mine[i >> 4] >> (i >> 2 & 3) * 8 + (i & 1) & 1)) scores[kPart * 32 + i] = -kInfinity;
    }

    /// Has the running maxima follow those of the scores where they grew much; returns whether they did, for any row
    /// of the warp, and then what the output and the sums must be multiplied by.
    __device__ __forceinline__ bool raise_maxima(float (&factor)[2]) {
        // Several at a time, for each depends on the one before.
        float tops[2][4];
#pragma unroll
        for (int i = 0; i < kBoxes * 32; i++) {
            float &place = tops[i >> 1 & 1][i & 1 | (i >> 2 & 1) << 1];
            place = i < 8 ? scores[i] : fmaxf(place, scores[i]);
        }
        float top[2];
        bool grows = false;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            top[i] = fmaxf(fmaxf(tops[i][0], tops[i][1]), fmaxf(tops[i][2], tops[i][3]));
            top[i] = fmaxf(top[i], __shfl_xor_sync(~0u, top[i], 1));
            top[i] = fmaxf(top[i], __shfl_xor_sync(~0u, top[i], 2));
            grows |= (top[i] - maximum[i]) * args.score_scale > kHeadroom;
        }
        if (!__any_sync(~0u, grows)) return false;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const float next = fmaxf(maximum[i], top[i]);
            factor[i] = next == -kInfinity ? 1.0f : fast_exp2((maximum[i] - next) * args.score_scale);
            maximum[i] = next;
            sum[i] *= factor[i];
        }
        return true;
    }

    /// The power of two of score `i`, relative to its row's running maximum.
    __device__ __forceinline__ float power(int i, const float (&shift)[2]) const {
        const float exponent = fmaf(scores[i], args.score_scale, -shift[i >> 1 & 1]);
        return i % 16 < kMultiplied ? polynomial_exp2(exponent) : fast_exp2(exponent);
    }

    /// Weights of all scores by the running maxima, which stay; `added` becomes their sums.
    __device__ __forceinline__ void weigh(bf16x2 (&packed)[kBoxes * 4][4], float (&added)[2]) const {
        const float shift[2] = {base(0), base(1)};
        added[0] = added[1] = 0.0f;
#pragma unroll
        for (int k = 0; k < kBoxes * 4; k++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const float low = power(k * 8 + i * 2, shift), high = power(k * 8 + i * 2 + 1, shift);
                packed[k][i] = pack_bf16x2(low, high);
                added[i & 1] += low + high;
            }
    }

    /// What is subtracted from a row's scaled scores.
    __device__ __forceinline__ float base(int row) const {
        return maximum[row] == -kInfinity ? 0.0f : maximum[row] * args.score_scale;
    }

    /// Scores become weights in their place; `pack` follows when nothing reads the weights before any more.
    __device__ __forceinline__ void weigh_in_place() {
        const float shift[2] = {base(0), base(1)};
#pragma unroll
        for (int i = 0; i < kBoxes * 32; i++) scores[i] = power(i, shift);
#pragma unroll
        for (int i = 0; i < kBoxes * 32; i += 8)
#pragma unroll
            for (int row = 0; row < 2; row++)
                sum[row] += (scores[i + 2 * row] + scores[i + 2 * row + 1]) +
                            (scores[i + 4 + 2 * row] + scores[i + 5 + 2 * row]);
        wgmma_hold(scores);
    }

    __device__ __forceinline__ void pack() {
#pragma unroll
        for (int k = 0; k < kBoxes * 4; k++)
#pragma unroll
            for (int i = 0; i < 4; i++)
                weights[0][k][i] = pack_bf16x2(scores[k * 8 + i * 2], scores[k * 8 + i * 2 + 1]);
    }

    __device__ __forceinline__ void scale_output(const float (&factor)[2]) {
#pragma unroll
        for (int i = 0; i < kHeadDim / 2; i++) output[i] *= factor[i >> 1 & 1];
    }

    template <int kPart>
    __device__ __forceinline__ void mask(
        int first, const int *number, int first_row) {
        if (first >= kColumns) mask_columns<kPart>(Item(args, *number).place, first - kColumns, first_row);
        else if (first + kBoxKeys - 1 > first_row || first < 0) mask_box<kPart>(first, first_row);
    }

    __device__ __forceinline__ void wait_for(mbarrier *full, unsigned int sequence) {
        const Place place(sequence);
#pragma unroll
        for (int i = 0; i < kBoxes; i++) mbarrier_wait(&full[place.slot + i], place.parity);
    }

    __device__ __forceinline__ void release(mbarrier *empty, unsigned int sequence) {
        if (lane < kBoxes) mbarrier_arrive(&empty[Place(sequence).slot + lane]);
    }

    /// Multiplies the keys of a step, which are there; returns what the slots hold.
    __device__ __forceinline__ void begin_scores(unsigned int sequence, int (&first)[kBoxes]) {
#pragma unroll
        for (int i = 0; i < kBoxes; i++) first[i] = barriers.first[Place(sequence).slot + i];
        wgmma_fence();
        multiply_keys(Place(sequence).slot);
        wgmma_commit();
    }

    /// Once the scores are there: gives the keys back and masks.
    __device__ __forceinline__ void finish_scores(
        unsigned int sequence, const int (&first)[kBoxes], const int *number, int first_row) {
        wgmma_hold(scores);
        release(barriers.key_empty, sequence);
        mask<0>(first[0], number, first_row);
        if constexpr (kBoxes > 1) mask<1>(first[kBoxes - 1], number, first_row);
    }

    template <int kWeights>
    __device__ __forceinline__ void begin_output(unsigned int sequence) {
        wait_for(barriers.value_full, sequence);
        multiply_values<kWeights>(Place(sequence).slot);
        wgmma_commit();
    }

    __device__ __forceinline__ void finish_output(unsigned int sequence) {
        wgmma_wait<0>();
        wgmma_hold(output);
        release(barriers.value_empty, sequence);
    }

    /// Where a half is in its tile.
    struct Position {
        int step, steps;
        /// The first slots of the step before, whose weights are known, and of the next, whose keys are there.
        unsigned int current, next;
        int first_row;
    };

    /// Begins the scores of the next step and the output of the current one, and turns the scores into weights.
    template <int kFrom, int kTo>
    __device__ __forceinline__ void advance(
        Position &at, const Walk &walk, const int *number, unsigned int sequence) {
        int first[kBoxes];
        float factor[2];
        begin_scores(at.next, first);
        begin_output<kFrom>(at.current);
        wgmma_wait<1>();
        finish_scores(at.next, first, number, at.first_row);
        bool grows;
        if constexpr (kSpeculates) {
            float added[2];
            weigh(weights[kTo], added);
            grows = raise_maxima(factor);
            if (grows) weigh(weights[kTo], added);
            sum[0] += added[0];
            sum[1] += added[1];
        } else {
            grows = raise_maxima(factor);
            weigh_in_place();
        }
        const unsigned int done = at.current;
        at.current = at.next;
        // Here, so that the weights are computed before the wait for the products that they hide behind.
        if (++at.step < at.steps) {
            at.next = sequence + walk.slot(half, at.step);
            wait_for(barriers.key_full, at.next);
        }
        finish_output(done);
        if constexpr (!kSpeculates) pack();
        if (grows) scale_output(factor);
    }

    /// Computes one tile, of which `sequence` is the first slot of the rings.
    __device__ __forceinline__ void compute(const int *number, unsigned int sequence) {
#pragma unroll
        for (int i = 0; i < kHeadDim / 2; i++) output[i] = 0.0f;
        maximum[0] = maximum[1] = -kInfinity;
        sum[0] = sum[1] = 0.0f;
        const Item item(args, *number);
        const Walk walk(item.walked(args));
        Position at;
        at.first_row = args.query_start + uniform(item.tile) * kTileRows + half * kHalfRows;
        at.steps = walk.steps(half);
        if (at.steps == 0) return;

        at.current = sequence + walk.slot(half, 0);
        wait_for(barriers.key_full, at.current);
        int first[kBoxes];
        begin_scores(at.current, first);
        wgmma_wait<0>();
        finish_scores(at.current, first, number, at.first_row);
        float factor[2];
        raise_maxima(factor);
        weigh_in_place();
        pack();
        at.step = 1;
        if (at.steps > 1) {
            at.next = sequence + walk.slot(half, 1);
            wait_for(barriers.key_full, at.next);
        }
        if constexpr (kSpeculates) {
            while (at.step < at.steps) {
                advance<0, 1>(at, walk, number, sequence);
                if (at.step == at.steps) {
                    finish<1>(at.current);
                    return;
                }
                advance<1, 0>(at, walk, number, sequence);
            }
        } else {
            while (at.step < at.steps) advance<0, 0>(at, walk, number, sequence);
        }
        finish<0>(at.current);
    }

    /// Adds the last step to the output.
    template <int kWeights>
    __device__ __forceinline__ void finish(unsigned int sequence) {
        wgmma_fence();
        begin_output<kWeights>(sequence);
        finish_output(sequence);
    }

    /// Normalises and writes the tile's rows, 16 bytes a thread: four threads that share rows exchange their pairs.
    __device__ __forceinline__ void store(const Item &item) {
        float inverse[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
            sum[i] += __shfl_xor_sync(~0u, sum[i], 1);
            sum[i] += __shfl_xor_sync(~0u, sum[i], 2);
            // The largest weight of a row is near one; less than that is a row without keys.
            inverse[i] = sum[i] > 0x1p-60f ? 1.0f / sum[i] : 0.0f;
        }
        const int member = lane & 3;
        const int row = item.tile * kTileRows + half * kHalfRows + warp * 16 + (lane >> 2);
        #pragma unroll
        for (int i = 0; i < 2; i++)
#pragma unroll
            for (int block = 0; block < kHeadDim / 32; block++) {
                bf16x2 pairs[4], line[4];
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    const int element = (block * 4 + j) * 4 + i * 2;
                    pairs[j] = pack_bf16x2(output[element] * inverse[i], output[element + 1] * inverse[i]);
                }
                // Member `m` collects the 8 columns `block * 32 + 8 m ..`, of which each member holds a pair.
#pragma unroll
                for (int turn = 0; turn < 4; turn++) {
                    const int partner = member ^ turn;
                    const bf16x2 sent = select(pairs, partner);
                    const bf16x2 received = __shfl_xor_sync(~0u, sent, turn);
#pragma unroll
                    for (int j = 0; j < 4; j++)
                        if (j == partner) line[j] = received;
                }
                if (row + i * 8 < args.query_count) {
                    bf16 *target =
                        static_cast<bf16 *>(args.output) + static_cast<long long>(row + i * 8) * args.row_stride + item.head * kHeadDim + block * 32 + member * 8;
                    *reinterpret_cast<uint4 *>(target) = make_uint4(line[0], line[1], line[2], line[3]);
                }
            }
    }

    __device__ __forceinline__ static bf16x2 select(const bf16x2 (&pairs)[4], int which) {
        const bf16x2 low = which & 1 ? pairs[1] : pairs[0];
        const bf16x2 high = which & 1 ? pairs[3] : pairs[2];
        return which & 2 ? high : low;
    }
};

extern "C" __global__ void __launch_bounds__(kThreads, 1)
    sm90_attention(const __grid_constant__ mi_sm90_attention_arguments args) {
    // Swizzled tiles begin at multiples of 1024 bytes.
    extern __shared__ __align__(1024) unsigned char tiles[];
    __shared__ Barriers barriers;
    const unsigned int queries = shared_address(tiles);
    const unsigned int keys = queries + kQueryBytes;
    const unsigned int values = keys + kSlots * kBoxBytes;
    const int items = args.tile_count * args.head_count;
    const int warpgroup = uniform(static_cast<int>(threadIdx.x) / 128);

    if (threadIdx.x == 0) {
        mbarrier_init(&barriers.query_full, 1);
        mbarrier_init(&barriers.query_empty, kConsumers);
        for (int i = 0; i < 2; i++) {
            mbarrier_init(&barriers.item_full[i], 1);
            mbarrier_init(&barriers.item_empty[i], kConsumers + 1);
        }
        for (int i = 0; i < kSlots; i++) {
            mbarrier_init(&barriers.key_full[i], 1);
            mbarrier_init(&barriers.key_empty[i], 8);
            mbarrier_init(&barriers.value_full[i], 1);
            mbarrier_init(&barriers.value_empty[i], 8);
        }
        mbarrier_init_fence();
    }
    __syncthreads();

    if (warpgroup == 0) {
        release_registers<40>();
        if (threadIdx.x == 0) {
            Producer<true> producer{args, barriers.key_full, barriers.key_empty, barriers.first, keys};
            for (unsigned int turn = 0;; turn++) {
                const int number = static_cast<int>(atomicAdd(args.next_item, 1u));
                mbarrier_wait(&barriers.item_empty[turn & 1], (turn >> 1 & 1) ^ 1);
                barriers.item[turn & 1] = number < items ? number : -1;
                mbarrier_arrive(&barriers.item_full[turn & 1]);
                if (number >= items) break;
                const Item item(args, number);
                mbarrier_wait(&barriers.query_empty, (turn & 1) ^ 1);
                mbarrier_arrive_expect(&barriers.query_full, kQueryBytes);
                for (int chunk = 0; chunk < kChunks; chunk++)
                    tma_load_3d(
                        queries + chunk * kQueryChunkBytes, &args.queries, &barriers.query_full, chunk * kChunk,
                        item.head, item.tile * kTileRows);
                producer.load_tile(item);
            }
        } else if (threadIdx.x == 32) {
            Producer<false> producer{args, barriers.value_full, barriers.value_empty, nullptr, values};
            for (unsigned int turn = 0;; turn++) {
                mbarrier_wait(&barriers.item_full[turn & 1], turn >> 1 & 1);
                const int number = barriers.item[turn & 1];
                mbarrier_arrive(&barriers.item_empty[turn & 1]);
                if (number < 0) break;
                producer.load_tile(Item(args, number));
            }
        }
    } else {
        acquire_registers<232>();
        Consumer consumer{args, barriers, queries, keys, values};
        consumer.half = warpgroup - 1;
        consumer.lane = threadIdx.x % 32;
        consumer.warp = threadIdx.x / 32 % 4;
        unsigned int sequence = 0;
        for (unsigned int turn = 0;; turn++) {
            mbarrier_wait(&barriers.item_full[turn & 1], turn >> 1 & 1);
            // Read again where it is needed: registers are scarce.
            const int *number = &barriers.item[turn & 1];
            if (uniform(*number) < 0) break;
            mbarrier_wait(&barriers.query_full, turn & 1);
            consumer.load_queries();
            mbarrier_arrive(&barriers.query_empty);
            consumer.compute(number, sequence);
            const Item item(args, *number);
            consumer.store(item);
            mbarrier_arrive(&barriers.item_empty[turn & 1]);
            sequence += Walk(item.walked(args)).slots();
        }
    }
}
