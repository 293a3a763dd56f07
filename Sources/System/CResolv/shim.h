#pragma once
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>

/// The servers of /etc/resolv.conf; how many there are.
static inline int bureau_resolv_servers(struct sockaddr_storage *servers, int capacity)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return 0;
    int count = 0;
    for (int index = 0; index < state.nscount && count < capacity; index++) {
        memset(&servers[count], 0, sizeof servers[count]);
        // One of IPv6 stands beside the list.
        if (state.nsaddr_list[index].sin_family == AF_INET)
            memcpy(&servers[count++], &state.nsaddr_list[index], sizeof(struct sockaddr_in));
        else if (state._u._ext.nsaddrs[index] != NULL)
            memcpy(&servers[count++], state._u._ext.nsaddrs[index], sizeof(struct sockaddr_in6));
    }
    res_nclose(&state);
    return count;
}

/// A question that wants to be answered whole, with a number by chance; its length, or -1.
static inline int bureau_resolv_question(const char *name, int type, unsigned char *question, int capacity)
{
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return -1;
    int size = res_nmkquery(&state, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, question, capacity);
    res_nclose(&state);
    return size;
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
