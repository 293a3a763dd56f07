import { call, get, may } from "../api.js";
import { colleagues, isMe, teams } from "../colleagues.js";
import { named } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { badge, h, section, whyNot } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { field } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { t } from "../../ui/words.js";
import { slaFacts } from "./sla.js";
import { askResolve, isOver, of } from "./verbs.js";

const statuses = ["new", "open", "waiting_on_client", "on_hold", "resolved", "closed"];
const priorities = ["low", "normal", "high", "urgent"];

/** Shows a ticket's fields; status, priority, people and incident are changed in place. */
export async function ticketFields(ticket, { changed, mayWrite }) {
    const [people, groups, incidents] = await Promise.all([colleagues(), teams(),
        may("service_incidents:read") ? get("/v1/service-incidents?status=open&limit=100").then(({ data }) => data)
            : []]);
    const save = async (body, path = of(ticket), method = "PATCH") => {
        try {
            // One field alone: what somebody else has changed meanwhile stays as they have it.
            await call(path, { method, body });
            toast(t("Ticket saved"));
        } catch (problem) {
            alarm(t("Not saved. {why}", { why: whyNot(problem) }));
        }
        await changed();
    };
    const select = (label, name, options, value, run) => {
        const element = field(label, name, { control: "select", options, value: value ?? "" });
        element.querySelector("select").addEventListener("change", ({ target }) => run(target.value || null));
        return element;
    };
    const category = () => {
        const element = field(t("Category"), "category", { value: ticket.category ?? "", maxlength: 60 });
        element.querySelector("input").addEventListener("change", ({ target }) =>
            save({ category: target.value.trim() || null }));
        return element;
    };
    const codes = (list) => list.map((code) => [code, words(code)]);
    const among = (list, id, other) => [["", other], ...list.map((one) => [one.id, one.name ?? one.title]),
        ...(id && !list.some((one) => one.id === id) ? [[id, t("Someone else")]] : [])];
    // A resolution is said with it: how it was resolved.
    const setStatus = (status) => (status === "resolved" && !isOver(ticket)
        ? (askResolve(ticket, changed), changed()) : save({ status }));
    const assign = (user_id, team_id = ticket.team_id) => save({ user_id, team_id }, `${of(ticket)}/assign`, "POST");
    const controls = mayWrite ? [
        select(t("Status"), "status", codes(statuses), ticket.status, setStatus),
        select(t("Priority"), "priority", codes(priorities), ticket.priority, (priority) => save({ priority })),
        category(),
        people.length > 0 && select(t("Assignee"), "assignee",
            among(people, ticket.assignee_id, t("Unassigned")), ticket.assignee_id, (id) => assign(id)),
        groups.length > 0 && select(t("Team"), "team", among(groups, ticket.team_id, t("No team")), ticket.team_id,
            (team_id) => (team_id ? assign(ticket.assignee_id, team_id) : save({ team_id }))),
        (incidents.length > 0 || ticket.incident_id) && select(t("Incident"), "incident",
            among(incidents, ticket.incident_id, t("No incident")), ticket.incident_id, (id) =>
                save({ incident_id: id })),
    ] : null;
    const isMine = ticket.assignee_id && isMe({ id: ticket.assignee_id });
    return [
        section(t("SLA targets"), {}, slaFacts(ticket)),
        section(t("Details"), { class: "ticket-fields" },
            mayWrite && !isMine && h("p", {}, h("button", { type: "button", class: "small",
                onclick: () => assign(people.find(isMe)?.id ?? null) }, t("Assign to me"))),
            controls ? h("div", { class: "ticket-controls" }, controls)
                : facts([[t("Status"), words(ticket.status)],
                [t("Priority"), ticket.priority && words(ticket.priority)],
                [t("Assignee"), ticket.assignee_id && named("users", ticket.assignee_id, t("A colleague"))]]),
            facts([
                [t("Category"), !mayWrite && ticket.category && words(ticket.category)],
                [t("Received"), [ago(ticket.created_at), " ", h("span", { class: "quiet" },
                    t("by {channel}", { channel: words(ticket.source) }))]],
                [t("Tone"), ticket.sentiment && words(ticket.sentiment)],
                [t("Reopened"), ticket.reopened > 0 && String(ticket.reopened)],
                [t("Followed up"), ticket.follow_up_at && ago(ticket.follow_up_at)],
                [t("Resolution"), ticket.resolution],
                [t("Tags"), ticket.tags.length > 0 && h("span", { class: "badges" },
                    ticket.tags.map((tag) => badge(tag)))],
                ...Object.entries(ticket.fields ?? {}).map(([name, value]) => [words(name), String(value)]),
            ])),
        ticket.escalation && section(t("Escalated"), {}, h("p", {}, ticket.escalation.reason),
            facts([[t("Since"), ago(ticket.escalation.at)], [t("Level"), String(ticket.escalation.level)],
                [t("Reminders"), ticket.escalation.reminders > 0 && String(ticket.escalation.reminders)]])),
    ];
}
