import { heard, term } from "../../ui/words.js";

/* The names of the templates that a new agency begins with: the server keeps them by their English names. */

const names = new Set([
    term("Proposal"), term("Contract"), term("Terms of a contract"), term("Questions before a proposal"),
    term("What it costs"), term("A reminder"), term("Invoice"), term("Credit note"), term("Reminder of an invoice"),
    term("Outreach 1: a question"), term("Outreach 2: a second thought"), term("Outreach 4: what we would look at"),
    term("Outreach 5: twenty minutes"), term("Outreach 6: the last one"),
]);

/** "Terms of a contract (de)" in the reader's language; `undefined` for a name of somebody's own. */
export function seededName(name) {
    const [, base, language] = /^(.*?)( \([a-z]{2}\))?$/s.exec(name ?? "");
    return names.has(base) ? `${heard(base) ?? base}${language ?? ""}` : undefined;
}
