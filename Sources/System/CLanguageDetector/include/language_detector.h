#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum language_script { language_script_latin, language_script_cyrillic };

/// How well the runs of letters and the words of a text (UTF-8, `length` bytes) fit each of `count` languages that are
/// written in `script` (by ISO 639-1 codes, NUL-terminated). Writes a sum for each to `scores`, none of them
/// negative: one more is a likelihood 2^0.8 times as high. What stands in another script is passed over, and of long
/// texts all but the beginning.
void language_detector_score(
    const char *text, size_t length, enum language_script script, const char *const *codes, size_t count, int *scores);

#ifdef __cplusplus
}
#endif
