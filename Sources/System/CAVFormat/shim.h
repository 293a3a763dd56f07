#pragma once
#include <dlfcn.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// Loaded, as libvips is, only by the process that looks at a film or makes one. The layout of its records is that of
// one version, whose number is a part of the libraries' names.

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

/// The functions that make a film, by their libraries.
#define BUREAU_AV_MAKING(FUNCTION)                                                                                      \
    FUNCTION(utilities, frame_alloc, av_frame_alloc)                                                                   \
    FUNCTION(utilities, frame_unref, av_frame_unref)                                                                   \
    FUNCTION(utilities, frame_move, av_frame_move_ref)                                                                 \
    FUNCTION(utilities, frame_buffer, av_frame_get_buffer)                                                             \
    FUNCTION(utilities, frame_writable, av_frame_make_writable)                                                        \
    FUNCTION(utilities, frame_crop, av_frame_apply_cropping)                                                           \
    FUNCTION(utilities, dictionary_set, av_dict_set)                                                                   \
    FUNCTION(utilities, layout_default, av_channel_layout_default)                                                     \
    FUNCTION(utilities, fifo_alloc, av_audio_fifo_alloc)                                                               \
    FUNCTION(utilities, fifo_write, av_audio_fifo_write)                                                               \
    FUNCTION(utilities, fifo_read, av_audio_fifo_read)                                                                 \
    FUNCTION(utilities, fifo_size, av_audio_fifo_size)                                                                 \
    FUNCTION(codecs, packet_alloc, av_packet_alloc)                                                                    \
    FUNCTION(codecs, packet_unref, av_packet_unref)                                                                    \
    FUNCTION(codecs, packet_rescale, av_packet_rescale_ts)                                                             \
    FUNCTION(codecs, find_decoder, avcodec_find_decoder)                                                               \
    FUNCTION(codecs, find_encoder, avcodec_find_encoder_by_name)                                                       \
    FUNCTION(codecs, codec_alloc, avcodec_alloc_context3)                                                              \
    FUNCTION(codecs, codec_open, avcodec_open2)                                                                        \
    FUNCTION(codecs, to_codec, avcodec_parameters_to_context)                                                          \
    FUNCTION(codecs, from_codec, avcodec_parameters_from_context)                                                      \
    FUNCTION(codecs, send_packet, avcodec_send_packet)                                                                 \
    FUNCTION(codecs, receive_frame, avcodec_receive_frame)                                                             \
    FUNCTION(codecs, send_frame, avcodec_send_frame)                                                                   \
    FUNCTION(codecs, receive_packet, avcodec_receive_packet)                                                           \
    FUNCTION(formats, read_frame, av_read_frame)                                                                       \
    FUNCTION(formats, seek, av_seek_frame)                                                                             \
    FUNCTION(formats, output_alloc, avformat_alloc_output_context2)                                                    \
    FUNCTION(formats, new_stream, avformat_new_stream)                                                                 \
    FUNCTION(formats, write_header, avformat_write_header)                                                             \
    FUNCTION(formats, write_frame, av_interleaved_write_frame)                                                         \
    FUNCTION(formats, write_trailer, av_write_trailer)                                                                 \
    FUNCTION(scaling, scaler, sws_getContext)                                                                          \
    FUNCTION(scaling, scale, sws_scale_frame)                                                                          \
    FUNCTION(resampling, resampler, swr_alloc_set_opts2)                                                               \
    FUNCTION(resampling, resampler_begin, swr_init)                                                                    \
    FUNCTION(resampling, resample, swr_convert)                                                                        \
    FUNCTION(resampling, resampled_most, swr_get_out_samples)

struct bureau_av_making {
#define BUREAU_MEMBER(library, member, name) __typeof__(&name) member;
    BUREAU_AV_MAKING(BUREAU_MEMBER)
#undef BUREAU_MEMBER
};

#define BUREAU_TEXT(number) #number
#define BUREAU_SONAME(name, number) name ".so." BUREAU_TEXT(number)
#define BUREAU_OPEN(library, name, number)                                                                              \
    void *library = dlopen(BUREAU_SONAME(name, number), RTLD_NOW | RTLD_LOCAL);                                         \
    if (library == NULL) return dlerror()
