#pragma once
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <string.h>

// Extensions' types of nodes are numbers that the library draws at run time: variables, which Swift takes for
// shared state. One closed enumeration for those that Bureau knows, and what a node is of it.
enum bureau_cmark_kind {
    BUREAU_CMARK_OTHER,
    BUREAU_CMARK_PARAGRAPH,
    BUREAU_CMARK_HEADING,
    BUREAU_CMARK_LIST,
    BUREAU_CMARK_QUOTE,
    BUREAU_CMARK_CODE_BLOCK,
    BUREAU_CMARK_HTML_BLOCK,
    BUREAU_CMARK_RULE,
    BUREAU_CMARK_TABLE,
    BUREAU_CMARK_TEXT,
    BUREAU_CMARK_SOFT_BREAK,
    BUREAU_CMARK_LINE_BREAK,
    BUREAU_CMARK_CODE,
    BUREAU_CMARK_HTML,
    BUREAU_CMARK_EMPHASIS,
    BUREAU_CMARK_STRONG,
    BUREAU_CMARK_STRIKETHROUGH,
    BUREAU_CMARK_LINK,
    BUREAU_CMARK_IMAGE,
};

static inline enum bureau_cmark_kind bureau_cmark_kind_of(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    switch (type) {
    case CMARK_NODE_PARAGRAPH: return BUREAU_CMARK_PARAGRAPH;
    case CMARK_NODE_HEADING: return BUREAU_CMARK_HEADING;
    case CMARK_NODE_LIST: return BUREAU_CMARK_LIST;
    case CMARK_NODE_BLOCK_QUOTE: return BUREAU_CMARK_QUOTE;
    case CMARK_NODE_CODE_BLOCK: return BUREAU_CMARK_CODE_BLOCK;
    case CMARK_NODE_HTML_BLOCK: return BUREAU_CMARK_HTML_BLOCK;
    case CMARK_NODE_THEMATIC_BREAK: return BUREAU_CMARK_RULE;
    case CMARK_NODE_TEXT: return BUREAU_CMARK_TEXT;
    case CMARK_NODE_SOFTBREAK: return BUREAU_CMARK_SOFT_BREAK;
    case CMARK_NODE_LINEBREAK: return BUREAU_CMARK_LINE_BREAK;
    case CMARK_NODE_CODE: return BUREAU_CMARK_CODE;
    case CMARK_NODE_HTML_INLINE: return BUREAU_CMARK_HTML;
    case CMARK_NODE_EMPH: return BUREAU_CMARK_EMPHASIS;
    case CMARK_NODE_STRONG: return BUREAU_CMARK_STRONG;
    case CMARK_NODE_LINK: return BUREAU_CMARK_LINK;
    case CMARK_NODE_IMAGE: return BUREAU_CMARK_IMAGE;
    default: break;
    }
    // The library's extensions say what they are in words.
    const char *name = cmark_node_get_type_string(node);
    if (!strcmp(name, "table")) return BUREAU_CMARK_TABLE;
    if (!strcmp(name, "strikethrough")) return BUREAU_CMARK_STRIKETHROUGH;
    return BUREAU_CMARK_OTHER;
}

/// The document of a text: CommonMark with strikethrough, bare addresses and, where wanted, tables. NULL
/// where an extension is absent.
static inline cmark_node *bureau_cmark_parse(const void *text, size_t count, bool tables)
{
    static const char *const names[] = {"strikethrough", "autolink", "table"};
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE);
    for (size_t i = 0; i < (tables ? 3 : 2); i++) {
        cmark_syntax_extension *extension = cmark_find_syntax_extension(names[i]);
        if (!extension || !cmark_parser_attach_syntax_extension(parser, extension)) {
            cmark_parser_free(parser);
            return NULL;
        }
    }
    cmark_parser_feed(parser, (const char *)text, count);
    cmark_node *document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return document;
}
