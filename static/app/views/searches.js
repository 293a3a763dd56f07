import { call, get, may } from "../api.js";
import { linkTo } from "../places.js";
import { pagesOf } from "../records/pages.js";
import { countryName } from "../settings/world.js";
import { sourceTitle } from "../titles.js";
import { badge, doing, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { number } from "../../ui/format.js";
import { money } from "../../ui/money.js";
import { cell, figure, table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../ui/words.js";

/** Searches for companies like an ideal customer: what is searched, what came of it, and where looking pays. */
export const { list, newRecord, record, editRecord } = pagesOf("searches", {
    list: {
        actions: () => may("lead_sources:read") && h("a", { class: "button", href: "#/lead-sources" },
            t("Lead sources")),
    },
    record: {
        facts: ["last_run_id"],
        actions: (search, { reload }) => may("searches:write") && runButton(search, reload),
        panels: (search, { signal, follow }) => [lastRun(search, signal, follow), targeting(search, signal)],
    },
});

function runButton({ id }, reload) {
    const notice = h("span", { class: "notices" });
    return [doing(t("Search now"), async () => {
        const answer = await call(`/v1/searches/${encodeURIComponent(id)}/run?wait=PT30S`, { method: "POST" });
        const run = await answer.json();
        toast(run.status === "succeeded" ? t("{count} new leads", { count: number(run.result.created) })
            : t("The search is under way."));
        await reload();
    }, { place: notice, class: "primary" }), notice];
}

function lastRun(search, signal, follow) {
    if (!may("agents:read")) return null;
    const place = h("div");
    let shown = null;
    const draw = ({ last_run_id: id }) => {
        if (!id || id === shown) return;
        shown = id;
        fill(place, section(t("Last search"), {}, pending(
            () => get(`/v1/agent-runs/${encodeURIComponent(id)}`, signal), drawRun, { signal })));
    };
    draw(search);
    follow(draw);
    return place;
}

function drawRun(run) {
    const parts = run.result?.by_source;
    if (!parts?.length) return h("p", {}, linkTo({ type: "agent_run", id: run.id }, t("View run")));
    const row = (one) => h("tr", {},
        h("th", { scope: "row" }, h("a", { href: `#/lead-sources/${encodeURIComponent(one.source)}` },
            sourceTitle({ name: one.source })),
            one.error && h("span", { class: "evidence fault" }, whyNot(one.error))),
        cell(t("Found"), number(one.found)), cell(t("New"), number(one.created)),
        cell(t("Known"), number(one.duplicates)), cell(t("Unfit"), number(one.rejected)),
        cell(t("Cost"), one.cost?.amount > 0 ? money(one.cost) : "–"));
    return [
        run.result.target_reached && h("p", {}, badge(t("Target reached"), "good")),
        table(t("Last search"), [t("Source"), figure(t("Found")), figure(t("New")), figure(t("Known")),
            figure(t("Unfit")), figure(t("Cost"))], parts.map(row), "stacked"),
        h("p", {}, linkTo({ type: "agent_run", id: run.id }, t("View run"))),
    ];
}

const criterion = ({ field, value }) => (field === "source" ? sourceTitle({ name: value })
    : field === "country" ? countryName(value) : value);

/** Tells the agency's own outcomes with a source, or a criterion. */
function because({ field, won, lost, found, created }) {
    const values = { won: number(won), all: number(won + lost), found: number(found), created: number(created) };
    if (field !== "source") return t("{won} of {all} closed leads won.", values);
    if (won + lost > 0) return t("{won} of {all} closed leads won; {created} of {found} companies became leads.", values);
    return found > 0 ? t("{created} of {found} companies became leads; none is closed yet.", values)
        : t("The source has not been searched yet.");
}

function targeting({ id }, signal) {
    return section(t("Where looking pays"), {}, pending(
        () => get(`/v1/searches/${encodeURIComponent(id)}/targeting`, signal), ({ sources, criteria }) => {
            const row = (one) => h("tr", {},
                h("th", { scope: "row", dir: "auto" }, criterion(one), h("span", { class: "evidence" }, because(one))),
                cell(t("Weight"), number(one.weight)));
            const all = [...sources, ...criteria];
            if (!all.length) return quiet(t("Nothing is known before leads are won and lost."));
            return table(t("Where looking pays"), [t("Source or feature"), figure(t("Weight"))],
                all.map(row), "stacked");
        }, { signal }));
}
