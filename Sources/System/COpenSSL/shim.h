#pragma once
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
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

// Variadic or a macro: out of Swift's reach.

static inline EVP_PKEY *bureau_rsa_generate(size_t bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *bureau_ed25519_generate(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }

/// How many bytes a memory BIO holds, and where.
static inline long bureau_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

/// Refuses to ask anybody for a passphrase, which the library else does on the terminal.
static inline int bureau_no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static inline EVP_PKEY *bureau_read_private_key(BIO *bio)
{
    return PEM_read_bio_PrivateKey(bio, NULL, bureau_no_passphrase, NULL);
}
