import { call, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, doing, fill, h, pending, quiet, section, table, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { ago, instantIn, number, tone, words } from "../format.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { live, liveUnless } from "../stream.js";
import { talkTabs } from "./conversations.js";

/** The sequences of messages that people are taken through. */
export function sequences({ signal }) {
    const page = (cursor) => get(withQuery("/v1/sequences", { limit: 50, cursor }), signal);
    const results = pending(() => page(), (first) => {
        if (!first.data.length) {
            return h("div", { class: "empty" }, h("p", {}, "There is no sequence yet."),
                quiet("They are made over the API: ", h("a", { href: "/docs#q=%2Fv1%2Fsequences" }, "/v1/sequences")));
        }
        const list = table("Sequences", ["Sequence", "For", "Steps", "State", "Changed"], first.data.map(row),
            "leads stacked");
        return [list, paged(first, page, toTable(list, row))];
    }, { signal });
    live("sequence.*", () => results.reload(), signal);
    return { title: "Sequences", content: [h("h1", {}, "Sequences"), talkTabs("/sequences"), results] };
}

const row = ({ id, name, kind, steps, status, updated_at }) => h(
    "tr", {},
    h("th", { scope: "row" }, h("a", { href: `#/sequences/${id}` }, name)),
    h("td", {}, words(kind)),
    h("td", { "data-label": "Steps" }, number(steps.length)),
    h("td", {}, badge(words(status), tone(status))),
    h("td", {}, ago(updated_at)));

/** One sequence: its steps, and where everybody is who is on their way through it, or why they left. */
export function sequence({ id, query, signal }) {
    const path = `/v1/sequences/${encodeURIComponent(id)}`;
    const heading = h("h1", {}, "Sequence"), buttons = h("div");
    let wanted = { status: query.status ?? "" }, steps = [];
    const record = pending(() => get(path, signal), (one) => {
        steps = one.steps;
        fill(heading, one.name);
        document.title = `${one.name} – Bureau`;
        fill(buttons, may("sequences:write") && switches(path, one, () => record.reload()));
        return drawSequence(one);
    }, { signal });
    const page = async (cursor) => {
        const asked = { ...wanted, limit: 25, cursor, total: cursor ? "" : "true" };
        const found = await get(withQuery(`${path}/enrollments`, asked), signal);
        return { ...found, data: await withNames(found.data, signal) };
    };
    const tell = teller();
    const enrolled = pending(() => page(), (first) => {
        const draw = (one) => enrollment(one, steps.length);
        if (!first.data.length) return quiet("Nobody is here.");
        const found = `${number(first.total)} ${first.total === 1 ? "person" : "people"}`;
        tell(found);
        const columns = ["Who", "State", "Done", "Next", "Why"];
        const list = table("Who is on their way", columns, first.data.map(draw), "stacked");
        return [quiet(found), list, paged(first, page, toTable(list, draw))];
    }, { signal });
    const later = liveUnless("enrollment.*,sequence.*", {
        isAtWork: () => isBeyond(enrolled), reload: enrolled.reload, onChange: record.reload,
        text: "Somebody has gone on, or come.", signal,
    });
    const options = [["", "Any"], ...["active", "paused", "finished", "exited"].map((one) => [one, words(one)])];
    return {
        title: "Sequence",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/sequences" }, "Sequences")),
            h("div", { class: "heading" }, heading, buttons), record,
            section("Who is on their way", {},
                filters({ label: "Who is on their way", address: `#/sequences/${id}`, wanted, signal, onChange(next) {
                    wanted = next;
                    tell.again();
                    later.clear();
                    enrolled.reload();
                } }, field("Show", "status", { control: "select", value: wanted.status, options })),
                later.place, enrolled),
        ],
    };
}

/** Enrolments know their lead by its id: the names of those that changed last are asked for at once. */
async function withNames(data, signal) {
    if (!data.length || !may("leads:read")) return data;
    const asked = { limit: 200, fields: "id,company,contact_name", sort: "-updated_at" };
    const { data: leads } = await get(withQuery("/v1/leads", asked), signal).catch(() => ({ data: [] }));
    const names = new Map(leads.map(({ id, company, contact_name }) => [id, [contact_name, company]]));
    return data.map((one) => ({ ...one, names: names.get(one.lead_id) }));
}

function switches(path, { status, name, version }, changed) {
    const place = h("div", { class: "notices" });
    const button = (label, verb, said) => doing(label, async () => {
        await call(`${path}/${verb}`, { method: "POST", headers: { "If-Match": `"${version}"` } });
        announce(`${name}: ${said}`);
        await changed();
    }, { place });
    if (status === "archived") return null;
    return h("div", {}, h("div", { class: "actions" }, status === "active"
        ? button("Pause it", "pause", "nobody gets anything, everybody keeps their place")
        : button("Go on", "resume", "it goes on where everybody was")), place);
}

function drawSequence({ status, kind, purpose, steps, exit_on, pause_on, revision }) {
    const step = ({ channel, delay, title, condition, weekdays, window }, index) => h(
        "li", {},
        h("strong", {}, channel === "task" ? title ?? "A task for a person" : "A mail"),
        h("span", { class: "evidence" },
            index === 0 && delay === "PT0S" ? "At once" : `${waiting(delay)} after the step before`,
            condition && ", if a condition holds",
            weekdays?.length > 0 && `, ${weekdays.map(words).join(", ")}`,
            window && `, ${window.from} to ${window.to} where they are`));
    const list = (codes) => codes.map((code) => words(code).toLowerCase()).join(", ");
    return section("What happens", {},
        h("p", { class: "badges" }, badge(words(status), tone(status)), badge(words(kind)), badge(words(purpose)),
            h("span", { class: "quiet" }, `Version ${number(revision)} of its steps`)),
        h("ol", {}, steps.map(step)),
        exit_on.length > 0 && quiet(`It ends for whoever: ${list(exit_on)}. `,
            pause_on.length > 0 && `It waits for a person on: ${list(pause_on)}.`));
}

/** "P3D" → "3 days"; what has more parts stays as it is written. */
function waiting(delay) {
    const found = /^P(?:(\d+)([DW])|T(\d+)([HMS]))$/.exec(delay);
    if (!found) return delay;
    const count = Number(found[1] ?? found[3]);
    const unit = { D: "day", W: "week", H: "hour", M: "minute", S: "second" }[found[2] ?? found[4]];
    return `${number(count)} ${unit}${count === 1 ? "" : "s"}`;
}

function enrollment(one, steps) {
    const { lead_id, names, status, position, next_at, next_channel, exit_reason, reason, conversation_id } = one;
    const [person, company] = names ?? [];
    const name = company ? [person, company].filter(Boolean).join(", ") : "A removed contact";
    return h(
        "tr", {},
        h("th", { scope: "row" },
            lead_id ? linkTo({ type: "lead", id: lead_id }, name) : name,
            conversation_id && may("conversations:read") && h("span", { class: "evidence" },
                linkTo({ type: "conversation", id: conversation_id }, "What was said"))),
        h("td", {}, badge(words(status), tone(status))),
        h("td", { "data-label": "Done" }, `${number(position)} of ${number(steps)}`),
        h("td", { class: "line", "data-label": "Next" }, status === "active" && next_at
            ? [next_channel === "task" ? "Task, " : "Mail, ", instantIn(next_at, tenant().time_zone)] : "–"),
        h("td", { class: "line dim", "data-label": "Why" },
            exit_reason && h("strong", {}, words(exit_reason), reason && ": "),
            reason ?? (exit_reason ? "" : one.why ?? "–")));
}
