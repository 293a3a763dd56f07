import { call, get, may, tenant, withQuery } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { named } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { h, pending, quiet, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { statusBadge } from "../../ui/status.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { instantIn } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";
import { wayOf } from "./sequence.js";

/** Puts a lead or contact on its way through a sequence. */
export function askEnroll({ lead_id, contact_id, sequence_id }, changed) {
    ask({
        title: t("Enroll in sequence"), action: t("Enroll"),
        fields: [
            !sequence_id && asked.record("sequence_id", t("Sequence"), "sequences", { required: true }),
            !lead_id && !contact_id && asked.record("lead_id", t("Lead"), "leads", { required: true }),
            asked.text("why", t("Reason"), { help: t("Colleagues see it beside the enrollment.") }),
        ],
        async run(values) {
            const { sequence_id: chosen = sequence_id, why, ...whom } = values;
            const path = `/v1/sequences/${encodeURIComponent(chosen)}/enrollments`;
            await operate(path, { body: { lead_id, contact_id, ...whom, why } });
            await changed?.();
        },
        said: t("Enrolled"),
    });
}

/** The sequences that somebody is in or has been through, with the way out. */
export function enrollments(query, { signal, follow }) {
    const load = () => get(withQuery("/v1/enrollments", { ...query, sort: "-created_at", limit: 50 }), signal);
    const place = pending(load, ({ data }) => (data.length === 0 ? quiet(t("Not enrolled in any sequence."))
        : table(t("Sequences"), [t("Sequence"), t("Status"), t("Next"), t("Reason"), ""],
            data.map((one) => row(one, place.reload)), "stacked")), { signal });
    follow(place.reload);
    return h("div", {},
        may("sequences:write") && h("p", { class: "actions" }, h("button", { type: "button", class: "small",
            onclick: () => askEnroll(query, place.reload) }, t("Enroll in sequence"))),
        place);
}

function row(one, reload) {
    return h("tr", {},
        h("th", { scope: "row" }, named("sequences", one.sequence_id, t("Deleted sequence"))),
        h("td", {}, statusBadge(one.status)),
        h("td", { "data-label": t("Next") }, nextOf(one)),
        h("td", { class: "line dim", "data-label": t("Reason") }, whyOf(one)),
        h("td", {}, may("sequences:write") && enrollmentMenu(one, reload)));
}

/** Tells what comes next for somebody enrolled, and when. */
export function nextOf({ status, next_at, next_channel }) {
    if (status !== "active" || !next_at) return "–";
    return pair(wayOf(next_channel), instantIn(next_at, tenant().time_zone));
}

export const whyOf = ({ exit_reason, reason, why }) =>
    (exit_reason ? [words(exit_reason), reason && `: ${reason}`] : reason ?? why ?? "–");

/** Pauses, resumes or ends one enrollment. */
export function enrollmentMenu(one, reload) {
    if (!["active", "paused"].includes(one.status)) return null;
    const path = `/v1/sequences/${encodeURIComponent(one.sequence_id)}/enrollments/${encodeURIComponent(one.id)}`;
    const run = (verb, said) => () => operate(`${path}/${verb}`, { version: one.version })
        .then(() => (toast(said), reload()), (problem) => alarm(pair(t("Not done"), whyNot(problem))));
    return menuButton(t("Change"), () => [
        one.status === "active" ? { text: t("Pause"), run: run("pause", t("Paused; the place is kept")) }
            : { text: t("Resume"), run: run("resume", t("Resumed")) },
        { text: t("End"), run: () => ask({
            title: t("End enrollment?"), action: t("End enrollment"), said: t("Enrollment ended"),
            text: t("What has not been sent yet is not sent."),
            run: () => operate(`${path}/exit`, { version: one.version }).then(reload),
        }) },
    ], { class: "small" });
}

/** Tasks that sequences have made for people: a call, a letter, a look at a profile. */
export function outreachTasks(query, { signal, follow }) {
    const load = () => get(withQuery("/v1/outreach-tasks", { ...query, limit: 50 }), signal);
    const place = pending(load, ({ data }) => (data.length === 0 ? quiet(t("No tasks.")) : h("ul", { class: "papers" },
        data.map((one) => taskLine(one, place.reload)))), { signal });
    follow?.(place.reload);
    return place;
}

function taskLine(one, reload) {
    const path = `/v1/outreach-tasks/${encodeURIComponent(one.id)}`;
    const end = (verb, action, said) => () => ask({
        title: action, action, said, fields: [asked.text("note", t("Note"))],
        run: ({ note }) => operate(`${path}/${verb}`, { version: one.version, body: { note } }).then(reload),
    });
    const move = () => ask({
        title: t("Move task"), action: t("Save"), said: t("Task moved"), values: one,
        fields: [asked.instant("due_at", t("Due")), asked.text("note", t("Note"))],
        run: (body) => call(path, { method: "PATCH", body, headers: { "If-Match": `"${one.version}"` } }).then(reload),
    });
    return h("li", {},
        h("p", { class: "badges" }, h("strong", { dir: "auto" }, one.title), statusBadge(one.status),
            one.lead_id && named("leads", one.lead_id)),
        one.text && h("p", { class: "said", dir: "auto" }, one.text),
        h("p", { class: "quiet" }, one.due_at ? t("Due {when}", { when: instantIn(one.due_at, tenant().time_zone) })
            : t("No due date"), one.note && ` · ${one.note}`),
        one.status === "open" && may("sequences:write") && h("div", { class: "actions" },
            h("button", { type: "button", class: "small", onclick: end("done", t("Mark as done"), t("Task done")) },
                t("Mark as done")),
            h("button", { type: "button", class: "small", onclick: move }, t("Move task")),
            h("button", { type: "button", class: "small", onclick: end("skip", t("Skip task"), t("Task skipped")) },
                t("Skip"))));
}
