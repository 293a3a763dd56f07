import { may, whoIsMe } from "../api.js";
import { later } from "../later.js";
import { todayParts } from "../slices.js";
import { live } from "../stream.js";
import { drawFigures, figures } from "../today/figures.js";
import { setup } from "../today/setup.js";
import { feed } from "../today/feed.js";
import { badge, fill, h, pending, quiet, section } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { ago, dayOf } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** Today: the reader's work by urgency; four figures; the open steps of the set-up; the news. */
export function home({ signal }) {
    const forYou = pending(() => gather(signal), drawWaiting, { signal });
    const week = pending(() => figures(signal), (list) => list.length > 0
        && section(t("Last 7 days"), {}, drawFigures(list)), { signal });
    const look = () => forYou.reload();
    live("approval.*,alert.*,invoice.*,handover.*,conversation.*,ticket.*,task.*,message.received", look, signal);
    const parts = todayParts().filter(({ draw }) => draw).map(({ draw }) => draw({ signal }));
    const steps = h("div");
    // People who have begun nothing load nothing for it.
    if (Object.keys(localStorage).some((key) => key.endsWith(" first steps"))) {
        later(() => import("../first/open.js")).then(({ remaining }) => fill(steps, remaining()), () => {});
    }
    const aside = [may("settings:write") && !whoIsMe()?.client && setup(signal), may("events:read") && feed(signal)].filter(Boolean);
    const content = [section(t("Waiting for you"), {}, forYou), week, parts];
    return {
        title: t("Today"),
        content: [
            h("h1", {}, t("Today")), steps,
            aside.length ? h("div", { class: "columns" }, h("div", {}, content), h("div", {}, aside)) : content,
        ],
    };
}

const shownMax = 12;

/** Gathers from each part of the console what it has for the reader, the most urgent first and of that the oldest. */
async function gather(signal) {
    const asking = todayParts().filter(({ waits }) => waits).map(({ waits }) => waits(signal));
    const found = (await Promise.all(asking)).flat();
    return found.sort((a, b) => a.rank - b.rank || String(a.at).localeCompare(String(b.at)));
}

function drawWaiting(items) {
    if (!items.length) return quiet(t("You are all caught up. Nothing waits for you."));
    const more = items.map(({ more }) => more).filter(Boolean);
    return [
        h("ul", { class: "waits" }, items.slice(0, shownMax).map(line)),
        (more.length > 0 || items.length > shownMax) && h("p", { class: "links after" },
            items.length > shownMax && h("span", { class: "quiet" },
                t("And {count} more.", { count: number(items.length - shownMax) })),
            more.map(([text, href, total]) => h("a", { href }, pair(text, number(total))))),
    ];
}

const isDay = (at) => /^\d{4}-\d\d-\d\d$/.test(at);

const line = ({ kind, tone, title, note, href, at }) => h("li", {},
    badge(kind, tone), h("a", { href, dir: "auto" }, title),
    at && h("span", { class: "when" }, isDay(at) ? dayOf(`${at}T12:00:00`) : ago(at)),
    note && h("p", { class: "quiet", dir: "auto" }, note));
