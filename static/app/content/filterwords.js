import { named } from "../records/naming.js";
import { secondsOf } from "../records/show.js";
import { countryName, isLanguage, languageName } from "../settings/world.js";
import { h } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { day, moment } from "../../ui/when.js";
import { pair, pieces, plural, t } from "../../ui/words.js";
import { joined, joinText } from "./conditions.js";
import { deeds, questionOf, waysOf } from "./questions.js";

/** A filter in words: its conditions as a list, and those of groups as lists within it. */
export function filterInWords(filter, questions) {
    const { join, parts } = joined(filter) ?? { join: "all", parts: [filter] };
    if (!parts.length && join === "all") return h("p", {}, t("Everybody"));
    return [h("p", {}, joinText(join)), h("ul", {}, parts.map((part) => h("li", {},
        joined(part) ? filterInWords(part, questions) : part.did ? deedInWords(part) : inWords(part, questions))))];
}

function inWords({ field, op, value }, questions) {
    const asked = questionOf(questions, field), way = Object.fromEntries(waysOf(asked, op))[op] ?? op;
    if (value === undefined) return [asked.label, " ", way];
    return pieces("{field} {comparison} {value}", { field: asked.label, comparison: way,
        value: answers(asked, value) });
}

/** The answer to a question, or several of them, as people read them. */
export const answers = (asked, value) => h("b", { dir: "auto" },
    [value].flat().map((one, index) => [index > 0 && ", ", answer(asked, one)]));

function answer({ name, control, refers, options }, value) {
    const known = options?.find(([code]) => code === value);
    if (known) return known[1];
    if (refers) return named(refers, value);
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    if (value?.currency) return money(value);
    if (typeof value === "number") return number(value);
    if (isLanguage(name)) return languageName(value);
    return { country: countryName, date: day, instant: moment }[control]?.(value) ?? value;
}

function deedInWords({ did, within, at_least: least }) {
    const said = Object.fromEntries(deeds())[did] ?? did, seconds = secondsOf(within ?? "");
    const days = seconds && seconds % 86_400 === 0 ? seconds / 86_400 : null;
    return [
        said,
        days ? plural(days, "in the last day", "in the last {count} days")
            : seconds && pair(t("Within"), lasting(seconds)),
        least > 1 && plural(least, "at least {count} time", "at least {count} times"),
    ].filter(Boolean).join(", ");
}
