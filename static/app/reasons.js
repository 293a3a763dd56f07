import { tenant } from "./api.js";
import { readable } from "./readable.js";
import { rightTitle } from "./settings/permissions.js";
import { h } from "../ui/dom.js";
import { words } from "../ui/format.js";
import { instantIn } from "../ui/when.js";
import { called, explained, pair, reason, t, wrong } from "../ui/words.js";

/** Why something is not sent: in the reader's language, or else as the server says it. */
export const reasonInWords = ({ code, detail }) =>
    readable(called(`held.${code}`) ?? called(`refused.${code}`) ?? detail ?? t("it waits"));

/** The problems that are told to whoever lacks a right themselves: an agent's own lack is told otherwise. */
const ofTheReader = new Set(["forbidden"]);

/** Why an agent was refused something: in the reader's language, or else as the server says it. */
export function refusalInWords({ code, detail }) {
    const said = called(`held.${code}`) ?? reason(detail) ?? (ofTheReader.has(code) ? null : wrong(code)) ?? detail ?? "";
    const named = said.replace(/\b([a-z_]+):([a-z]+)\b/, (_, thing, right) =>
        t("“{name}”", { name: pair(words(thing), rightTitle(right)) }));
    return readable(named.charAt(0).toUpperCase() + named.slice(1));
}

/** Returns the way out of it, [text, address]; `undefined`: it ends by itself, or there is nothing to do. */
export const wayOutOf = ({ code, detail, agent }) => ({
    tool_disabled: [t("Switch the tool on"), `#/settings/tools/${/the tool (\w+) is/.exec(detail)?.[1] ?? ""}`],
    forbidden: agent && [t("Give it the permission"), `#/agents/${agent}?tab=tools`],
    budget_exhausted: [t("Raise the budget"), "#/settings/budgets"],
    no_provider: [t("Connect a service"), "#/settings/integrations"],
    agent_not_active: agent && [t("Switch the agent on"), `#/agents/${agent}`],
})[code];

/** Why a service was the one that was called: in the reader's language, or else as the server says it. */
export const choiceInWords = ({ code, detail }) => called(`why.${code}`) ?? detail;

/**
 * Says the remedy for a failure; the server says it in English, so that another language says what its catalogue has.
 */
export const remedyFor = ({ code, recommended_action: action }) =>
    called(`remedy.${code}`) ?? (action && explained(action));

/** Reasons why something is not sent, each with when it ends on its own. */
export function drawReasons(reasons) {
    return h("ul", { class: "reasons" }, reasons.map(({ until, ...why }) => h(
        "li", {}, reasonInWords(why), " ",
        h("span", { class: "quiet" }, until
            ? t("Until {when}", { when: instantIn(until, tenant().time_zone) }) : t("Needs action")))));
}
