import { speak } from "../ui/words.js";

/* Which language pages speak: any that has a catalogue among their words, and English, which is in the code. */

const read = async (path) => {
    const answer = await fetch(path).catch(() => null);
    return answer?.ok ? answer.json() : null;
};
const baseOf = (tag) => tag.toLowerCase().split("-")[0];

/** Returns a language's own name: "Français". */
export function ownName(language) {
    const name = new Intl.DisplayNames(language, { type: "language" }).of(language);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/**
 * The languages of the catalogues in a folder, which `index.json` names. With `opening`, a folder of what the first view
 * says, the whole is read later, or when something is missed; `onWhole` is then called. `own` has an agency's words, also in
 * languages that there is no catalogue of: {owner, languages, words}, functions of which the last takes a language.
 */
export function languagesIn(folder, { opening, onWhole, own } = {}) {
    const known = read(`${folder}/index.json`).then((names) => names ?? []);
    let spoken = null, owner, isPart = false, isWholeWanted = false, whole = null;

    // Where no country is named, that of the catalogue decides how numbers and days are written.
    const say = (tag, catalogue, rest) =>
        speak(tag.includes("-") ? tag : catalogue.locale ?? tag, catalogue, rest);

    /** Reads all words of the language that is spoken, once. */
    function readWhole(tag) {
        let isMissed = false;
        const reading = read(`${folder}/${baseOf(tag)}.json`).then((catalogue) => {
            if (tag !== spoken) return;
            // Not to be had now: asked for again by whatever needs it next.
            if (!catalogue) return void (whole = null);
            say(tag, catalogue);
            onWhole?.(isMissed);
        });
        return { reading, miss: () => (isMissed = true) };
    }

    const ownLanguages = () => own?.languages() ?? [];

    const wholeCatalogue = () => {
        isWholeWanted = true;
        if (!isPart) return null;
        whole ??= readWhole(spoken);
        return whole.reading;
    };

    return {
        /** Those that a person can choose: ["de", "en"]. */
        languages: async () => [...new Set([...await known, ...ownLanguages(), "en"])].sort(),

        wholeCatalogue,

        /** In the person's own language, or else the browser's, or else the agency's; the first that there is. */
        async speakTo(personal, agency) {
            const wanted = [personal, ...navigator.languages, agency].filter(Boolean), there = await known;
            const isThere = (tag) => ["en", ...there, ...ownLanguages()].includes(baseOf(tag));
            const tag = wanted.find((tag) => isThere(tag) && isTag(tag)) ?? "en", language = baseOf(tag);
            if (tag === spoken && owner === own?.owner()) return;
            const isKept = there.includes(language);
            const first = isKept && opening && !isWholeWanted ? await read(`${opening}/${language}.json`) : null;
            const standard = first ?? (isKept ? await read(`${folder}/${language}.json`) : {});
            if (!standard) return; // In English, or as before: better than nothing.
            const catalogue = ownLanguages().includes(language) ? merged(standard, await own.words(language)) : standard;
            [spoken, owner, isPart, whole] = [tag, own?.owner(), Boolean(first), null];
            say(tag, catalogue, first && { whole: wholeCatalogue, onMissing() {
                wholeCatalogue();
                whole.miss();
            } });
            document.documentElement.lang = language;
            document.documentElement.dir = directionOf(tag);
        },
    };
}

/** A catalogue with an agency's own words in the place of its. */
const merged = (catalogue, own) => ({
    ...catalogue, texts: { ...catalogue.texts, ...own.texts }, codes: { ...catalogue.codes, ...own.codes },
});

/** The scripts that are written from right to left. */
const fromTheRight = ["arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"];

/** Where lines of a language begin: "rtl" or "ltr". */
const directionOf = (tag) => {
    const script = new Intl.Locale(tag).maximize().script ?? "";
    return fromTheRight.includes(script.toLowerCase()) ? "rtl" : "ltr";
};

function isTag(tag) {
    try {
        return Intl.getCanonicalLocales(tag).length === 1;
    } catch {
        return false;
    }
}
