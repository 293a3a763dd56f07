import { speak } from "../app/words.js";

/* Which language the portal speaks. Each has a catalogue in `words`; that of English has no texts: they are in the code. */

const languages = ["en", "de"];
const baseOf = (tag) => tag.toLowerCase().split("-")[0];

let spoken = null;

/** In the person's own language, or else the browser's, or else the agency's; the first of them that there is. */
export async function speakTo(personal, agency) {
    const wanted = [personal, ...navigator.languages, agency].filter(Boolean);
    const tag = wanted.find((tag) => languages.includes(baseOf(tag)) && isTag(tag)) ?? "en";
    if (tag === spoken) return;
    const answer = await fetch(`/portal/words/${baseOf(tag)}.json`).catch(() => null);
    if (!answer?.ok) return; // In English, or as before: better than nothing.
    speak(tag, await answer.json());
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
