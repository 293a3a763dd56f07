#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What ICU knows of the names of places in one language. One thread at a time.
struct place_names;

/// Returns the names of a language (ISO 639, NUL-terminated), or NULL where ICU has none in it.
struct place_names *place_names_open(const char *language);

void place_names_close(struct place_names *names);

/// Writes the name of a country (ISO 3166 alpha-2, NUL-terminated) to `out` (UTF-8): the whole one, or the one that is
/// for narrow places. Returns its length in bytes; 0 where there is none, or none of at most `size` bytes.
size_t place_names_country(const struct place_names *names, const char *code, int is_short, char *out, size_t size);

/// Writes the name of the city, or the region, that a time zone (NUL-terminated) is called by, as above.
size_t place_names_city(struct place_names *names, const char *zone, char *out, size_t size);

/// Writes the language (ISO 639) that most people of a country speak, as above.
size_t place_names_language(const char *code, char *out, size_t size);

#ifdef __cplusplus
}
#endif
