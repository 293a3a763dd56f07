#pragma once
#include <zlib.h>

/// `deflateInit2` is a macro: gzip framing, 32 KB window.
static inline int zlib_gzip_init(z_stream *stream, int level)
{
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// `inflateInit2` is a macro: gzip framing alone.
static inline int zlib_gunzip_init(z_stream *stream)
{
    return inflateInit2(stream, 15 + 16);
}
