#pragma once
#include <gmime/gmime.h>
#include <stdbool.h>

// The library's casts and type checks are macros, which do not import into Swift: here every object is a
// GMimeObject, and each function says which kind it takes.

static inline void bureau_mime_ignore(
    const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer context)
{
    (void)domain, (void)level, (void)message, (void)context;
}

/// Once, before anything else. Complaints about mails of strangers are not for the terminal.
static inline void bureau_mime_begin(void)
{
    g_mime_init();
    g_log_set_handler("gmime", (GLogLevelFlags)(G_LOG_LEVEL_MASK & ~G_LOG_LEVEL_ERROR), bureau_mime_ignore, NULL);
}

/// How mails are read: headers with bytes that nobody declared are UTF-8 or, failing that, Windows-1252.
static inline GMimeParserOptions *bureau_mime_reading(void)
{
    static const char *charsets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    return options;
}

/// How mails are written: with CRLF.
static inline GMimeFormatOptions *bureau_mime_writing(void)
{
    GMimeFormatOptions *options = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    return options;
}

static inline GMimeObject *bureau_mime_message_new(void) { return (GMimeObject *)g_mime_message_new(FALSE); }

/// Takes a reference of its own.
static inline void bureau_mime_set_root(GMimeObject *message, GMimeObject *part)
{
    g_mime_message_set_mime_part((GMimeMessage *)message, part);
}

/// What a node of a mail's tree is.
typedef enum { bureau_mime_leaf, bureau_mime_multipart, bureau_mime_message } bureau_mime_kind_t;

static inline bureau_mime_kind_t bureau_mime_kind(GMimeObject *object)
{
    if (GMIME_IS_MULTIPART(object)) return bureau_mime_multipart;
    return GMIME_IS_MESSAGE_PART(object) ? bureau_mime_message : bureau_mime_leaf;
}

/// The mail in these bytes, which are copied; NULL where there is none. The caller unreferences it.
static inline GMimeObject *bureau_mime_parse(const void *bytes, size_t count, GMimeParserOptions *options)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    // Parts are read out of the one copy instead of each getting its own.
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    return (GMimeObject *)message;
}

static inline GMimeObject *bureau_mime_root(GMimeObject *message)
{
    return g_mime_message_get_mime_part((GMimeMessage *)message);
}

static inline int bureau_mime_count(GMimeObject *multipart)
{
    return g_mime_multipart_get_count((GMimeMultipart *)multipart);
}

static inline GMimeObject *bureau_mime_child(GMimeObject *multipart, int index)
{
    return g_mime_multipart_get_part((GMimeMultipart *)multipart, index);
}

/// What stands before the first part: all of it, where the boundary never comes.
static inline const char *bureau_mime_prologue(GMimeObject *multipart)
{
    return g_mime_multipart_get_prologue((GMimeMultipart *)multipart);
}

static inline GMimeObject *bureau_mime_inner(GMimeObject *message_part)
{
    return (GMimeObject *)g_mime_message_part_get_message((GMimeMessagePart *)message_part);
}

/// How many bytes a part has before it is decoded.
static inline gint64 bureau_mime_encoded_size(GMimeObject *leaf)
{
    if (!GMIME_IS_PART(leaf)) return 0;
    GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)leaf);
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    return stream ? g_mime_stream_length(stream) : 0;
}

/// A part's decoded bytes; NULL where there are none. The caller unreferences the array.
static inline GByteArray *bureau_mime_decoded(GMimeObject *leaf)
{
    GMimeDataWrapper *content = GMIME_IS_PART(leaf) ? g_mime_part_get_content((GMimePart *)leaf) : NULL;
    if (content == NULL) return NULL;
    GByteArray *array = g_byte_array_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    g_mime_data_wrapper_write_to_stream(content, stream);
    g_object_unref(stream);
    return array;
}

