#include "include/phone_number.h"

#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

int phone_number_e164(const char *text, size_t length, const char *region, char *out) {
  try {
    PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    std::string e164;
    util->Format(number, PhoneNumberUtil::E164, &e164);
    if (e164.size() > 31) return 0;
    std::memcpy(out, e164.c_str(), e164.size() + 1);
    if (util->IsValidNumber(number)) return 2;
    return util->IsPossibleNumber(number) ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

int phone_number_region(const char *e164, char *out) {
  try {
    PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(e164, "ZZ", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
    std::string region;
    util->GetRegionCodeForNumber(number, &region);
    if (region.empty() || region == "ZZ" || region.size() > 3) return 0;
    std::memcpy(out, region.c_str(), region.size() + 1);
    return 1;
  } catch (...) {
    return 0;
  }
}
