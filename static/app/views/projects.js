import { call } from "../api.js";
import { projectLog } from "../delivery/projectlog.js";
import { taskBoard } from "../delivery/taskboard.js";
import { pagesOf } from "../records/pages.js";
import { paperMaker } from "../selling/dealpapers.js";
import { alarm } from "../../ui/alarm.js";
import { bar } from "../../ui/bar.js";
import { badge, h, section, whyNot } from "../../ui/dom.js";
import { number, percent } from "../../ui/format.js";
import { day } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

/** Projects: how far the work is, its tasks on a board, its milestones and what is delivered. */
export const { list, newRecord, record, editRecord } = pagesOf("projects", {
    record: {
        isWide: true, facts: ["milestones", "tasks", "tasks_done", "tasks_blocked", "progress"],
        without: ["tasks"], order: ["deliverables", "documents"],
        lead: (project, tools) => [progress(project), milestones(project, tools)],
        actions: (project, tools) =>
            paperMaker("deliverables", t("New deliverable"), { project_id: project.id }, tools),
        panels: (project, tools) => [
            section(t("Tasks"), {},
                taskBoard({ project_id: project.id }, { ...tools, follow: null, changed: tools.reload })),
            projectLog(project, tools),
        ],
    },
});

function progress({ progress: done, tasks, tasks_done, tasks_blocked, due_on }) {
    return section(t("Progress"), {},
        h("p", { class: "verdict" }, h("strong", { class: "big" }, percent(done / 100)),
            h("span", {}, t("{done} of {all} tasks done", { done: number(tasks_done), all: number(tasks) })),
            tasks_blocked > 0 && badge(t("Blocked: {count}", { count: number(tasks_blocked) }), "bad"),
            due_on && h("span", { class: "quiet" }, t("Due {day}", { day: day(due_on) }))),
        bar(done / 100));
}

function milestones({ id, version, milestones: all }, { kind, reload }) {
    if (!all.length) return null;
    const tick = (at) => async (event) => {
        const done_at = event.target.checked ? new Date().toISOString() : null;
        const next = all.map((one, index) => (index === at ? { ...one, done_at } : one));
        try {
            await call(`/v1/projects/${encodeURIComponent(id)}`, {
                method: "PATCH", body: { milestones: next }, headers: { "If-Match": `"${version}"` },
            });
        } catch (problem) {
            event.target.checked = !event.target.checked;
            alarm(pair(t("Not saved"), whyNot(problem)));
        }
        await reload();
    };
    const line = ({ name, due_on, done_at }, index) => h("li", {}, h("label", { class: "tick" },
        h("input", { type: "checkbox", checked: Boolean(done_at), disabled: !kind.mayWrite, onchange: tick(index) }),
        h("span", { dir: "auto" }, name), due_on && h("span", { class: "quiet" }, day(due_on))));
    return section(t("Milestones"), {}, h("ul", { class: "plain" }, all.map(line)));
}
