import { labels } from "../records/kinds.js";
import { told } from "../sentences.js";
import { countryName } from "../settings/world.js";
import { within, words } from "../../ui/format.js";
import { pair, plural, t } from "../../ui/words.js";

/* Says what a score was read from, as people who sell say it: "Budget named", not the name of a field and its value. */

const unknown = "not known";
const whether = (yes, no) => (value) => (value === "yes" ? yes : no);
const known = (there, missing) => (value) => (value === unknown || value === "0" ? missing : there);
const counted = (some, missing) => (value) => (value === unknown || value === "0" ? missing : some(Number(value)));

/** The facts that a learned model goes by, by the names of its columns. */
const facts = () => ({
    budget: known(t("Budget named"), t("No budget named")),
    timeline_days: counted((days) => plural(days, "Decides within {count} day", "Decides within {count} days"),
        t("No date of a decision")),
    authority: whether(t("Speaks with a decision-maker"), t("No decision-maker yet")),
    employee_count: counted((count) => plural(count, "{count} employee", "{count} employees"),
        t("Company size not known")),
    annual_revenue: known(t("Revenue known"), t("Revenue not known")),
    website: whether(t("Has a website"), t("No website")),
    linkedin_url: whether(t("On LinkedIn"), t("Not on LinkedIn")),
    phone: whether(t("Phone number known"), t("No phone number")),
    contact_name: whether(t("Contact known by name"), t("Contact not known by name")),
    email: (value) => ({
        own: t("Email of the company"), free: t("Email of a free service"), role: t("Shared email"),
        disposable: t("Throwaway email"),
    }[value] ?? t("No email")),
    pain_points: counted((count) => plural(count, "{count} need named", "{count} needs named"), t("No needs named")),
    tags: counted((count) => plural(count, "{count} tag", "{count} tags"), t("No tags")),
    notes_length: known(t("Notes taken"), t("No notes taken")),
    technologies: counted((count) => plural(count, "{count} tool known", "{count} tools known"), t("Tools not known")),
});

const labelOf = (code) => labels[code] ?? words(code);
const learnedPart = /^(\S+) (.*) speaks (for|against) it$/;

/** A model goes by words in lower case: "DE" and "München" are "de" and "münchen" to it. */
const spelled = {
    country: (code) => countryName(code.toUpperCase()),
    location: (place) => place.replaceAll(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase()),
};

function fact([, column, quoted]) {
    const value = quoted.replaceAll('"', ""), say = facts()[column];
    if (say) return say(value);
    if (column.startsWith("tag:")) return t("Tag “{tag}”", { tag: column.slice(4) });
    return value === unknown ? t("{field} not known", { field: labelOf(column) })
        : pair(labelOf(column), spelled[column]?.(value) ?? { yes: t("yes"), no: t("no") }[value] ?? value);
}

/** The record's own words, and what a learned model goes by: "Raises it: Budget named. Lowers it: No website". */
export function evidenceOf(evidence) {
    const parts = String(evidence ?? "").split("; ").map((part) => ({ part, found: learnedPart.exec(part) }));
    const said = parts.filter(({ found }) => !found).map(({ part }) => part);
    const by = (way) => parts.filter(({ found }) => found?.[3] === way).map(({ found }) => fact(found)).join(", ");
    const [raising, lowering] = [by("for"), by("against")];
    return [
        ...said.map(inWords),
        raising && t("Raises it: {facts}", { facts: raising }),
        lowering && t("Lowers it: {facts}", { facts: lowering }),
    ].filter(Boolean).join(". ");
}

/** A sentence of the server's, with names in the place of codes. */
export const inWords = (text) => told(text).replaceAll(/\b[a-z]+(?:_[a-z0-9]+)+\b/g, labelOf)
    .replaceAll(/already in the stage "(\w+)"/g, (_, stage) =>
        t("already at the stage {stage}", { stage: within(stage) }));