#define BUREAU_FIND(library, member, name)                                                                              \
    do {                                                                                                               \
        void *found = dlsym(library, #name);                                                                           \
        if (found == NULL) return dlerror();                                                                           \
        *(void **)&av->member = found;                                                                                 \
    } while (0);

/// Loads the libraries and finds their functions. Answers NULL, or the words of what is missing.
static inline const char *bureau_av_load(struct bureau_av *av)
{
    BUREAU_OPEN(utilities, "libavutil", LIBAVUTIL_VERSION_MAJOR);
    BUREAU_OPEN(codecs, "libavcodec", LIBAVCODEC_VERSION_MAJOR);
    BUREAU_OPEN(formats, "libavformat", LIBAVFORMAT_VERSION_MAJOR);
    BUREAU_FIND(formats, alloc_context, avformat_alloc_context)
    BUREAU_FIND(formats, avio_alloc, avio_alloc_context)
    BUREAU_FIND(formats, avio_free, avio_context_free)
    BUREAU_FIND(formats, open_input, avformat_open_input)
    BUREAU_FIND(formats, find_stream_info, avformat_find_stream_info)
    BUREAU_FIND(formats, close_input, avformat_close_input)
    BUREAU_FIND(formats, side_data, av_stream_get_side_data)
    BUREAU_FIND(utilities, rotation, av_display_rotation_get)
    BUREAU_FIND(codecs, codec_name, avcodec_get_name)
    BUREAU_FIND(utilities, malloc, av_malloc)
    BUREAU_FIND(utilities, freep, av_freep)
    BUREAU_FIND(utilities, strdup, av_strdup)
    BUREAU_FIND(utilities, log_level, av_log_set_level)
    BUREAU_FIND(utilities, version, av_version_info)
    av->log_level(AV_LOG_QUIET);
    return NULL;
}

/// Loads what makes a film, likewise.
static inline const char *bureau_av_load_making(struct bureau_av_making *av)
{
    BUREAU_OPEN(utilities, "libavutil", LIBAVUTIL_VERSION_MAJOR);
    BUREAU_OPEN(codecs, "libavcodec", LIBAVCODEC_VERSION_MAJOR);
    BUREAU_OPEN(formats, "libavformat", LIBAVFORMAT_VERSION_MAJOR);
    BUREAU_OPEN(scaling, "libswscale", LIBSWSCALE_VERSION_MAJOR);
    BUREAU_OPEN(resampling, "libswresample", LIBSWRESAMPLE_VERSION_MAJOR);
    BUREAU_AV_MAKING(BUREAU_FIND)
    return NULL;
}
#undef BUREAU_FIND
#undef BUREAU_OPEN

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

/// The codecs that are read.
#define BUREAU_CODECS "h264,hevc,vp8,vp9,mpeg4,mjpeg,aac,mp3,mp3float,opus,vorbis,pcm_s16le,pcm_s16be"

enum { bureau_film_buffer = 64 * 1024, bureau_crop_unaligned = AV_FRAME_CROP_UNALIGNED };
/// A time that is not known.
static const int64_t bureau_no_time = AV_NOPTS_VALUE;

/// Opens a film in memory; NULL where it is none. The bytes stay where they are until it is closed.
static inline AVFormatContext *bureau_film_open(const struct bureau_av *av, struct bureau_film_bytes *source)
{
    unsigned char *buffer = (unsigned char *)av->malloc(bureau_film_buffer);
    AVIOContext *reading = buffer == NULL ? NULL
                                          : av->avio_alloc(
                                                buffer, bureau_film_buffer, 0, source, bureau_film_read, NULL,
                                                bureau_film_seek);
    AVFormatContext *film = av->alloc_context();
    if (reading == NULL || film == NULL) return NULL;
    film->pb = reading;
    film->flags |= AVFMT_FLAG_CUSTOM_IO;
    // Nothing but these, and nothing that a film names elsewhere.
    film->format_whitelist = av->strdup("mov,mp4,m4a,3gp,3g2,mj2,matroska,webm");
    film->codec_whitelist = av->strdup(BUREAU_CODECS);
    film->protocol_whitelist = av->strdup("none");
    film->probesize = 4 * 1024 * 1024;
    film->max_streams = 16;
    if (av->open_input(&film, NULL, NULL, NULL) != 0) return NULL;
    av->find_stream_info(film, NULL);
    return film;
}

/// Looks at a film in memory; false where there is no picture that moves.
static inline bool bureau_film_look(
    const struct bureau_av *av, const unsigned char *bytes, size_t count, struct bureau_film *found)
{
    struct bureau_film_bytes source = {bytes, (int64_t)count, 0};
    AVFormatContext *film = bureau_film_open(av, &source);
    bool is_film = false;
    if (film != NULL) {
        AVIOContext *reading = film->pb;
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
        // The library may have put another buffer in the place of ours.
        av->freep(&reading->buffer);
        av->avio_free(&reading);
    }
    return is_film;
}

/// A film that is being made, in memory.
struct bureau_film_made {
    unsigned char *start;
    int64_t count, place, room, most;
};

static inline int bureau_film_write(void *context, unsigned char *from, int size)
{
    struct bureau_film_made *made = (struct bureau_film_made *)context;
    int64_t end = made->place + size;
    if (end > made->most) return AVERROR(ENOSPC);
    if (end > made->room) {
        int64_t room = end * 2 < made->most ? end * 2 : made->most;
        unsigned char *start = (unsigned char *)realloc(made->start, (size_t)room);
        if (start == NULL) return AVERROR(ENOMEM);
        made->start = start;
        made->room = room;
    }
    // Room may have been left for what is known at the end.
    if (made->place > made->count) memset(made->start + made->count, 0, (size_t)(made->place - made->count));
    memcpy(made->start + made->place, from, (size_t)size);
    made->place = end;
    if (end > made->count) made->count = end;
    return size;
}

static inline int64_t bureau_film_made_seek(void *context, int64_t offset, int whence)
{
    struct bureau_film_made *made = (struct bureau_film_made *)context;
    if (whence & AVSEEK_SIZE) return made->count;
    int64_t base = whence == SEEK_CUR ? made->place : whence == SEEK_END ? made->count : 0;
    if (base + offset < 0 || base + offset > made->most) return AVERROR(EINVAL);
    return made->place = base + offset;
}

/// Opens an MP4 that is written into memory; NULL without memory.
static inline AVFormatContext *bureau_film_begin(
    const struct bureau_av *av, const struct bureau_av_making *making, struct bureau_film_made *made)
{
    AVFormatContext *film = NULL;
    unsigned char *buffer = (unsigned char *)av->malloc(bureau_film_buffer);
    if (buffer == NULL || making->output_alloc(&film, NULL, "mp4", NULL) < 0) return NULL;
    film->pb = av->avio_alloc(
        buffer, bureau_film_buffer, 1, made, NULL, bureau_film_write, bureau_film_made_seek);
    film->flags |= AVFMT_FLAG_CUSTOM_IO;
    // Players that know no list of edits begin where the film does.
    film->avoid_negative_ts = AVFMT_AVOID_NEG_TS_MAKE_ZERO;
    return film->pb == NULL ? NULL : film;
}
