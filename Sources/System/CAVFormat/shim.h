#pragma once
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// Loaded, as libvips is, only by the process that looks at a film. The layout of its records is that of one version,
// whose number is a part of the libraries' names.

struct bureau_av {
    __typeof__(&avformat_alloc_context) alloc_context;
    __typeof__(&avio_alloc_context) avio_alloc;
    __typeof__(&avio_context_free) avio_free;
    __typeof__(&avformat_open_input) open_input;
    __typeof__(&avformat_find_stream_info) find_stream_info;
    __typeof__(&avformat_close_input) close_input;
    __typeof__(&av_stream_get_side_data) side_data;
    __typeof__(&av_display_rotation_get) rotation;
    __typeof__(&avcodec_get_name) codec_name;
    __typeof__(&av_malloc) malloc;
    __typeof__(&av_freep) freep;
    __typeof__(&av_strdup) strdup;
    __typeof__(&av_log_set_level) log_level;
    __typeof__(&av_version_info) version;
};

#define BUREAU_TEXT(number) #number
#define BUREAU_SONAME(name, number) name ".so." BUREAU_TEXT(number)

/// Loads the libraries and finds their functions. Answers NULL, or the words of what is missing.
static inline const char *bureau_av_load(struct bureau_av *av)
{
    void *utilities = dlopen(BUREAU_SONAME("libavutil", LIBAVUTIL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    if (utilities == NULL) return dlerror();
    void *codecs = dlopen(BUREAU_SONAME("libavcodec", LIBAVCODEC_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    if (codecs == NULL) return dlerror();
    void *formats = dlopen(BUREAU_SONAME("libavformat", LIBAVFORMAT_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    if (formats == NULL) return dlerror();
#define BUREAU_FIND(library, member, name)                                                                              \
    do {                                                                                                               \
        void *found = dlsym(library, #name);                                                                           \
        if (found == NULL) return dlerror();                                                                           \
        *(void **)&av->member = found;                                                                                 \
    } while (0)
    BUREAU_FIND(formats, alloc_context, avformat_alloc_context);
    BUREAU_FIND(formats, avio_alloc, avio_alloc_context);
    BUREAU_FIND(formats, avio_free, avio_context_free);
    BUREAU_FIND(formats, open_input, avformat_open_input);
    BUREAU_FIND(formats, find_stream_info, avformat_find_stream_info);
    BUREAU_FIND(formats, close_input, avformat_close_input);
    BUREAU_FIND(formats, side_data, av_stream_get_side_data);
    BUREAU_FIND(utilities, rotation, av_display_rotation_get);
    BUREAU_FIND(codecs, codec_name, avcodec_get_name);
    BUREAU_FIND(utilities, malloc, av_malloc);
    BUREAU_FIND(utilities, freep, av_freep);
    BUREAU_FIND(utilities, strdup, av_strdup);
    BUREAU_FIND(utilities, log_level, av_log_set_level);
    BUREAU_FIND(utilities, version, av_version_info);
#undef BUREAU_FIND
    av->log_level(AV_LOG_QUIET);
    return NULL;
}

/// A film in memory, and how far it has been read.
struct bureau_film_bytes {
    const unsigned char *start;
    int64_t count, place;
};

static inline int bureau_film_read(void *context, unsigned char *into, int size)
{
    struct bureau_film_bytes *bytes = (struct bureau_film_bytes *)context;
    int64_t left = bytes->count - bytes->place;
    if (left <= 0) return AVERROR_EOF;
    int64_t count = size < left ? size : left;
    memcpy(into, bytes->start + bytes->place, (size_t)count);
    bytes->place += count;
    return (int)count;
}

static inline int64_t bureau_film_seek(void *context, int64_t offset, int whence)
{
    struct bureau_film_bytes *bytes = (struct bureau_film_bytes *)context;
    if (whence & AVSEEK_SIZE) return bytes->count;
    int64_t base = whence == SEEK_CUR ? bytes->place : whence == SEEK_END ? bytes->count : 0;
    int64_t place = base + offset;
    if (place < 0 || place > bytes->count) return AVERROR(EINVAL);
    bytes->place = place;
    return place;
}

/// The findings about a film; the names are static strings of the library.
struct bureau_film {
    double seconds, frame_rate, rotation;
    int width, height;
    const char *container, *video, *audio;
};

/// Looks at a film in memory; false where there is no picture that moves.
static inline bool bureau_film_look(
    const struct bureau_av *av, const unsigned char *bytes, size_t count, struct bureau_film *found)
{
    enum { buffer_size = 64 * 1024 };
    struct bureau_film_bytes source = {bytes, (int64_t)count, 0};
    unsigned char *buffer = (unsigned char *)av->malloc(buffer_size);
    AVIOContext *reading = buffer == NULL ? NULL
                                          : av->avio_alloc(
                                                buffer, buffer_size, 0, &source, bureau_film_read, NULL,
                                                bureau_film_seek);
    AVFormatContext *film = av->alloc_context();
    if (reading == NULL || film == NULL) return false;
    film->pb = reading;
    film->flags |= AVFMT_FLAG_CUSTOM_IO;
    // Nothing but these, and nothing that a film names elsewhere.
    film->format_whitelist = av->strdup("mov,mp4,m4a,3gp,3g2,mj2,matroska,webm");
    film->codec_whitelist = av->strdup("h264,hevc,vp8,vp9,mpeg4,mjpeg,aac,mp3,mp3float,opus,vorbis");
    film->protocol_whitelist = av->strdup("none");
    film->probesize = 4 * 1024 * 1024;
    film->max_streams = 16;
    bool is_film = false;
    if (av->open_input(&film, NULL, NULL, NULL) == 0) {
        av->find_stream_info(film, NULL);
        found->container = film->iformat->name;
        found->seconds = film->duration > 0 ? (double)film->duration / AV_TIME_BASE : 0;
        for (unsigned i = 0; i < film->nb_streams; i++) {
            AVStream *stream = film->streams[i];
            const AVCodecParameters *kind = stream->codecpar;
            if (kind->codec_type == AVMEDIA_TYPE_AUDIO && found->audio == NULL)
                found->audio = av->codec_name(kind->codec_id);
            if (kind->codec_type != AVMEDIA_TYPE_VIDEO || is_film
                || (stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
                continue;
            is_film = kind->width > 0 && kind->height > 0;
            found->video = av->codec_name(kind->codec_id);
            found->width = kind->width;
            found->height = kind->height;
            AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
            found->frame_rate = rate.num > 0 && rate.den > 0 ? (double)rate.num / rate.den : 0;
            uint8_t *matrix = av->side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
            if (matrix != NULL) found->rotation = av->rotation((const int32_t *)matrix);
        }
        av->close_input(&film);
    }
    // The library may have put another buffer in the place of ours.
    av->freep(&reading->buffer);
    av->avio_free(&reading);
    return is_film;
}
