// What sm90_attention.cu walks, made on the device from the lists of a call's heads: runs of boxes for every tile, bits
// of what the boxes cover, and a compact copy of the columns' keys and values.

#include "sm90_attention_arguments.h"
#include "ptx/bf16.cuh"

constexpr int kTileRows = MI_SM90_TILE_ROWS;
constexpr int kHalfRows = kTileRows / 2;
constexpr int kBoxKeys = MI_SM90_BOX_KEYS;

/// How many of `count` descending numbers are at least `least`.
__device__ int count_at_least(const int *numbers, int count, int least) {
    int low = 0, high = count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (numbers[middle] >= least) low = middle + 1;
        else high = middle;
    }
    return low;
}

/// How many of `count` ascending numbers are below `limit`.
__device__ int count_below(const int *numbers, int count, int limit) {
    int low = 0, high = count;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (numbers[middle] < limit) low = middle + 1;
        else high = middle;
    }
    return low;
}

/// The runs of an index of distances and columns: boxes that reach key 0, tiles of columns up to the last row.
__device__ mi_sm90_tile slash_tile(const mi_sm90_plan_arguments &args, const mi_sm90_plan_head &head, int number) {
    const int start = args.query_start + number * kTileRows;
    const int least = -(start + kBoxKeys - 1);
    mi_sm90_tile tile;
    tile.base = start;
    tile.shared_begin = head.begin[0];
    tile.shared_count = count_at_least(args.boxes + head.begin[0], head.count[0], least);
    for (int half = 0; half < 2; half++) {
        tile.own_begin[half] = head.begin[1 + half];
        tile.own_count[half] = count_at_least(args.boxes + head.begin[1 + half], head.count[1 + half], least);
    }
    const int columns = count_below(args.columns + head.column_begin, head.column_count, start + kTileRows);
    tile.column_tiles = (columns + kBoxKeys - 1) / kBoxKeys;
    return tile;
}

/// Walks the boxes of 64 keys of a row block's list of key blocks from the last to the first.
struct BlockWalk {
    const int *blocks;
    int left, boxes_per_block, box;

    __device__ BlockWalk(const int *blocks, int count, int boxes_per_block, int end)
        : blocks(blocks), left(count), boxes_per_block(boxes_per_block), box(0) {
        refill();
        while (box >= end) next();
    }

    __device__ void refill() { box = left > 0 ? (blocks[left - 1] + 1) * boxes_per_block - 1 : -1; }

    __device__ void next() {
        if (box % boxes_per_block > 0) {
            box--;
        } else {
            left--;
            refill();
        }
    }
};

/// The runs of a list of key blocks per row block: boxes that both halves' lists have, then what only one has.
__device__ mi_sm90_tile block_tile(const mi_sm90_plan_arguments &args, const mi_sm90_plan_head &head, int number) {
    const int *offsets = args.row_offsets + head.row_offsets;
    const int *blocks = args.key_blocks + head.key_blocks;
    const int per_block = head.block_size / kBoxKeys;
    const int start = args.query_start + number * kTileRows;
    int begin[2], count[2], end[2];
    for (int half = 0; half < 2; half++) {
        const int row = number * kTileRows + half * kHalfRows;
        const bool exists = args.query_start + row < args.key_count;
        const int block = row / head.block_size;
        begin[half] = exists ? offsets[block] : 0;
        count[half] = exists ? offsets[block + 1] - begin[half] : 0;
        // Boxes from this one on lie after the half's last row; rows before position 0 have none.
        const int last = start + (half + 1) * kHalfRows - 1;
        end[half] = last < 0 ? 0 : last / kBoxKeys + 1;
    }
    mi_sm90_tile tile;
    tile.base = 0;
    tile.column_tiles = 0;
    // Room for as many boxes as the lists of both halves have.
    int target = head.block_boxes;
    if (head.block_size < kTileRows) {
        target += offsets[2 * number];
    } else {
        const int tiles = head.block_size / kTileRows, block = number / tiles;
        target += per_block * (offsets[block] * tiles + number % tiles * (offsets[block + 1] - offsets[block]));
    }
    tile.shared_begin = target;
    for (int pass = 0; pass < 2; pass++) {
        BlockWalk first(blocks + begin[0], count[0], per_block, end[0]);
        BlockWalk second(blocks + begin[1], count[1], per_block, end[1]);
        int shared = 0, own[2] = {0, 0};
        while (first.box >= 0 || second.box >= 0) {
            const int box = max(first.box, second.box);
            const bool in_first = first.box == box, in_second = second.box == box;
            if (in_first && in_second) {
                if (pass) args.boxes[tile.shared_begin + shared] = box * kBoxKeys;
                shared++;
            } else {
                const int half = in_first ? 0 : 1;
                if (pass) args.boxes[tile.own_begin[half] + own[half]] = box * kBoxKeys;
                own[half]++;
            }
            if (in_first) first.next();
            if (in_second) second.next();
        }
        tile.shared_count = shared;
        tile.own_count[0] = own[0];
        tile.own_count[1] = own[1];
        tile.own_begin[0] = tile.shared_begin + shared;
        tile.own_begin[1] = tile.own_begin[0] + own[0];
    }
    return tile;
}

