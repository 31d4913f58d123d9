// Rotary position embedding of queries and keys, and the write of keys and values to the cache.
// -DINPUT=32|16, an element type, the type of qkv.
//
// An angle's cosine and sine are the product of two tabulated unit complex numbers; a thread block computes them once
// per token and pair, in shared memory, and uses them for all of its heads.

#include "ptx/vector.cuh"
#include "sm80_rotary.cuh"
#include "sm80_rotate_store_arguments.h"

using Input = Element<INPUT>;
constexpr int kVector = 16 / sizeof(Input);
constexpr int kUnroll = 4;
constexpr int kTokens = MI_ROTATE_STORE_TOKENS;

/// Where an element of a head of a token goes.
__device__ __forceinline__ bf16 *destination(const mi_rotate_store_arguments &args, long long token, int head) {
    if (head < args.heads) {
        return static_cast<bf16 *>(args.queries) + (token * args.heads + head) * args.head_dim;
    }
    const bool is_key = head < args.heads + args.kv_heads;
    const int kv_head = head - args.heads - (is_key ? 0 : args.kv_heads);
    return static_cast<bf16 *>(is_key ? args.keys : args.values) +
           (kv_head * args.capacity + args.start + token) * args.head_dim;
}

extern "C" __global__ void __launch_bounds__(256) rotate_store(
    const __grid_constant__ mi_rotate_store_arguments args) {
    __shared__ __align__(16) float cosines[kTokens * MI_ROTATE_STORE_MAXIMUM_HALF];
    __shared__ __align__(16) float sines[kTokens * MI_ROTATE_STORE_MAXIMUM_HALF];
    const int half = args.half, head_dim = args.head_dim;
    const int all_heads = args.heads + 2 * args.kv_heads;
    const long long first_token = (long long)blockIdx.x * kTokens;
    const int tokens = static_cast<int>(min((long long)kTokens, args.tokens - first_token));

    for (int i = threadIdx.x; i < tokens * half; i += blockDim.x) {
        const float2 turn = turn_at(
            args.coarse, args.fine, args.coarse_step, half, args.start + first_token + i / half, i % half);
        cosines[i] = turn.x;
        sines[i] = turn.y;
    }
    __syncthreads();

    const Input *qkv = static_cast<const Input *>(args.qkv) + first_token * all_heads * head_dim;
    const int head_begin = blockIdx.y * args.heads_per_part;
    const int head_end = min(head_begin + args.heads_per_part, all_heads);

    // Rotated pairs of queries and keys.
    const int rotated = max(0, min(head_end, args.heads + args.kv_heads) - head_begin);
    const int pairs = half / kVector;
    const int items = tokens * rotated * pairs;
    for (int first = threadIdx.x; first < items; first += blockDim.x * kUnroll) {
        uint4 lows[kUnroll], highs[kUnroll];
        int token[kUnroll], head[kUnroll], pair[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            const int item = first + u * blockDim.x;
            pair[u] = item % pairs * kVector;
            head[u] = head_begin + item / pairs % rotated;
            token[u] = item / pairs / rotated;
            if (item < items) {
                const Input *x = qkv + ((long long)token[u] * all_heads + head[u]) * head_dim + pair[u];
                lows[u] = load_once(x);
                highs[u] = load_once(x + half);
            }
        }
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            if (first + u * blockDim.x >= items) break;
            float low[kVector], high[kVector];
            widen(lows[u], low);
            widen(highs[u], high);
            const float4 *c = reinterpret_cast<const float4 *>(cosines + token[u] * half + pair[u]);
            const float4 *s = reinterpret_cast<const float4 *>(sines + token[u] * half + pair[u]);
#pragma unroll
            for (int j = 0; j < kVector; j += 4) {
                rotate(low[j], high[j], c[j / 4].x, s[j / 4].x);
                rotate(low[j + 1], high[j + 1], c[j / 4].y, s[j / 4].y);
                rotate(low[j + 2], high[j + 2], c[j / 4].z, s[j / 4].z);
                rotate(low[j + 3], high[j + 3], c[j / 4].w, s[j / 4].w);
            }
            bf16 *to = destination(args, first_token + token[u], head[u]) + pair[u];
            store_vector(to, low);
            store_vector(to + half, high);
        }
    }

    // Values, and what of queries and keys is not rotated.
    const int tail = (head_dim - 2 * half) / kVector;
    const int value_begin = max(head_begin, args.heads + args.kv_heads);
    const int value_vectors = max(0, head_end - value_begin) * (head_dim / kVector);
    const int per_token = rotated * tail + value_vectors;
    for (int first = threadIdx.x; first < tokens * per_token; first += blockDim.x * kUnroll) {
        uint4 bits[kUnroll];
        int token[kUnroll], head[kUnroll], column[kUnroll];
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            const int item = first + u * blockDim.x;
            const int place = item % per_token;
            token[u] = item / per_token;
            if (place < value_vectors) {
                head[u] = value_begin + place / (head_dim / kVector);
                column[u] = place % (head_dim / kVector) * kVector;
            } else {
                head[u] = head_begin + (place - value_vectors) / tail;
                column[u] = 2 * half + (place - value_vectors) % tail * kVector;
            }
            if (token[u] < tokens) {
                bits[u] = load_once(qkv + ((long long)token[u] * all_heads + head[u]) * head_dim + column[u]);
            }
        }
#pragma unroll
        for (int u = 0; u < kUnroll; u++) {
            if (token[u] >= tokens) break;
            float v[kVector];
            widen(bits[u], v);
            store_vector(destination(args, first_token + token[u], head[u]) + column[u], v);
        }
    }
}
