import { speak } from "../app/words.js";

/* Which language the portal speaks: any that has a catalogue in `words`. That of English has no texts: they are in the
   code. */

const read = async (name) => {
    const answer = await fetch(`/portal/words/${name}.json`).catch(() => null);
    return answer?.ok ? answer.json() : null;
};
const baseOf = (tag) => tag.toLowerCase().split("-")[0];

// The server names the files that there are, so that none is asked for in vain.
const known = read("index").then((names) => names ?? []);
let spoken = null;

/** The languages that there are catalogues of: ["de", "en"]. */
export const languages = () => known;

/** What a language calls itself: "Français". */
export function ownName(language) {
    const name = new Intl.DisplayNames(language, { type: "language" }).of(language);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** In the person's own language, or else the browser's, or else the agency's; the first of them that there is. */
export async function speakTo(personal, agency) {
    const wanted = [personal, ...navigator.languages, agency].filter(Boolean), there = await known;
    const tag = wanted.find((tag) => there.includes(baseOf(tag)) && isTag(tag)) ?? "en";
    if (tag === spoken) return;
    const catalogue = await read(baseOf(tag));
    if (!catalogue) return; // In English, or as before: better than nothing.
    // Where no country is named, that of the catalogue decides how numbers and days are written.
    speak(tag.includes("-") ? tag : catalogue.locale ?? tag, catalogue);
    spoken = tag;
    document.documentElement.lang = baseOf(tag);
}

function isTag(tag) {
    try {
        return Intl.getCanonicalLocales(tag).length === 1;
    } catch {
        return false;
    }
}
