/*
 * What pages say, in the reader's language. Without a catalogue it is the English of the code. A catalogue is `{texts,
 * codes, problems, helps, reasons}`: texts and helps by their English, codes and problems by code, reasons by the form of
 * a sentence. It is there before the first view, but after the modules: a table of texts is a function, or marks them.
 */

const silent = { texts: {}, codes: {}, problems: {}, helps: {}, reasons: {} };
let voice = { ...silent, locale: undefined };

/** The tag by which numbers and days are written; `undefined`: as the browser does. */
export const locale = () => voice.locale;

/**
 * Of a catalogue that is there in part `rest` has {onMissing, whole}: the one is told what is asked for in vain, the
 * other gives a promise of all words.
 */
export function speak(tag, catalogue, rest) {
    voice = { ...silent, ...catalogue, locale: tag, ...rest };
}

/** Done when all words are there that can be had, without the view being drawn anew: what was typed stays. */
export const allWords = () => voice.whole?.();

/** Notes a text that the catalogue lacks; nothing else is there to be said for it. */
export function missing(text) {
    voice.onMissing?.(text);
    return text;
}

/** "Due {day}" with its values in their places. */
export function t(text, values = {}) {
    return (voice.texts[text] ?? missing(text)).replaceAll(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Returns a text as a list of parts, for values that are elements. */
export function pieces(text, values) {
    return (voice.texts[text] ?? missing(text)).split(/\{(\w+)\}/).map((part, index) => (index % 2 ? values[part] : part));
}

/** "1 lead", "2 leads": which of the two is the language's own rule. */
export function plural(count, one, many, values = {}) {
    const text = rules().select(count) === "one" ? one : many;
    return t(text, { count: numbers().format(count), ...values });
}

/** Marks a text that is read before the catalogue is there; `heard` has it when it is shown. */
export const term = (text) => text;

/** A marked text, or one that the server has said; `undefined` where the catalogue has none. */
export function heard(text) {
    const said = voice.texts[text];
    if (said === undefined) missing(text);
    return said;
}

/** Says the server's explanations, which are in English: in another language only what its catalogue has of them. */
export const explained = (text) => voice.helps[text] ?? heard(text)
    ?? (voice.locale && !voice.locale.startsWith("en") ? undefined : text);

/** A name within a sentence: "leads", "SLA targets". German keeps the capitals of its nouns. */
export const inSentence = (name) =>
    (voice.locale?.startsWith("de") || /^.[A-Z]/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));

/** "Deliverable: Logo", since not every language writes the colon like this; of elements `pieces` makes the same. */
export const pair = (name, value) => t("{name}: {value}", { name, value });

/** Returns the name of a code of the API; `undefined` where nobody has said. */
export const called = (code) => voice.codes[code];

/** Says what went wrong, by its code; `undefined`: the server's own words are all there is. */
export function wrong(code) {
    const said = voice.problems[code];
    if (code && said === undefined) missing(code);
    return said;
}

/** Why the server refuses something, by its English sentence; `undefined`: the catalogue has no such form. */
export function reason(text) {
    // The allowed states stand at the end, in codes; where the text is told by itself, the page names them.
    const plain = text?.split(" Allowed: ")[0];
    for (const [form, said] of plain ? Object.entries(voice.reasons) : []) {
        const names = [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const parts = form.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        const found = new RegExp(`^${parts.join("(.+?)")}$`, "s").exec(plain);
        if (!found) continue;
        return said.replaceAll(/\{(\w+)\}/g, (_, name) => {
            const value = found[names.indexOf(name) + 1];
            return ["code", "other"].includes(name) ? called(value) ?? value : value;
        });
    }
    return undefined;
}

/** Something that is made anew for each locale, such as a format. */
export function perLocale(make) {
    let known, made;
    return () => {
        if (known !== voice) [known, made] = [voice, make(voice.locale)];
        return made;
    };
}

const rules = perLocale((tag) => new Intl.PluralRules(tag ?? "en"));
const numbers = perLocale((tag) => new Intl.NumberFormat(tag));
