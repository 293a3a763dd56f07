#pragma once
#include <sys/types.h>

/// Looks at bytes that a socket has received, in their buffer of `size` bytes: what `recv` answers in their place.
typedef ssize_t (*bureau_receiver)(int socket, void *buffer, ssize_t count, size_t size);

/// Has every `recv` of the process pass through it. Once, before anything is received.
void bureau_set_receiver(bureau_receiver receiver);