static inline const char *bureau_mime_file_name(GMimeObject *leaf)
{
    return GMIME_IS_PART(leaf) ? g_mime_part_get_filename((GMimePart *)leaf) : NULL;
}

/// A part with these bytes, which are copied: quoted-printable already, or to be written in base 64. The caller
/// unreferences it.
static inline GMimeObject *bureau_mime_part(
    const char *type, const char *subtype, const void *bytes, size_t count, bool is_quoted)
{
    GMimeContentEncoding given = is_quoted ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE : GMIME_CONTENT_ENCODING_DEFAULT;
    GMimePart *part = g_mime_part_new_with_type(type, subtype);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, given);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, is_quoted ? given : GMIME_CONTENT_ENCODING_BASE64);
    g_object_unref(content);
    g_object_unref(stream);
    return (GMimeObject *)part;
}

/// As an attachment with this name, which is UTF-8.
static inline void bureau_mime_attach(GMimeObject *leaf, const char *name)
{
    g_mime_object_set_disposition(leaf, "attachment");
    g_mime_part_set_filename((GMimePart *)leaf, name);
    // Unasked the library takes the smallest character set that has the letters.
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(leaf);
    GMimeParamList *lists[] = {
        g_mime_content_disposition_get_parameters(disposition),
        g_mime_content_type_get_parameters(g_mime_object_get_content_type(leaf))};
    const char *names[] = {"filename", "name"};
    for (int index = 0; index < 2; index++) {
        GMimeParam *param = g_mime_param_list_get_parameter(lists[index], names[index]);
        if (param != NULL) g_mime_param_set_charset(param, "utf-8");
    }
}

/// Adds a header as it is to be written: `raw` begins with a blank, ends with a line feed, and is folded.
static inline void bureau_mime_add_header(GMimeObject *message, const char *name, const char *raw)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(message);
    g_mime_header_list_append(headers, name, "", NULL);
    GMimeHeader *header = g_mime_header_list_get_header_at(headers, g_mime_header_list_get_count(headers) - 1);
    g_mime_header_set_raw_value(header, raw);
}

/// The caller unreferences it.
static inline GMimeObject *bureau_mime_multipart_new(const char *subtype, const char *boundary)
{
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    g_mime_multipart_set_boundary(multipart, boundary);
    return (GMimeObject *)multipart;
}

/// Takes a reference of its own.
static inline void bureau_mime_add(GMimeObject *multipart, GMimeObject *part)
{
    g_mime_multipart_add((GMimeMultipart *)multipart, part);
}

/// The whole mail with CRLF line ends. The caller unreferences the array.
static inline GByteArray *bureau_mime_written(GMimeObject *message, GMimeFormatOptions *options)
{
    GByteArray *array = g_byte_array_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(array);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    g_mime_object_write_to_stream(message, options, stream);
    g_object_unref(stream);
    return array;
}

static inline int bureau_mime_header_count(GMimeObject *object)
{
    return g_mime_header_list_get_count(g_mime_object_get_header_list(object));
}

static inline GMimeHeader *bureau_mime_header_at(GMimeObject *object, int index)
{
    return g_mime_header_list_get_header_at(g_mime_object_get_header_list(object), index);
}

/// The mailboxes of a header; NULL where there are none. The caller unreferences the list.
static inline InternetAddressList *bureau_mime_addresses(const char *value, GMimeParserOptions *options)
{
    return internet_address_list_parse(options, value);
}

/// NULL for a group.
static inline const char *bureau_mime_address(InternetAddressList *list, int index)
{
    InternetAddress *address = internet_address_list_get_address(list, index);
    return INTERNET_ADDRESS_IS_MAILBOX(address)
        ? internet_address_mailbox_get_addr((InternetAddressMailbox *)address) : NULL;
}

static inline const char *bureau_mime_address_name(InternetAddressList *list, int index)
{
    return internet_address_get_name(internet_address_list_get_address(list, index));
}
