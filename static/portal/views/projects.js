import { get, withQuery } from "../../app/api.js";
import { listPage, recordPage, said } from "../parts.js";
import { bar } from "../../ui/bar.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { facts } from "../../ui/facts.js";
import { percent } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

export const projects = ({ signal }) => listPage(t("Projects"), "/v1/portal/projects", {
    signal, none: t("No projects yet."),
    item: ({ id, name, status, progress, due_on }) => [
        h("h2", {}, h("a", { href: `#/projects/${id}` }, name)),
        h("p", { class: "badges" }, statusBadge(status),
            due_on && h("span", { class: "quiet" }, t("Due {day}", { day: day(due_on) }))),
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(progress / 100) })), bar(progress / 100),
    ],
});

export const project = ({ id, signal }) => recordPage(
    t("Project"), `/v1/portal/projects/${encodeURIComponent(id)}`, ["/projects", t("Projects")], {
        signal, name: ({ name }) => name,
        draw: (one) => [
            section(t("Details"), {},
                facts([
                    [t("Status"), statusBadge(one.status)], [t("Progress"), percent(one.progress / 100)],
                    [t("Start date"), day(one.starts_on)], [t("Due"), day(one.due_on)],
                ]),
                said(one.description)),
            one.milestones.length > 0 && section(t("Milestones"), {},
                h("ul", { class: "plain" }, one.milestones.map(drawMilestone))),
            section(t("Deliverables"), {},
                part(`/v1/portal/deliverables`, id, drawDeliverable, t("None yet."), signal)),
            section(t("Tasks"), {}, part(`/v1/portal/tasks`, id, drawTask, t("No shared tasks yet."), signal)),
        ],
    });

const part = (path, project_id, draw, none, signal) =>
    pending(() => get(withQuery(path, { project_id, limit: 100 }), signal), ({ data }) =>
        data.length ? h("ul", { class: "plain" },
            data.map((one) => h("li", { class: "row" }, draw(one)))) : quiet(none),
    { signal });

const drawMilestone = ({ name, due_on, done_at }) => h("li", { class: "row" },
    h("span", {}, name),
    h("span", { class: "quiet" },
        done_at ? t("Reached") : due_on ? t("By {day}", { day: day(due_on) }) : t("Upcoming")));

const drawDeliverable = ({ id, name, status }) =>
    [h("a", { href: `#/deliverables/${id}` }, name), statusBadge(status)];

const drawTask = ({ title, status, due_on }) => [
    h("span", {}, title),
    h("span", { class: "badges" }, due_on && h("span", { class: "quiet" }, day(due_on)), statusBadge(status)),
];
