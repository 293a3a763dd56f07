#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A pattern of ICU's MessageFormat, read for one locale. Formatting changes what it keeps: one thread at a time.
struct message_format;

/// What an argument of a pattern is there.
enum {
  /// It is written as it comes: `{name}`.
  MESSAGE_ARGUMENT_ANY = 0,
  /// It has to be a number: `{count, plural, …}`, `{count, number}`, `{place, selectordinal, …}`.
  MESSAGE_ARGUMENT_NUMBER = 1,
  /// It has to be a text: `{kind, select, …}`.
  MESSAGE_ARGUMENT_TEXT = 2,
};

/// The value of an argument; `name` and `text` are UTF-8.
struct message_value {
  const char *name;
  size_t name_length;
  /// MESSAGE_ARGUMENT_TEXT or MESSAGE_ARGUMENT_NUMBER.
  int kind;
  const char *text;
  size_t text_length;
  double number;
};

/// Reads a pattern (UTF-8) for a locale (BCP 47, NUL-terminated). Returns NULL where it is none: `fault` (NUL-terminated,
/// at most `size` bytes) then says why, and near what.
struct message_format *message_format_read(
    const char *pattern, size_t length, const char *locale, char *fault, size_t size);

void message_format_free(struct message_format *format);

/// How many arguments the pattern has, those within its branches included; each counts once.
size_t message_format_arguments(const struct message_format *format);

/// The name of an argument (UTF-8, NUL-terminated, as long-lived as the pattern).
const char *message_format_argument_name(const struct message_format *format, size_t index);

/// MESSAGE_ARGUMENT_…, as the pattern uses it.
int message_format_argument_kind(const struct message_format *format, size_t index);

/// Writes the text (UTF-8) to `out`. Returns its length in bytes, which may be more than `size`: then nothing is there,
/// and one calls again with as much. Returns -1 where a value does not fit the pattern.
int64_t message_format_write(
    struct message_format *format, const struct message_value *values, size_t count, char *out, size_t size);

#ifdef __cplusplus
}
#endif
