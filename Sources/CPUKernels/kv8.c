#include "minference_kv8.h"

#define MI_SOURCE "kv8.inl.h"
#include "foreach_isa.h"

void mi_kv8_decode_partial(
    mi_isa isa, const mi_kv8_head *head, const void *queries, mi_dtype query_type, int32_t group, float scale,
    float soft_cap, int64_t first, int64_t begin, int64_t end, float *partial, float *scratch) {
    MI_DISPATCH(isa, kv8_decode_partial, head, queries, query_type, group, scale, soft_cap, first, begin, end, partial,
                scratch);
}
