#pragma once
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

/// Why there is no answer.
enum bureau_resolv_failure {
    bureau_resolv_no_domain = 1,
    bureau_resolv_no_data,
    bureau_resolv_timeout,
    bureau_resolv_server_failure,
};

/// Asks one question and copies the answer as it came over the wire; blocks. Without `servers` those of
/// /etc/resolv.conf are asked, each up to `attempts` times for `seconds`. The answer's length, or -1 and why.
static inline int bureau_resolv_ask(
    const char *name, int type, const struct sockaddr_in *servers, int count, int seconds, int attempts,
    unsigned char *answer, int capacity, enum bureau_resolv_failure *failure)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    *failure = bureau_resolv_server_failure;
    if (res_ninit(&state) != 0) return -1;
    state.retrans = seconds;
    state.retry = attempts;
    state.options |= RES_USE_EDNS0;
    if (count > 0) {
        state.nscount = count < MAXNS ? count : MAXNS;
        for (int index = 0; index < state.nscount; index++) state.nsaddr_list[index] = servers[index];
    }
    errno = 0;
    int size = res_nquery(&state, name, ns_c_in, type, answer, capacity);
    if (size < 0) {
        switch (state.res_h_errno) {
        case HOST_NOT_FOUND: *failure = bureau_resolv_no_domain; break;
        case NO_DATA: *failure = bureau_resolv_no_data; break;
        // A server that answers that it cannot is passed over, and leaves another errno than one that is silent.
        default: *failure = errno == ETIMEDOUT ? bureau_resolv_timeout : bureau_resolv_server_failure;
        }
    }
    res_nclose(&state);
    return size < capacity ? size : capacity;
}

static inline int bureau_resolv_count(ns_msg *message) { return ns_msg_count(*message, ns_s_an); }
static inline int bureau_resolv_type(const ns_rr *record) { return ns_rr_type(*record); }
static inline int bureau_resolv_size(const ns_rr *record) { return ns_rr_rdlen(*record); }
static inline const unsigned char *bureau_resolv_data(const ns_rr *record) { return ns_rr_rdata(*record); }

/// A name within a message, odd characters escaped; how many bytes it takes there, or -1.
static inline int bureau_resolv_name(ns_msg *message, const unsigned char *place, char *name, int capacity)
{
    return dn_expand(ns_msg_base(*message), ns_msg_end(*message), place, name, capacity);
}
