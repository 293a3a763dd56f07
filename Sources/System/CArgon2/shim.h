#pragma once
#include <argon2.h>
#include <string.h>
#include <sys/mman.h>

// A hash needs some 19 MiB for some 20 ms. From malloc they would stay with the thread's arena for
// good; mapped and unmapped, an idle server is as small after a login as before.
static int bureau_argon2_map(uint8_t **memory, size_t count) {
  void *place = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) {
    *memory = NULL;
    return ARGON2_MEMORY_ALLOCATION_ERROR;
  }
  madvise(place, count, MADV_HUGEPAGE);
  *memory = (uint8_t *)place;
  return ARGON2_OK;
}

static void bureau_argon2_unmap(uint8_t *memory, size_t count) { munmap(memory, count); }

/// Argon2id, version 0x13 (RFC 9106). Returns ARGON2_OK or an error of the library.
static inline int bureau_argon2id(
    const uint8_t *password, uint32_t password_count, const uint8_t *salt, uint32_t salt_count,
    const uint8_t *secret, uint32_t secret_count, const uint8_t *data, uint32_t data_count,
    uint32_t passes, uint32_t memory_kib, uint32_t lanes, uint8_t *tag, uint32_t tag_count) {
  argon2_context context;
  memset(&context, 0, sizeof context);
  context.out = tag;
  context.outlen = tag_count;
  context.pwd = (uint8_t *)password;
  context.pwdlen = password_count;
  context.salt = (uint8_t *)salt;
  context.saltlen = salt_count;
  context.secret = (uint8_t *)secret;
  context.secretlen = secret_count;
  context.ad = (uint8_t *)data;
  context.adlen = data_count;
  context.t_cost = passes;
  context.m_cost = memory_kib;
  context.lanes = lanes;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = bureau_argon2_map;
  context.free_cbk = bureau_argon2_unmap;
  context.flags = ARGON2_DEFAULT_FLAGS;
  return argon2_ctx(&context, Argon2_id);
}
