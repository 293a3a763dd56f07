#pragma once
#include <yaml.h>

// The node's union and its enum, as functions: neither imports well.

/// 0 none, 1 scalar, 2 sequence, 3 mapping.
static inline int bureau_yaml_kind(const yaml_node_t *node) { return (int)node->type; }
static inline long bureau_yaml_line(const yaml_node_t *node) { return (long)node->start_mark.line + 1; }

static inline const unsigned char *bureau_yaml_text(const yaml_node_t *node) { return node->data.scalar.value; }
static inline long bureau_yaml_text_length(const yaml_node_t *node) { return (long)node->data.scalar.length; }
/// Whether the text stands without quotes: then `null` and `~` mean that there is nothing.
static inline int bureau_yaml_is_plain(const yaml_node_t *node) {
    return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static inline long bureau_yaml_item_count(const yaml_node_t *node) {
    return (long)(node->data.sequence.items.top - node->data.sequence.items.start);
}
static inline int bureau_yaml_item(const yaml_node_t *node, long index) {
    return node->data.sequence.items.start[index];
}
static inline long bureau_yaml_pair_count(const yaml_node_t *node) {
    return (long)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
}
static inline int bureau_yaml_pair_key(const yaml_node_t *node, long index) {
    return node->data.mapping.pairs.start[index].key;
}
static inline int bureau_yaml_pair_value(const yaml_node_t *node, long index) {
    return node->data.mapping.pairs.start[index].value;
}
