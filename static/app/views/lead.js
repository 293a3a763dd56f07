import { call, get, may, tenant } from "../api.js";
import { badge, bar, failure, fill, h, outside, pending, section } from "../dom.js";
import { ago, instantIn, money, number, percent, tone, words } from "../format.js";
import { leadForm } from "./leadform.js";

/** One lead: what to do next, why it has its score, what is known, what happened. */
export function lead({ id, signal }) {
    const path = `/v1/leads/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Lead");
    const load = async () => {
        const response = await call(path, { signal });
        return { lead: await response.json(), etag: response.headers.get("ETag") };
    };
    const why = pending(() => get(`/v1/decisions?subject_id=${encodeURIComponent(id)}&limit=50`, signal), drawDecisions, { signal });
    const timeline = pending(() => get(`${path}/timeline`, signal), drawTimeline, { signal });
    const reloadAll = () => Promise.all([record.reload(), why.reload(), timeline.reload()]);
    const record = pending(load, ({ lead, etag }) => {
        fill(heading, lead.company);
        document.title = `${lead.company} – Bureau`;
        const saved = () => Promise.all([record.reload(), timeline.reload()]);
        return drawRecord(lead, may("leads:write") && leadForm(path, lead, etag, saved));
    }, { signal });
    return {
        title: "Lead",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/leads" }, "Leads")),
            h("div", { class: "heading" }, heading, runButtons(path, reloadAll)),
            h("div", { class: "columns even" },
                h("div", {}, record),
                h("div", {}, why, section("What happened", {}, timeline))),
        ],
    };
}

function runButtons(path, reloadAll) {
    if (!may("agents:run")) return null;
    const notice = h("div", { class: "notices" });
    const button = (label, verb) => h("button", { type: "button", async onclick({ currentTarget }) {
        if (currentTarget.getAttribute("aria-disabled")) return;
        currentTarget.setAttribute("aria-disabled", "true");
        fill(notice, h("p", { class: "quiet", role: "status" }, "The agent is at it…"));
        try {
            const run = await (await call(`${path}/${verb}?wait=PT10S`, { method: "POST" })).json();
            fill(notice, outcome(run));
            await reloadAll();
        } catch (problem) {
            fill(notice, failure(problem));
        }
        currentTarget.removeAttribute("aria-disabled");
    } }, label);
    return h("div", { class: "actions" }, button("Score now", "score"), button("Qualify now", "qualify"), notice);
}

function outcome({ status, error }) {
    if (status === "failed") return failure({ title: "The agent failed.", detail: error?.detail });
    if (status === "succeeded") return h("p", { class: "quiet", role: "status" }, "Done.");
    return h("p", { class: "quiet", role: "status" }, "It takes longer; the result will appear here and on the overview.");
}

function drawRecord(lead, editor) {
    const facts = [
        ["Contact", [lead.contact_name, lead.contact_title].filter(Boolean).join(", ")],
        ["E-mail", lead.email && h("a", { href: `mailto:${encodeURIComponent(lead.email)}` }, lead.email)],
        ["Phone", lead.phone && h("a", { href: `tel:${lead.phone.replaceAll(/[^+\d]/g, "")}` }, lead.phone)],
        ["Website", lead.website && outside(lead.website)],
        ["LinkedIn", lead.linkedin_url && outside(lead.linkedin_url)],
        ["Industry", lead.industry],
        ["Employees", lead.employee_count !== null && number(lead.employee_count)],
        ["Annual revenue", money(lead.annual_revenue)],
        ["Location", [lead.location, lead.country].filter(Boolean).join(" · ")],
        ["Budget a month", money(lead.budget)],
        ["Wants to decide in", lead.timeline_days !== null && `${number(lead.timeline_days)} days`],
        ["May decide", lead.authority === null ? null : lead.authority ? "Yes" : "No"],
        ["Pain points", lead.pain_points.length > 0 && h("ul", {}, lead.pain_points.map((text) => h("li", {}, text)))],
        ["Source", lead.source],
        ...Object.entries(lead.custom ?? {}).map(([name, value]) => [words(name), String(value)]),
        ["Came", ago(lead.created_at)],
    ];
    return [
        h("p", { class: "badges" }, badge(words(lead.status), tone(lead.status)),
            lead.priority && badge(`${words(lead.priority)} priority`, tone(lead.priority)), lead.tags.map((tag) => badge(tag))),
        h("div", { class: "next-action" },
            h("h2", {}, "Next"),
            h("p", {}, lead.next_action ?? "Not scored yet, so nothing is proposed."),
            lead.best_contact_at && bestTime(lead.best_contact_at)),
        section("What is known", {}, h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(
            ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))))),
        editor && section("Change", {}, editor),
    ];
}

/** In working hours where the lead is; told in the reader's time, and in the agency's where it is another. */
function bestTime(instant) {
    const here = instantIn(instant), there = instantIn(instant, tenant().time_zone);
    return h("p", { class: "quiet" }, `Best time: ${here}`, here !== there && ` (agency: ${there})`);
}

function drawDecisions({ data }) {
    const scoring = data.find((decision) => decision.agent === "lead_scoring");
    const qualification = data.find((decision) => decision.agent === "lead_qualification");
    return [
        section("Why this score", {}, scoring ? drawScore(scoring) : h("p", { class: "quiet" }, "It has not been scored yet.")),
        section("Qualification", {}, qualification ? drawQualification(qualification) : h("p", { class: "quiet" }, "It has not been qualified yet.")),
    ];
}

function drawScore({ outcome, override, factors, model, confidence, created_at }) {
    const { score, priority, conversion_probability } = override?.outcome ?? outcome;
    const isRules = model.name === "rules";
    const most = Math.max(0.01, ...factors.map((factor) => (isRules ? factor.weight : Math.abs(factor.contribution))));
    const line = ({ name, value, weight, contribution, evidence }) => h(
        "tr", {},
        h("th", { scope: "row" }, words(name), h("span", { class: "evidence" }, evidence)),
        h("td", { class: "wide" }, isRules
            ? bar(value, { track: weight / most })
            : bar(Math.abs(contribution) / most, { tone: contribution < 0 ? "bad" : "" })),
        h("td", { class: "figure" }, percent(value)),
        h("td", { class: "figure" }, number(weight)),
        h("td", { class: "figure strong" }, `${!isRules && contribution > 0 ? "+" : ""}${contribution.toFixed(isRules ? 1 : 2)}`));
    return [
        h("p", { class: "verdict" },
            h("strong", { class: "big" }, score), h("span", { class: "quiet" }, " of 100"),
            badge(`${words(priority)} priority`, tone(priority)),
            h("span", {}, `${percent(conversion_probability)} likely to become a client`)),
        override && h("p", { class: "notice warn" }, `A person decided otherwise: ${override.reason}`),
        h("table", { class: "factors" },
            h("caption", { class: "unseen" }, isRules ? "Contributions sum to the score" : "Contributions are log-odds against the average lead"),
            h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Factor"), h("td", {}),
                ["Value", "Weight", isRules ? "Points" : "Log-odds"].map((name) => h("th", { scope: "col", class: "figure" }, name)))),
            h("tbody", {}, factors.map(line))),
        h("p", { class: "quiet" }, `${words(model.name)} ${model.version}, `,
            model.training_size && `learned from ${number(model.training_size)} leads, AUC ${model.auc.toFixed(2)}, `,
            `${percent(confidence)} of what it asks was known, `, ago(created_at)),
    ];
}

function drawQualification({ outcome, override, created_at }) {
    const { result, criteria = [], questions = [] } = override?.outcome ?? outcome;
    return [
        h("p", {}, badge(words(result), tone(result)), " ", h("span", { class: "quiet" }, ago(created_at))),
        override && h("p", { class: "notice warn" }, `A person decided otherwise: ${override.reason}`),
        h("ul", { class: "criteria" }, criteria.map(({ name, state, mandatory, evidence }) => h(
            "li", {}, badge(words(state), tone(state)),
            h("span", {}, h("strong", {}, words(name)), mandatory && h("span", { class: "quiet" }, " (mandatory)"), h("span", { class: "evidence" }, evidence))))),
        questions.length > 0 && [h("h3", {}, "To ask"), h("ul", {}, questions.map(({ text }) => h("li", {}, text)))],
    ];
}

function drawTimeline({ data }) {
    if (!data.length) return h("p", { class: "quiet" }, "Nothing yet.");
    const who = (actor) => (actor?.type === "agent" ? words(actor.id ?? "agent") : words(actor?.type ?? actor ?? ""));
    return h("ol", { class: "feed" }, data.map((entry) => h(
        "li", {}, h("span", { class: "what" }, entry.summary), h("span", { class: "of" }, who(entry.actor)), ago(entry.at))));
}
