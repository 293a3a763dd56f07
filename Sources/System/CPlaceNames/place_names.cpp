#include "include/place_names.h"

#include <cstring>
#include <memory>
#include <string>
#include <unicode/locdspnm.h>
#include <unicode/locid.h>
#include <unicode/timezone.h>
#include <unicode/tznames.h>
#include <unicode/unistr.h>

// No exception may leave these functions.

struct place_names {
  icu::Locale locale;
  std::unique_ptr<icu::LocaleDisplayNames> whole, brief;
  // Made when it is asked for: it takes longer than the others.
  std::unique_ptr<icu::TimeZoneNames> zones;
};

namespace {

// Another language would answer for one that ICU does not speak.
bool is_spoken(const char *language) {
  int32_t count = 0;
  const icu::Locale *known = icu::Locale::getAvailableLocales(count);
  for (int32_t at = 0; at < count; at++)
    if (std::strcmp(known[at].getLanguage(), language) == 0) return true;
  return false;
}

size_t written(const std::string &text, char *out, size_t size) {
  if (text.size() > size) return 0;
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

size_t written(const icu::UnicodeString &text, char *out, size_t size) {
  if (text.isBogus()) return 0;
  std::string bytes;
  text.toUTF8String(bytes);
  return written(bytes, out, size);
}

std::unique_ptr<icu::LocaleDisplayNames> display_names(const icu::Locale &locale, UDisplayContext length) {
  UDisplayContext contexts[] = {length, UDISPCTX_NO_SUBSTITUTE};
  return std::unique_ptr<icu::LocaleDisplayNames>(icu::LocaleDisplayNames::createInstance(locale, contexts, 2));
}

}  // namespace

struct place_names *place_names_open(const char *language) {
  try {
    if (!is_spoken(language)) return nullptr;
    auto names = std::make_unique<place_names>();
    names->locale = icu::Locale(language);
    names->whole = display_names(names->locale, UDISPCTX_LENGTH_FULL);
    names->brief = display_names(names->locale, UDISPCTX_LENGTH_SHORT);
    if (!names->whole || !names->brief) return nullptr;
    return names.release();
  } catch (...) {
    return nullptr;
  }
}

void place_names_close(struct place_names *names) { delete names; }

size_t place_names_country(const struct place_names *names, const char *code, int is_short, char *out, size_t size) {
  try {
    icu::UnicodeString name;
    (is_short ? names->brief : names->whole)->regionDisplayName(code, name);
    return written(name, out, size);
  } catch (...) {
    return 0;
  }
}

size_t place_names_city(struct place_names *names, const char *zone, char *out, size_t size) {
  try {
    // The table has each zone under one of its names only.
    UErrorCode status = U_ZERO_ERROR;
    if (!names->zones) names->zones.reset(icu::TimeZoneNames::createInstance(names->locale, status));
    if (U_FAILURE(status) || !names->zones) return 0;
    icu::UnicodeString known, name;
    icu::TimeZone::getCanonicalID(icu::UnicodeString::fromUTF8(zone), known, status);
    if (U_FAILURE(status)) return 0;
    names->zones->getExemplarLocationName(known, name);
    return written(name, out, size);
  } catch (...) {
    return 0;
  }
}

size_t place_names_language(const char *code, char *out, size_t size) {
  try {
    UErrorCode status = U_ZERO_ERROR;
    icu::Locale locale("und", code);
    locale.addLikelySubtags(status);
    return U_FAILURE(status) ? 0 : written(std::string(locale.getLanguage()), out, size);
  } catch (...) {
    return 0;
  }
}
