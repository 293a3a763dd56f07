#pragma once
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

// Variadic functions do not import into Swift: one function for each type of value.

static inline CURLcode bureau_curl_set_long(CURL *easy, CURLoption option, long value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode bureau_curl_set_size(CURL *easy, CURLoption option, curl_off_t value)
{
    return curl_easy_setopt(easy, option, value);
}

/// For texts (which the library copies), contexts and lists (which it does not).
static inline CURLcode bureau_curl_set(CURL *easy, CURLoption option, const void *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode bureau_curl_set_writer(CURL *easy, CURLoption option, curl_write_callback callback)
{
    return curl_easy_setopt(easy, option, callback);
}

static inline CURLcode bureau_curl_set_opener(CURL *easy, curl_opensocket_callback callback)
{
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

static inline long bureau_curl_status(CURL *easy)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/// How many connections were made for a transfer: 0 where it took one from the pool.
static inline long bureau_curl_connects(CURL *easy)
{
    long count = 0;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &count);
    return count;
}

/// How many bytes of requests were sent for a transfer.
static inline long bureau_curl_request_size(CURL *easy)
{
    long size = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &size);
    return size;
}

static inline void *bureau_curl_context(CURL *easy)
{
    void *context = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&context);
    return context;
}

static inline CURLMcode bureau_curl_multi_set(CURLM *multi, CURLMoption option, long value)
{
    return curl_multi_setopt(multi, option, value);
}

/// The next transfer that has ended, with its result; NULL where there is none.
static inline CURL *bureau_curl_ended(CURLM *multi, CURLcode *result)
{
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static inline const struct sockaddr *bureau_curl_address(const struct curl_sockaddr *address)
{
    return &address->addr;
}

/// A stream of one connection's bytes, not for the processes that this one starts.
static inline curl_socket_t bureau_curl_open(const struct curl_sockaddr *address)
{
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// The socket of a connection that was made and left to us; -1 where there is none.
static inline curl_socket_t bureau_curl_socket(CURL *easy)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    return socket;
}

/// Whether a handshake of TLS was brought to its end.
static inline int bureau_curl_is_secure(CURL *easy)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &microseconds);
    return microseconds > 0;
}
