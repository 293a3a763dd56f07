#pragma once
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stddef.h>

// The one-shot EVP functions look the algorithm up and allocate for every digest; the functions
// below work in place and are several times as fast on short input. OpenSSL 3 deprecates them by
// name only: they are kept apart here so that the rest builds with warnings as errors.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static inline void bureau_sha256_begin(SHA256_CTX *state) { SHA256_Init(state); }

static inline void bureau_sha256_add(SHA256_CTX *state, const void *bytes, size_t count) {
  SHA256_Update(state, bytes, count);
}

static inline void bureau_sha256_end(SHA256_CTX *state, unsigned char *digest) { SHA256_Final(digest, state); }

#pragma GCC diagnostic pop
