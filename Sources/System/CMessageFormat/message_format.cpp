#include "include/message_format.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <unicode/fmtable.h>
#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/unistr.h>
#include <vector>

// No exception may leave these functions.

namespace {

struct Argument {
  std::string name;
  int kind;
};

icu::UnicodeString unicode(const char *text, size_t length) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text, static_cast<int32_t>(length)));
}

int kind_of(UMessagePatternArgType type, const icu::UnicodeString &style) {
  switch (type) {
    case UMSGPAT_ARG_TYPE_PLURAL:
    case UMSGPAT_ARG_TYPE_SELECTORDINAL:
    case UMSGPAT_ARG_TYPE_CHOICE:
      return MESSAGE_ARGUMENT_NUMBER;
    case UMSGPAT_ARG_TYPE_SELECT:
      return MESSAGE_ARGUMENT_TEXT;
    case UMSGPAT_ARG_TYPE_SIMPLE:
      return style == u"number" ? MESSAGE_ARGUMENT_NUMBER : -1;
    default:
      return MESSAGE_ARGUMENT_ANY;
  }
}

}  // namespace

struct message_format {
  std::unique_ptr<icu::MessageFormat> format;
  std::vector<Argument> arguments;
};

namespace {

// Returns why the arguments of a pattern are none that we know, or NULL.
const char *collect(const icu::MessagePattern &pattern, std::vector<Argument> &arguments) {
  for (int32_t at = 0; at < pattern.countParts(); at++) {
    const icu::MessagePattern::Part &part = pattern.getPart(at);
    if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
    const icu::MessagePattern::Part &name = pattern.getPart(at + 1);
    if (name.getType() != UMSGPAT_PART_TYPE_ARG_NAME) return "arguments have names, not numbers";
    icu::UnicodeString style;
    if (part.getArgType() == UMSGPAT_ARG_TYPE_SIMPLE) style = pattern.getSubstring(pattern.getPart(at + 2));
    const int kind = kind_of(part.getArgType(), style);
    if (kind < 0) return "an argument is written as it comes, or with number, plural, select or selectordinal";
    // A style may ask for a billion digits: {n, number, ::scale/1E900000000}.
    if (part.getArgType() == UMSGPAT_ARG_TYPE_SIMPLE &&
        pattern.getPart(at + 3).getType() == UMSGPAT_PART_TYPE_ARG_STYLE)
      return "a number has no style of its own: write {name, number}";
    std::string text;
    pattern.getSubstring(name).toUTF8String(text);
    Argument *known = nullptr;
    for (Argument &argument : arguments)
      if (argument.name == text) known = &argument;
    if (known == nullptr) {
      arguments.push_back({text, kind});
    } else if (known->kind == MESSAGE_ARGUMENT_ANY) {
      known->kind = kind;
    } else if (kind != MESSAGE_ARGUMENT_ANY && kind != known->kind) {
      return "an argument is a number in one place and a text in another";
    }
  }
  return nullptr;
}

}  // namespace

struct message_format *message_format_read(
    const char *pattern, size_t length, const char *locale, char *fault, size_t size) {
  try {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Locale known = icu::Locale::forLanguageTag(locale, status);
    if (U_FAILURE(status)) {
      std::snprintf(fault, size, "there is no such locale");
      return nullptr;
    }
    UParseError place = {};
    const icu::UnicodeString text = unicode(pattern, length);
    const icu::MessagePattern parsed(text, &place, status);
    if (U_FAILURE(status)) {
      std::string near;
      icu::UnicodeString(place.postContext).toUTF8String(near);
      std::snprintf(fault, size, near.empty() ? "it ends before its braces do" : "it cannot be read from “%s” on",
                    near.c_str());
      return nullptr;
    }
    std::vector<Argument> arguments;
    if (const char *reason = collect(parsed, arguments)) {
      std::snprintf(fault, size, "%s", reason);
      return nullptr;
    }
    auto made = std::make_unique<icu::MessageFormat>(text, known, place, status);
    if (U_FAILURE(status)) {
      std::snprintf(fault, size, "%s", u_errorName(status));
      return nullptr;
    }
    return new message_format{std::move(made), std::move(arguments)};
  } catch (...) {
    std::snprintf(fault, size, "it cannot be read");
    return nullptr;
  }
}

void message_format_free(struct message_format *format) { delete format; }

size_t message_format_arguments(const struct message_format *format) { return format->arguments.size(); }

const char *message_format_argument_name(const struct message_format *format, size_t index) {
  return format->arguments[index].name.c_str();
}

int message_format_argument_kind(const struct message_format *format, size_t index) {
  return format->arguments[index].kind;
}

int64_t message_format_write(
    struct message_format *format, const struct message_value *values, size_t count, char *out, size_t size) {
  try {
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> formattables;
    for (size_t at = 0; at < count; at++) {
      const struct message_value &value = values[at];
      names.push_back(unicode(value.name, value.name_length));
      if (value.kind != MESSAGE_ARGUMENT_NUMBER) {
        formattables.emplace_back(unicode(value.text, value.text_length));
      } else if (value.number == std::floor(value.number) && std::fabs(value.number) < 1e15) {
        formattables.emplace_back(static_cast<int64_t>(value.number));
      } else {
        formattables.emplace_back(value.number);
      }
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString text;
    format->format->format(names.data(), formattables.data(), static_cast<int32_t>(count), text, status);
    if (U_FAILURE(status)) return -1;
    std::string bytes;
    text.toUTF8String(bytes);
    if (bytes.size() <= size) std::memcpy(out, bytes.data(), bytes.size());
    return static_cast<int64_t>(bytes.size());
  } catch (...) {
    return -1;
  }
}
