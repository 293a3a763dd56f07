#include "include/phone_number.h"

#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// Calling codes of countries whose numbers begin, where they are dialled from within, with one digit or with none: a
// number behind its calling code that does not begin with that digit is the national number itself.
struct CallingCode {
  int code;
  char prefix;
};
constexpr CallingCode plain_codes[] = {
    {1, '1'},  {27, '0'}, {30, 0},   {31, '0'}, {32, '0'}, {33, '0'}, {34, 0},    {40, '0'},  {41, '0'},  {43, '0'},
    {44, '0'}, {45, 0},   {46, '0'}, {47, 0},   {48, 0},   {49, '0'}, {60, '0'},  {64, '0'},  {81, '0'},  {90, '0'},
    {91, '0'}, {351, 0},  {353, '0'}, {358, '0'}, {420, 0}, {421, '0'}, {971, '0'}, {972, '0'},
};

// Reads "+49 30 8725323": a plus, digits and blanks. The library's own reading, by regular expressions, takes several
// times as long, and is for all else that people write.
bool parse_plain(const char *text, size_t length, PhoneNumber *number) {
  if (length < 8 || text[0] != '+') return false;
  char digits[16];
  size_t count = 0;
  for (size_t at = 1; at < length; at++) {
    if (text[at] == ' ') continue;
    if (text[at] < '0' || text[at] > '9' || count == sizeof digits - 1) return false;
    digits[count++] = text[at];
  }
  for (const CallingCode &known : plain_codes) {
    const std::string code = std::to_string(known.code);
    if (count < code.size() + 4 || std::memcmp(digits, code.data(), code.size()) != 0) continue;
    const std::string national(digits + code.size(), count - code.size());
    if (national[0] == '0' || national[0] == known.prefix) return false;
    number->set_country_code(known.code);
    number->set_national_number(std::stoull(national));
    return true;
  }
  return false;
}

}  // namespace

// The library is built on the first call, which loads its tables of all countries; it is safe to use
// from several threads. No exception may leave these functions.

int phone_number_parse(const char *text, size_t length, const char *region, struct phone_number *out) {
  try {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (!parse_plain(text, length, &number) &&
        util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR)
      return 0;
    const int certainty = util->IsValidNumber(number) ? 2 : util->IsPossibleNumber(number) ? 1 : 0;
    std::string e164;
    util->Format(number, PhoneNumberUtil::E164, &e164);
    const std::string &extension = number.extension();
    if (certainty == 0 || e164.size() >= sizeof out->e164 || extension.size() >= sizeof out->extension) return 0;
    std::memcpy(out->e164, e164.c_str(), e164.size() + 1);
    std::memcpy(out->extension, extension.c_str(), extension.size() + 1);
    return certainty;
  } catch (...) {
    return 0;
  }
}

int phone_number_region(const char *e164, char *out) {
  try {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(e164, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    std::string region;
    util->GetRegionCodeForNumber(number, &region);
    if (region.empty() || region == "ZZ" || region.size() != 2) return 0;
    std::memcpy(out, region.c_str(), region.size() + 1);
    return 1;
  } catch (...) {
    return 0;
  }
}

int phone_number_calling_code(const char *region) {
  try {
    return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region);
  } catch (...) {
    return 0;
  }
}
