#pragma once
#include <linux/filter.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

// Variadic functions do not import into Swift, and walking a request's fields is two passes over a
// linked list: both are done here.

static inline struct MHD_Daemon *mhd_start(
    int listener, unsigned int threads, unsigned int connections, size_t pool, unsigned int idle_seconds,
    void *context, MHD_AccessHandlerCallback handler,
    void *(*target)(void *, const char *, struct MHD_Connection *),
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connection)
{
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_TURBO;
    // One thread is no pool, but the daemon's own.
    struct MHD_OptionItem pool_options[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket)listener,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_URI_LOG_CALLBACK, target, context,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connection, context,
        MHD_OPTION_ARRAY, threads > 1 ? pool_options : none,
        MHD_OPTION_END);
}

/// A descriptor that becomes readable once eight bytes are written to it.
static inline int mhd_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC); }

static inline void *mhd_socket_context(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static inline int mhd_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static inline const struct sockaddr *mhd_peer(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/// Whether the other side has all that was sent.
static inline int mhd_is_drained(int socket)
{
    int unsent = 0;
    return ioctl(socket, SIOCOUTQ, &unsent) == 0 && unsent == 0;
}

/// The kernel lets requests for a connection (SYN without ACK) pass by a listening socket: who asks, asks again.
static inline void mhd_ignore_newcomers(int listener)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x12),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static inline int mhd_queue(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response)
{
    return MHD_queue_response(connection, status, response) == MHD_YES;
}

static inline int mhd_add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static inline int mhd_add_connection(
    struct MHD_Daemon *daemon, int socket, const struct sockaddr *address, socklen_t length)
{
    return MHD_add_connection(daemon, socket, address, length) == MHD_YES;
}

static inline struct MHD_Response *mhd_response_copying(const void *bytes, size_t size)
{
    return MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

static inline struct MHD_Response *mhd_response_owning(void *bytes, size_t size)
{
    return MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
}

static inline struct MHD_Response *mhd_response_empty(void)
{
    return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
}

static inline struct MHD_Response *mhd_response_stream(
    size_t block, MHD_ContentReaderCallback reader, void *context, MHD_ContentReaderFreeCallback release)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, reader, context, release);
}

/// One field of a request: offsets from the start of the head's block.
struct mhd_field {
    uint32_t name, name_length, value, value_length;
};

/// A request's head in one malloc'ed block: the fields' table, the target, names and values.
struct mhd_head {
    unsigned char *block;
    uint32_t field_count, field_bytes;
    uint32_t target, target_length;
    uint32_t capacity, cursor;
};

static inline enum MHD_Result mhd_measure_field(
    void *context, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
    size_t value_length)
{
    struct mhd_head *head = (struct mhd_head *)context;
    (void)kind; (void)name; (void)value;
    head->field_count += 1;
    head->field_bytes += (uint32_t)(name_length + value_length);
    return MHD_YES;
}

static inline enum MHD_Result mhd_store_field(
    void *context, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
    size_t value_length)
{
    struct mhd_head *head = (struct mhd_head *)context;
    struct mhd_field *field = (struct mhd_field *)head->block + head->capacity;
    (void)kind;
    field->name = head->cursor;
    field->name_length = (uint32_t)name_length;
    memcpy(head->block + head->cursor, name, name_length);
    // The framing reader has set a bit in the name of cookie fields, so that the library does not parse them; it is
    // cleared here.
    if (name_length > 2) head->block[head->cursor + 2] &= 0x7f;
    while (value_length > 0 && (value[value_length - 1] == ' ' || value[value_length - 1] == '\t')) value_length -= 1;
    head->cursor += (uint32_t)name_length;
    field->value = head->cursor;
    field->value_length = (uint32_t)value_length;
    if (value_length > 0) memcpy(head->block + head->cursor, value, value_length);
    head->cursor += (uint32_t)value_length;
    head->capacity += 1;
    return MHD_YES;
}

/// Copies the head out of the connection's memory, which is reused once the request has ended.
static inline struct mhd_head mhd_capture(
    struct MHD_Connection *connection, const void *target, uint32_t target_length)
{
    struct mhd_head head = {0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, mhd_measure_field, &head);
    uint32_t table = head.field_count * (uint32_t)sizeof(struct mhd_field);
    head.block = (unsigned char *)malloc(table + target_length + head.field_bytes + 1);
    if (head.block == NULL) abort();
    head.target = table;
    head.target_length = target_length;
    memcpy(head.block + table, target, target_length);
    head.cursor = table + target_length;
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, mhd_store_field, &head);
    return head;
}

static inline int mhd_has_started(enum MHD_ConnectionNotificationCode code)
{
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}
