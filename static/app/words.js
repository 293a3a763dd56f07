/*
 * What pages say, in the reader's language. The English text is the name of the rest, so that a page without a catalogue
 * says it as it stands in the code. A catalogue is `{texts, codes, problems}`: texts by their English, what codes of the
 * API are called, and what went wrong by its code. No text changes with a number in it: a count stands behind a colon,
 * or is written with its unit by `counted`, as each language has plurals of its own.
 */

let voice = { locale: undefined, texts: {}, codes: {}, problems: {} };

/** The tag by which numbers and days are written; `undefined`: as the browser does. */
export const locale = () => voice.locale;

export function speak(tag, catalogue) {
    voice = { ...catalogue, locale: tag };
}

/** "Due {day}" with its values in their places. */
export function t(text, values = {}) {
    return (voice.texts[text] ?? text).replaceAll(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** The same as a list of parts, for values that are elements. */
export function pieces(text, values) {
    return (voice.texts[text] ?? text).split(/\{(\w+)\}/).map((part, index) => (index % 2 ? values[part] : part));
}

/** "Deliverable: Logo", since not every language writes the colon like this; of elements `pieces` makes the same. */
export const pair = (name, value) => t("{name}: {value}", { name, value });

/** What a code of the API is called; `undefined` where nobody has said. */
export const called = (code) => voice.codes[code];

/** What went wrong, by its code; `undefined`: the server's own words are all there is. */
export const wrong = (code) => voice.problems[code];

/** Something that is made anew for each locale, such as a format. */
export function perLocale(make) {
    let known, made;
    return () => {
        if (known !== voice) [known, made] = [voice, make(voice.locale)];
        return made;
    };
}
