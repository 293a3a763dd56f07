import { get, withQuery } from "../../app/api.js";
import { bar, facts, h, pending, quiet, section } from "../../app/dom.js";
import { day } from "../../app/format.js";
import { listPage, recordPage, said, state } from "../parts.js";

export const projects = ({ signal }) => listPage("Projects", "/v1/portal/projects", {
    signal, none: "There is no project yet.",
    item: ({ id, name, status, progress, due_on }) => [
        h("h2", {}, h("a", { href: `#/projects/${id}` }, name)),
        h("p", { class: "badges" }, state(status), due_on && h("span", { class: "quiet" }, `Due ${day(due_on)}`)),
        h("p", { class: "quiet" }, `${progress} % done`), bar(progress / 100),
    ],
});

export const project = ({ id, signal }) => recordPage(
    "Project", `/v1/portal/projects/${encodeURIComponent(id)}`, ["/projects", "Projects"], {
        signal, name: ({ name }) => name,
        draw: (one) => [
            section("How it stands", {},
                facts([
                    ["Status", state(one.status)], ["Done", `${one.progress} %`],
                    ["Begins", day(one.starts_on)], ["Due", day(one.due_on)],
                ]),
                said(one.description)),
            one.milestones.length > 0 && section("Milestones", {}, h("ul", { class: "plain" }, one.milestones.map(drawMilestone))),
            section("Deliverables", {}, part(`/v1/portal/deliverables`, id, drawDeliverable, "None yet.", signal)),
            section("Tasks", {}, part(`/v1/portal/tasks`, id, drawTask, "None that we share yet.", signal)),
        ],
    });

const part = (path, project_id, draw, none, signal) =>
    pending(() => get(withQuery(path, { project_id, limit: 100 }), signal), ({ data }) =>
        data.length ? h("ul", { class: "plain" }, data.map((one) => h("li", { class: "row" }, draw(one)))) : quiet(none),
    { signal });

const drawMilestone = ({ name, due_on, done_at }) => h("li", { class: "row" },
    h("span", {}, name), h("span", { class: "quiet" }, done_at ? "Reached" : due_on ? `By ${day(due_on)}` : "To come"));

const drawDeliverable = ({ id, name, status }) =>
    [h("a", { href: `#/deliverables/${id}` }, name), state(status)];

const drawTask = ({ title, status, due_on }) => [
    h("span", {}, title),
    h("span", { class: "badges" }, due_on && h("span", { class: "quiet" }, day(due_on)), state(status)),
];
