import { languagesIn } from "../language.js";

/** The console's own words; "wordsmissed" tells that a view was shown before all of its words were there. */
export const { languages, speakTo, wholeCatalogue } = languagesIn(new URL("../words", import.meta.url).pathname, {
    opening: new URL("../opening", import.meta.url).pathname,
    onWhole: (isMissed) => isMissed && window.dispatchEvent(new Event("wordsmissed")),
});
