#pragma once
#include <sys/types.h>

/// Checks the bytes that a socket has received, in their buffer of `size` bytes; returns what `recv` returns in its
/// place.
typedef ssize_t (*bureau_receiver)(int socket, void *buffer, ssize_t count, size_t size);

/// Has every `recv` of the process pass through the receiver. It is called once, before anything is received.
void bureau_set_receiver(bureau_receiver receiver);
