// The keys of one softmax step: up to 32 groups of four, from anywhere.
//
// Because keys are read one broadcast at a time, a panel costs the same whether its groups lie together or not. So
// every index form ends here, at dense speed, with a granularity of four keys.
#ifndef MINFERENCE_ATTENTION_PANEL_H
#define MINFERENCE_ATTENTION_PANEL_H

#include "minference_attention.h"

enum { MI_PANEL_GROUPS = 32, MI_PANEL_KEYS = MI_PANEL_GROUPS * MI_KEY_GROUP };

typedef struct mi_panel {
    int32_t count;                          ///< groups in use
    uint32_t masked;                        ///< bit g: group g looks at its row masks
    uint32_t biased;                        ///< bit g: group g's scores, which are masked too, are raised by the bias
    const void *keys[MI_PANEL_GROUPS];      ///< first of four rows of keys
    const void *values[MI_PANEL_GROUPS];    ///< first of four rows (two pairs) of values
    uint64_t rows[MI_PANEL_KEYS];           ///< per key of a masked group: the query rows that attend it
} mi_panel;

/// The rows of a block starting at position `first_row` that may see the key at `position`.
static inline uint64_t mi_causal_rows(int64_t first_row, int64_t position) {
    int64_t hidden = position - first_row;
    return hidden <= 0 ? ~0ull : hidden < 64 ? ~0ull << hidden : 0;
}

/// Asks for the rows of a block ahead of their use: strided rows are too many short streams for the hardware.
static inline void mi_prefetch_rows(const void *rows, int64_t row_bytes, int64_t stride_bytes, int count) {
    for (int row = 0; row < count; row++) {
        for (int64_t byte = 0; byte < row_bytes; byte += 64) {
            __builtin_prefetch((const char *)rows + row * stride_bytes + byte);
        }
    }
}

/// Asks for a panel's keys and values. Within a long run the hardware has them already, so a panel of one run is left
/// alone; short runs end before the hardware has noticed them.
static inline void mi_panel_prefetch(const mi_panel *panel, const mi_attention_head *head) {
    const int64_t bytes = (int64_t)MI_KEY_GROUP * head->head_dim * (head->dtype == MI_FLOAT32 ? 4 : 2);
    if (panel->count == 0 ||
        (const char *)panel->keys[panel->count - 1] - (const char *)panel->keys[0] == (panel->count - 1) * bytes) {
        return;
    }
    for (int g = 0; g < panel->count; g++) {
        mi_prefetch_rows(panel->keys[g], bytes, 0, 1);
        mi_prefetch_rows(panel->values[g], bytes, 0, 1);
    }
}

#endif
