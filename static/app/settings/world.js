import { locale, perLocale } from "../../ui/words.js";

/* Choices that the world has made: countries, zones, currencies, languages; each by the reader's name for it. */

const sorted = (options) => options.toSorted(([, a], [, b]) => a.localeCompare(b, locale()));
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const noCountries = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);

export const countries = perLocale((tag) => {
    const names = new Intl.DisplayNames(tag ?? "en", { type: "region", fallback: "none" });
    const isCurrent = (code) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
    return sorted(letters.flatMap((first) => letters.map((second) => first + second))
        .filter((code) => !noCountries.has(code) && isCurrent(code))
        .map((code) => [code, names.of(code)]).filter(([, name]) => name));
});

export const countryName = (code) => countries().find(([one]) => one === code)?.[1] ?? code;

export const currencies = perLocale((tag) => {
    const names = new Intl.DisplayNames(tag ?? "en", { type: "currency" });
    return sorted(Intl.supportedValuesOf("currency").map((code) => [code, `${names.of(code)} (${code})`]));
});

/** The zones of the browser; `now` is one that it may not know. */
export const timeZones = (now) =>
    [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), now].filter(Boolean))].sort()
        .map((zone) => [zone, zone.replaceAll("_", " ")]);

const spoken = [
    "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "lt", "lv", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh",
];

/** "German" for "de"; whatever is no code of a language stays as it is. */
export function languageName(code) {
    try {
        return new Intl.DisplayNames(locale() ?? "en", { type: "language", fallback: "code" }).of(code);
    } catch {
        return code;
    }
}

/** The languages whose codes have at most so many characters, and the one that is chosen now. */
export const languageOptions = (now, max = 35) =>
    sorted([...new Set([...spoken.filter((code) => code.length <= max), now].filter(Boolean))]
        .map((code) => [code, languageName(code)]));

const lists = {
    countries: { options: () => countries(), nameOf: countryName },
    languages: { options: () => languageOptions(null, 3), nameOf: languageName },
};

/**
 * Returns the list that fields of this name hold several of: {options(), nameOf(code)}; nothing for any other field.
 */
export const listOfTheWorld = (name) => (Object.hasOwn(lists, name) ? lists[name] : undefined);

/** Whether a field of this name has the code of a language. */
export const isLanguage = (name) => name === "locale" || name === "language";
