import { tenant } from "../api.js";
import { linkTo } from "../places.js";
import { bar } from "../../ui/bar.js";
import { h } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { number, percent, words } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { meter } from "../../ui/state.js";
import { ago } from "../../ui/when.js";
import { pieces, plural, t } from "../../ui/words.js";

/* Shows the use of a service, what that costs, and how much is left. */

export const calls = (count) => plural(count, "{count} call", "{count} calls");

export function drawUse({ days, month, trend, by, return: worth }) {
    // The agency's day; "en-CA" writes it as the API does.
    const now = new Intl.DateTimeFormat("en-CA", { timeZone: tenant().time_zone ?? "UTC" }).format(new Date());
    const today = days.find(({ date }) => date === now);
    const line = ({ calls: count, failures, cost }) => [
        calls(count), failures > 0 && [", ", t("{count} failed", { count: number(failures) })],
        cost.amount > 0 && `, ${money(cost)}`,
    ];
    const agents = by.agents.flatMap(({ id, calls: count }, index) =>
        [index > 0 && ", ", h("span", { class: "one-line" }, linkTo({ type: "agent", id }), ` ${number(count)}`)]);
    const expected = [
        calls(month.expected_calls), month.expected_cost.amount > 0 && `, ${money(month.expected_cost)}`,
        month.error > 0 && ` (±${percent(month.error)})`,
    ];
    return facts([
        [t("Today"), today ? line(today) : t("No calls")],
        [t("Response time"), today && t("{number} ms", { number: number(today.average_ms) })],
        [t("This month"), line(month)],
        [t("Included calls left"), month.included_left !== null && number(month.included_left)],
        [t("Forecast"), expected],
        [t("Trend"), trend.calls !== null && t("{change} calls over the week before",
            { change: `${trend.calls > 0 ? "+" : ""}${percent(trend.calls)}` })],
        [t("Used by"), agents.length > 0 && agents],
        [t("Return in a year"), worth.calls > 0 && worthOf(worth)],
    ]);
}

/** Tells what came of the calls: leads, and what was won from them. */
const worthOf = ({ calls: count, leads, score, qualified, converted, won }) => [
    calls(count), ", ", plural(leads, "{count} lead", "{count} leads"),
    score !== null && [", ", t("average score {score}", { score: number(score) })],
    qualified > 0 && [", ", t("{count} qualified", { count: number(qualified) })],
    converted > 0 && [", ", t("{count} won", { count: number(converted) })],
    won.amount > 0 && [", ", t("{money} won", { money: money(won) })],
];

const limits = (source, per) => {
    const said = {
        minute: source === "service" ? t("Provider limit per minute") : t("Your limit per minute"),
        hour: source === "service" ? t("Provider limit per hour") : t("Your limit per hour"),
        day: source === "service" ? t("Provider limit per day") : t("Your limit per day"),
        month: source === "service" ? t("Provider limit per month") : t("Your limit per month"),
        window: source === "service" ? t("Provider limit") : t("Your limit"),
    };
    return said[per] ?? said.window;
};

export function drawQuota({ per, limit, used, left, resets_at: resets, source }, name) {
    if (!limit) return null;
    const share = Math.min(1, (used ?? limit - (left ?? limit)) / limit);
    const label = limits(source, per);
    const level = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "";
    return [
        h("div", { class: "meter", ...meter(`${label}: ${name}`, share, t("{share} used", { share: percent(share) })) },
            bar(share, { tone: level })),
        h("p", {}, t("{label}: {left} of {limit} left",
            { label, left: number(Math.max(0, left ?? limit - used)), limit: number(limit) }),
        resets && [", ", pieces("resets {when}", { when: ago(resets) })]),
    ];
}

export function credentialFacts({ credentials, credentials_expire_at: expire, former_credentials_until: former }) {
    const used = credentials.filter(({ last_used_at: at }) => at)
        .sort((a, b) => b.last_used_at.localeCompare(a.last_used_at))[0];
    return [
        [t("Credentials"), credentials.length > 0 && credentials.map(({ name }) => words(name)).join(", ")],
        [t("Expires"), expire && ago(expire)],
        [t("Old credentials valid until"), former && ago(former)],
        [t("Last used"), used && ago(used.last_used_at)],
    ];
}
