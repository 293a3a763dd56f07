import { call, get, may, tenant, withQuery } from "../api.js";
import { announce, badge, doing, fill, h, pending, quiet, section, table, teller } from "../dom.js";
import { filters } from "../filters.js";
import { field } from "../forms.js";
import { instantIn, number, tone, within, words } from "../format.js";
import { isBeyond, paged, toTable } from "../paging.js";
import { linkTo } from "../places.js";
import { liveUnless } from "../stream.js";
import { listView } from "../records/list.js";

/** The sequences of messages that contacts are enrolled in. */
export const sequences = listView("sequences");
export const newSequence = (context) => sequences({ ...context, isNew: true });

/** One sequence: its steps, and where everyone enrolled is, or why they left. */
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
        if (!first.data.length) return quiet("No one is enrolled.");
        const found = `${number(first.total)} ${first.total === 1 ? "person" : "people"}`;
        tell(found);
        const columns = ["Contact", "Status", "Progress", "Next", "Reason"];
        const list = table("Enrolled", columns, first.data.map(draw), "stacked");
        return [quiet(found), list, paged(first, page, toTable(list, draw))];
    }, { signal });
    const later = liveUnless("enrollment.*,sequence.*", {
        isAtWork: () => isBeyond(enrolled), reload: enrolled.reload, onChange: record.reload,
        text: "Enrollments have changed.", signal,
    });
    const options = [["", "Any"], ...["active", "paused", "finished", "exited"].map((one) => [one, words(one)])];
    return {
        title: "Sequence",
        content: [
            h("p", { class: "links" }, h("a", { href: "#/sequences" }, "Sequences")),
            h("div", { class: "heading" }, heading, buttons), record,
            section("Enrolled", {},
                filters({ label: "Enrolled", address: `#/sequences/${id}`, wanted, signal, onChange(next) {
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
        ? button("Pause", "pause", "paused; everyone keeps their place")
        : button("Resume", "resume", "resumed; everyone continues where they were")), place);
}

function drawSequence({ status, kind, purpose, steps, exit_on, pause_on, revision }) {
    const step = ({ channel, delay, title, condition, weekdays, window }, index) => h(
        "li", {},
        h("strong", {}, channel === "task" ? title ?? "Task" : "Email"),
        h("span", { class: "evidence" },
            index === 0 && delay === "PT0S" ? "Immediately" : `${waiting(delay)} after the previous step`,
            condition && ", if a condition is met",
            weekdays?.length > 0 && `, ${weekdays.map(words).join(", ")}`,
            window && `, ${window.from} to ${window.to} recipient's time`));
    const list = (codes) => codes.map(within).join(", ");
    return section("Steps", {},
        h("p", { class: "badges" }, badge(words(status), tone(status)), badge(words(kind)), badge(words(purpose)),
            h("span", { class: "quiet" }, `Version ${number(revision)}`)),
        h("ol", {}, steps.map(step)),
        exit_on.length > 0 && quiet(`Ends on: ${list(exit_on)}. `,
            pause_on.length > 0 && `Pauses on: ${list(pause_on)}.`));
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
    const name = company ? [person, company].filter(Boolean).join(", ") : "Deleted contact";
    return h(
        "tr", {},
        h("th", { scope: "row" },
            lead_id ? linkTo({ type: "lead", id: lead_id }, name) : name,
            conversation_id && may("conversations:read") && h("span", { class: "evidence" },
                linkTo({ type: "conversation", id: conversation_id }, "View conversation"))),
        h("td", {}, badge(words(status), tone(status))),
        h("td", { "data-label": "Progress" }, `${number(position)} of ${number(steps)}`),
        h("td", { class: "line", "data-label": "Next" }, status === "active" && next_at
            ? [next_channel === "task" ? "Task, " : "Email, ", instantIn(next_at, tenant().time_zone)] : "–"),
        h("td", { class: "line dim", "data-label": "Reason" },
            exit_reason && h("strong", {}, words(exit_reason), reason && ": "),
            reason ?? (exit_reason ? "" : one.why ?? "–")));
}
