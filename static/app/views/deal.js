import { call, get, may, tenant } from "../api.js";
import { announce, badge, facts, failure, fill, h, pending, refill, section } from "../dom.js";
import { field, form } from "../forms.js";
import { ago, day, money, percent, tone, words } from "../format.js";
import { nextStep } from "../stages.js";
import { live } from "../stream.js";
import { dealPapers } from "./dealpapers.js";
import { dealTalk } from "./dealtalk.js";
import { mover } from "./dealmove.js";

/** One deal: its details, its documents, its messages, and the decisions of agents. */
export function deal({ id, signal }) {
    const path = `/v1/deals/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Deal"), move = h("div", {}), aside = h("div", {});
    let parts = null;
    const reload = async () => {
        await record.reload();
        parts?.reload();
    };
    const record = pending(() => get(path, signal), (deal) => {
        fill(heading, deal.name);
        document.title = `${deal.name} – Bureau`;
        if (may("deals:write")) refill(move, mover(deal, reload));
        // Only once there is a deal: one problem is enough for an address that names none.
        parts ??= showParts(aside, deal, signal);
        return drawDeal(deal, reload);
    }, { signal });
    const isAtWork = () => move.querySelector('[aria-expanded="true"]') || record.querySelector("details[open]");
    live("deal.*,proposal.*,contract.*,meeting.*,message.*,invoice.*", () => {
        if (!isAtWork()) record.reload();
        parts?.reload();
    }, signal);
    return {
        title: "Deal",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/deals" }, "Deals")),
            h("div", { class: "heading" }, heading, move),
            h("div", { class: "columns even" }, h("div", {}, record), aside),
        ],
    };
}

function showParts(aside, deal, signal) {
    const papers = dealPapers(deal, signal), talk = dealTalk(deal, signal);
    fill(aside, papers.content, talk.content);
    return { reload: () => [...papers.parts, ...talk.parts].forEach((part) => part.reload()) };
}

function drawDeal(deal, saved) {
    const { stage, value, weighted_value, probability, has_own_probability, needs, preferences } = deal;
    const isOpen = stage !== "won" && stage !== "lost";
    const known = [
        ["Value", money(value)],
        ["Weighted", value && `${money(weighted_value)} (${percent(probability)}, ${
            has_own_probability ? "set by hand" : "by stage"})`],
        ["Expected close", day(deal.expected_close)],
        ["In stage since", ago(deal.stage_entered_at)],
        ["Closed", deal.closed_at && ago(deal.closed_at)],
        ["Lost reason", stage === "lost" && (deal.lost_reason ?? "No reason given")],
        ["Preferences", preferences && Object.values(preferences).filter(Boolean).join(", ")],
        ["Notes", deal.notes && h("span", { class: "said" }, deal.notes)],
        ["Created", ago(deal.created_at)],
    ];
    return [
        h("p", { class: "badges" }, badge(words(stage), tone(stage))),
        isOpen && h("div", { class: "next-action" }, h("h2", {}, "Next step"), h("p", {}, nextStep(stage))),
        section("Details", {},
            facts(known),
            h("p", { class: "links after" },
                may("leads:read") && h("a", { href: `#/leads/${deal.lead_id}` }, "View lead"),
                deal.contact_id && may("conversations:read")
                    && h("a", { href: `#/conversations?contact_id=${deal.contact_id}` }, "Conversations")),
            needs.length > 0 && [h("h3", {}, "Needs"), h("ul", {}, needs.map(drawNeed))],
            may("deals:write") && h("details", { class: "fold" },
                h("summary", {}, "Edit deal"), dealForm(deal, saved))),
    ];
}

/** A need, with the words that it was read from; one that nobody stated is marked as inferred. */
function drawNeed({ kind, text, quote, confidence }) {
    const sure = confidence !== null && `, ${percent(confidence)} confidence`;
    return h("li", {}, text,
        quote && h("span", { class: "evidence" }, `“${quote}”`),
        kind === "implicit" && h("span", { class: "evidence" }, "Inferred", sure));
}

function dealForm(deal, saved) {
    const { value, expected_close, notes, id, version } = deal;
    const currency = value?.currency ?? tenant().currency ?? "USD";
    const { minimumFractionDigits: places } = new Intl.NumberFormat("en", { style: "currency", currency })
        .resolvedOptions();
    const written = value ? (value.amount / 10 ** places).toFixed(places) : "";

    async function submit(entered) {
        const amount = readAmount(entered.value, places);
        const wanted = {
            value: amount === null ? null : { amount, currency },
            expected_close: entered.expected_close || null, notes: entered.notes.trim() || null,
        };
        const body = Object.fromEntries(Object.entries(wanted)
            .filter(([name, one]) => JSON.stringify(one) !== JSON.stringify(deal[name])));
        if (!Object.keys(body).length) return announce("No changes to save");
        const headers = { "If-Match": `"${version}"` };
        await call(`/v1/deals/${encodeURIComponent(id)}`, { method: "PATCH", body, headers });
        announce("Saved");
        await saved();
    }
    function onProblem(problem, notice) {
        if (problem.status !== 412) return false;
        const detail = "Someone else changed this deal after you opened it.";
        fill(notice, failure({ title: "Not saved.", detail }, saved, "Discard my changes"));
        return true;
    }
    return form(
        { action: "Save", submit, onProblem },
        field(`Value (${currency})`, "value", { inputmode: "decimal", value: written }),
        field("Expected close", "expected_close", { type: "date", value: expected_close ?? "" }),
        field("Notes", "notes", { control: "textarea", rows: 4, value: notes ?? "" }));
}

/** "1234.50" in the currency's smallest unit, without the way over a fraction; null for nothing. */
function readAmount(text, places) {
    const written = text.trim().replaceAll(/[\s']/g, "");
    if (!written) return null;
    const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(written);
    const cents = found?.[2] ?? "";
    if (!found || cents.length > places) {
        const detail = "Enter an amount such as 1234.50, without thousands separators.";
        throw { errors: [{ pointer: "/value", detail }] };
    }
    return Number(found[1] + cents.padEnd(places, "0"));
}
