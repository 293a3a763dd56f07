import { call, get, may, tenant, withQuery } from "../api.js";
import { badge, bar, doing, facts, failure, fill, h, outside, pending, quiet, section, table } from "../dom.js";
import { ago, instantIn, money, number, percent, tone, words } from "../format.js";
import { actor as who } from "../places.js";
import { leadForm } from "./leadform.js";
import { sellingCard } from "./selling.js";

/** One lead: the next step, its score explained, its details and its activity. */
export function lead({ id, signal }) {
    const path = `/v1/leads/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Lead");
    const load = async () => {
        const response = await call(path, { signal });
        return { lead: await response.json(), etag: response.headers.get("ETag") };
    };
    const decisions = withQuery("/v1/decisions", { subject_id: id, limit: 50 });
    const why = pending(() => get(decisions, signal), drawDecisions, { signal });
    const timeline = pending(() => get(`${path}/timeline`, signal), drawTimeline, { signal });
    const reloadAll = () => Promise.all([record.reload(), why.reload(), timeline.reload()]);
    // Shown once there is a lead: one problem is enough for an address that names none.
    const aside = h("div", { hidden: true }, why, section("Activity", {}, timeline));
    const buttons = h("div", { hidden: true }, runButtons(path, reloadAll));
    const selling = h("div", {});
    const record = pending(load, ({ lead, etag }) => {
        aside.hidden = buttons.hidden = false;
        fill(heading, lead.company);
        if (!selling.firstChild) fill(selling, sellingCard({ lead_id: id, contact_id: lead.contact_id }, signal));
        document.title = `${lead.company} – Bureau`;
        const saved = () => Promise.all([record.reload(), timeline.reload()]);
        return drawRecord(lead, may("leads:write") && leadForm(path, lead, etag, saved));
    }, { signal });
    return {
        title: "Lead",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/leads" }, "Leads")),
            h("div", { class: "heading" }, heading, buttons),
            h("div", { class: "columns even" },
                h("div", {}, record, selling),
                aside),
        ],
    };
}

function runButtons(path, reloadAll) {
    if (!may("agents:run")) return null;
    const notice = h("div", { class: "notices" });
    const button = (label, verb) => doing(label, async () => {
        fill(notice, h("p", { class: "quiet", role: "status" }, "Running…"));
        const run = await (await call(`${path}/${verb}?wait=PT10S`, { method: "POST" })).json();
        fill(notice, outcome(run));
        await reloadAll();
    }, { place: notice });
    return h("div", { class: "actions" }, button("Score now", "score"), button("Qualify now", "qualify"), notice);
}

function outcome({ status, error }) {
    if (status === "failed") return failure({ title: "The run failed.", detail: error?.detail });
    const text = status === "succeeded" ? "Done." : "Still running. Check back in a moment.";
    return h("p", { class: "quiet", role: "status" }, text);
}

function drawRecord(lead, editor) {
    const known = [
        ["Contact", [lead.contact_name, lead.contact_title].filter(Boolean).join(", ")],
        ["Email", lead.email && h("a", { href: `mailto:${encodeURIComponent(lead.email)}` }, lead.email)],
        ["Phone", lead.phone && h("a", { href: `tel:${lead.phone.replaceAll(/[^+\d]/g, "")}` }, lead.phone)],
        ["Website", lead.website && outside(lead.website)],
        ["LinkedIn", lead.linkedin_url && outside(lead.linkedin_url)],
        ["Industry", lead.industry],
        ["Employees", lead.employee_count !== null && number(lead.employee_count)],
        ["Annual revenue", money(lead.annual_revenue)],
        ["Location", [lead.location, lead.country].filter(Boolean).join(" · ")],
        ["Monthly budget", money(lead.budget)],
        ["Decides within", lead.timeline_days !== null && `${number(lead.timeline_days)} days`],
        ["Decision-maker", lead.authority === null ? null : lead.authority ? "Yes" : "No"],
        ["Pain points", lead.pain_points.length > 0 && list(lead.pain_points)],
        ["Source", lead.source],
        ...Object.entries(lead.custom ?? {}).map(([name, value]) => [words(name), String(value)]),
        ["Added", ago(lead.created_at)],
    ];
    const { status, priority, tags } = lead;
    return [
        h("p", { class: "badges" },
            badge(words(status), tone(status)),
            priority && badge(`${words(priority)} priority`, tone(priority)),
            tags.map((tag) => badge(tag))),
        h("div", { class: "next-action" },
            h("h2", {}, "Next step"),
            h("p", {}, lead.next_action ?? "No suggestion yet: the lead has not been scored."),
            lead.best_contact_at && bestTime(lead.best_contact_at)),
        section("Details", {}, facts(known)),
        editor && section("Edit", {}, editor),
    ];
}

const list = (texts) => h("ul", {}, texts.map((text) => h("li", {}, text)));

/** In working hours where the lead is; told in the reader's time, and in the agency's where it is another. */
function bestTime(instant) {
    const here = instantIn(instant), there = instantIn(instant, tenant().time_zone);
    return quiet(`Best time to contact: ${here}`, here !== there && ` (${there} at the agency)`);
}

function drawDecisions({ data }) {
    const scoring = data.find((decision) => decision.agent === "lead_scoring");
    const qualification = data.find((decision) => decision.agent === "lead_qualification");
    return [
        section("Why this score", {}, scoring ? drawScore(scoring) : quiet("Not scored yet.")),
        section(
            "Qualification", {},
            qualification ? drawQualification(qualification) : quiet("Not qualified yet.")),
    ];
}

function drawScore({ outcome, override, factors, model, confidence, created_at }) {
    const { score, priority, conversion_probability } = override?.outcome ?? outcome;
    const isRules = model.name === "rules";
    const size = ({ weight, contribution }) => (isRules ? weight : Math.abs(contribution));
    const most = Math.max(0.01, ...factors.map(size));
    // Rules give points, up to the weight; the learned model gives log-odds, which may lower a score.
    const signed = (value) => `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
    const row = ({ name, value, weight, contribution, evidence }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(name), h("span", { class: "evidence" }, evidence)),
        h("td", { class: "wide" }, isRules
            ? bar(value, { track: weight / most })
            : bar(Math.abs(contribution) / most, { tone: contribution < 0 ? "bad" : "" })),
        h("td", { class: "figure" }, percent(value)),
        h("td", { class: "figure" }, number(weight)),
        h("td", { class: "figure strong" }, isRules ? contribution.toFixed(1) : signed(contribution)));
    const figure = (text) => ({ text, class: "figure" });
    return [
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, score), h("span", { class: "quiet" }, " of 100"),
            badge(`${words(priority)} priority`, tone(priority)),
            h("span", {}, `${percent(conversion_probability)} likely to become a client`)),
        override && h("p", { class: "notice warn" }, `Overridden by a person: ${override.reason}`),
        table(
            isRules ? "Points by factor" : "What raises and lowers the score",
            ["Factor", "", figure("Value"), figure("Weight"), figure(isRules ? "Points" : "Effect")],
            factors.map(row), "factors"),
        quiet(`${words(model.name)} ${model.version}. Based on ${percent(confidence)} of its inputs. Scored `,
            ago(created_at), "."),
        model.training_size && h("details", { class: "fold" },
            h("summary", {}, "How this was checked"),
            h("p", {}, `Trained on ${number(model.training_size)} leads. Of a converted lead and another one that it `
                + `had not seen, it scored the converted one higher in ${percent(model.auc)} of cases.`)),
    ];
}

function drawQualification({ outcome, override, created_at }) {
    const { result, criteria = [], questions = [] } = override?.outcome ?? outcome;
    return [
        h("p", {}, badge(words(result), tone(result)), " ", h("span", { class: "quiet" }, ago(created_at))),
        override && h("p", { class: "notice warn" }, `Overridden by a person: ${override.reason}`),
        h("ul", { class: "criteria" }, criteria.map(criterion)),
        questions.length > 0 && [h("h3", {}, "Open questions"), list(questions.map(({ text }) => text))],
    ];
}

function criterion({ name, state, mandatory, evidence }) {
    return h(
        "li", {},
        badge(words(state), tone(state)),
        h("span", {},
            h("strong", {}, words(name)), mandatory && h("span", { class: "quiet" }, " (required)"),
            h("span", { class: "evidence" }, evidence)));
}

function drawTimeline({ data }) {
    if (!data.length) return quiet("No activity yet.");
    const line = ({ summary, actor, at }) => h(
        "li", {}, h("span", { class: "what" }, summary), h("span", { class: "of" }, who(actor)), ago(at));
    return h("ol", { class: "feed" }, data.map(line));
}
