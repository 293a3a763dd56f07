#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Parses `text` (UTF-8, `length` bytes) as a telephone number dialled in `region` (ISO 3166 alpha-2,
/// upper case, NUL-terminated; "ZZ" for none) and writes its E.164 form, NUL-terminated, to `out`
/// (at least 32 bytes). Returns 2 for a valid number, 1 for one that is only possible, 0 for none.
int phone_number_e164(const char *text, size_t length, const char *region, char *out);

/// Writes the region (ISO 3166 alpha-2, NUL-terminated) of an E.164 number to `out` (at least 4 bytes).
/// Returns 1 when it has one, 0 otherwise.
int phone_number_region(const char *e164, char *out);

#ifdef __cplusplus
}
#endif
