#include "include/phone_number.h"

#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// The library is built on the first call, which loads its tables of all countries; it is safe to use
// from several threads. No exception may leave these functions.

int phone_number_parse(const char *text, size_t length, const char *region, struct phone_number *out) {
  try {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
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