/// One thread per tile of every head.
extern "C" __global__ void sm90_plan_tiles(const __grid_constant__ mi_sm90_plan_arguments args) {
    const int number = blockIdx.x * blockDim.x + threadIdx.x;
    if (number >= args.tile_count) return;
    const mi_sm90_plan_head head = args.heads[blockIdx.y];
    args.tiles[static_cast<long long>(blockIdx.y) * args.tile_count + number] =
        head.block_size > 0 ? block_tile(args, head, number) : slash_tile(args, head, number);
}

/// One thread per box: sets the bits of its keys for the halves that compute it.
extern "C" __global__ void sm90_plan_cover(const __grid_constant__ mi_sm90_plan_arguments args) {
    const mi_sm90_plan_head head = args.heads[blockIdx.y];
    if (head.block_size > 0 || head.column_count == 0) return;
    int number = blockIdx.x * blockDim.x + threadIdx.x;
    int run = 0;
    while (run < 3 && number >= head.count[run]) number -= head.count[run++];
    if (run == 3) return;
    const int top = kTileRows - 1 - args.boxes[head.begin[run] + number];
    const int bottom = max(top - kBoxKeys + 1, 0);
    for (int half = 0; half < 2; half++) {
        if (run == 2 - half) continue;
        unsigned int *covered =
            args.covered + (static_cast<long long>(blockIdx.y) * 2 + half) * args.covered_words;
        for (int word = bottom / 32; word <= top / 32 && word < args.covered_words; word++) {
            const int low = max(bottom - word * 32, 0), high = min(top - word * 32, 31);
            atomicOr(&covered[word], (~0u >> (31 - high)) & (~0u << low));
        }
    }
}

/// Copies the keys and values of columns, 16 bytes a thread; `blockDim.y` columns a block. Padding becomes zeros.
extern "C" __global__ void sm90_plan_columns(const __grid_constant__ mi_sm90_plan_arguments args) {
    const mi_sm90_plan_head head = args.heads[blockIdx.y];
    const int padded = (head.column_count + kBoxKeys - 1) / kBoxKeys * kBoxKeys;
    const int number = blockIdx.x * blockDim.y + threadIdx.y;
    if (number >= padded) return;
    const long long target = static_cast<long long>(head.column_begin + number) * args.row_bytes + threadIdx.x * 16;
    uint4 key = make_uint4(0, 0, 0, 0), value = key;
    if (number < head.column_count && args.columns[head.column_begin + number] < args.key_count) {
        const long long row = static_cast<long long>(head.head / args.group_size) * args.capacity +
                              args.columns[head.column_begin + number];
        const long long source = row * args.row_bytes + threadIdx.x * 16;
        key = *reinterpret_cast<const uint4 *>(static_cast<const char *>(args.keys) + source);
        value = *reinterpret_cast<const uint4 *>(static_cast<const char *>(args.values) + source);
    }
    *reinterpret_cast<uint4 *>(static_cast<char *>(args.column_keys) + target) = key;
    *reinterpret_cast<uint4 *>(static_cast<char *>(args.column_values) + target) = value;
}
