#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed telephone number; each text is NUL-terminated.
struct phone_number {
  /// E.164: `+` and digits.
  char e164[32];
  /// The extension's digits, or empty.
  char extension[16];
};

/// Parses `text` (UTF-8, `length` bytes) as a telephone number dialled in `region` (ISO 3166 alpha-2,
/// upper case, NUL-terminated; "ZZ" for none) into `out`. Returns 2 for a valid number, 1 for one that
/// is only possible, 0 for none, when `out` is left alone.
int phone_number_parse(const char *text, size_t length, const char *region, struct phone_number *out);

/// Writes the region (ISO 3166 alpha-2, NUL-terminated) of an E.164 number to `out` (at least 4 bytes).
/// Returns 1 when it has one, 0 otherwise.
int phone_number_region(const char *e164, char *out);

/// The calling code of a region (49 for "DE"), or 0.
int phone_number_calling_code(const char *region);

#ifdef __cplusplus
}
#endif
