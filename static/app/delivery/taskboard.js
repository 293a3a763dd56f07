import { call, get, may, withQuery } from "../api.js";
import { colleague, colleagues } from "../colleagues.js";
import { named } from "../records/naming.js";
import { nothingOnBoard } from "../records/nothing.js";
import { live } from "../stream.js";
import { alarm } from "../../ui/alarm.js";
import { board, focusCard, putCard } from "../../ui/board.js";
import { badge, h, pending, quiet, whyNot } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { words } from "../../ui/format.js";
import { menuButton } from "../../ui/menu.js";
import { openIn, titled } from "../../ui/state.js";
import { tone } from "../../ui/status.js";
import { toast } from "../../ui/toast.js";
import { day } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

const states = ["todo", "doing", "blocked", "done"];
const cardsMax = 200;

/** Tasks by their state: added in a line, carried, moved by menu, assigned. `narrow` says whose: {project_id}. */
export function taskBoard(narrow, { signal, follow, changed = () => {} }) {
    const asks = withQuery("/v1/tasks", { ...narrow, sort: "-created_at", limit: cardsMax });
    const load = async () => {
        const found = await get(asks, signal);
        // A project's own board has a line above it for the first task.
        const isEmpty = found.data.length === 0 && !narrow.project_id;
        return { ...found, nothing: await nothingOnBoard("tasks", { isEmpty, signal }) };
    };
    const place = pending(load, ({ data, has_more, nothing }) => nothing ?? [
        draw(data, { narrow, moved, assigned }),
        has_more && quiet(t("Showing the newest {count} tasks.", { count: cardsMax })),
    ], { signal });
    const after = async (id) => {
        await Promise.all([place.reload(), changed()]);
        focusCard(place, id);
    };
    const set = (task, body, said) => call(`/v1/tasks/${encodeURIComponent(task.id)}`, {
        method: "PATCH", body, headers: { "If-Match": `"${task.version}"` },
    }).then(() => toast(said), (problem) => alarm(pair(t("Not saved"), problem.status === 412
        ? t("someone else has changed this task.") : whyNot(problem)))).then(() => after(task.id));
    const moved = (task, status) => {
        putCard(task.id, status);
        return set(task, { status }, t("{name} moved to {state}", { name: task.title, state: words(status) }));
    };
    const assigned = (task, who) => set(task, { assignee_id: who?.id ?? null },
        who ? t("Assigned to {name}", { name: who.name }) : t("Nobody is assigned"));
    follow?.(place.reload);
    const isAtWork = () => openIn(place) || place.querySelector(".carried, input:focus")
        || document.querySelector("dialog[open], [role=menu]:not([hidden])");
    live("task.*", () => isAtWork() || place.reload(), signal);
    return h("div", {}, narrow.project_id && may("tasks:write") && quickAdd(narrow, place, changed), place);
}

function draw(tasks, { narrow, moved, assigned }) {
    const mayWrite = may("tasks:write");
    const item = (task) => ({
        id: task.id, name: task.title, column: task.status, task,
        element: card(task, { isAlone: Boolean(narrow.project_id), mayWrite, moved, assigned }),
    });
    const column = (name) => ({
        name, title: words(name), items: tasks.filter(({ status }) => status === name).map(item),
    });
    return board(t("Tasks by state"), states.map(column), {
        move: mayWrite ? ({ task }, status) => moved(task, status) : null,
    });
}

function card(task, { isAlone, mayWrite, moved, assigned }) {
    const { id, title, priority, due_on, assignee_id, status, project_id } = task;
    const isLate = due_on && status !== "done" && due_on < new Date().toLocaleDateString("en-CA");
    const who = h("span", {});
    if (assignee_id) colleague(assignee_id).then((name) => who.append(name));
    return h("article", { class: "deal", ...titled(`task-${id}`) },
        h("h3", { id: `task-${id}` },
            h("a", { href: `#/tasks/${encodeURIComponent(id)}`, draggable: "false", dir: "auto" }, title)),
        !isAlone && h("p", { class: "quiet" }, named("projects", project_id)),
        h("p", { class: "badges" },
            priority !== "normal" && badge(words(priority), tone(priority === "urgent" ? "critical" : priority)),
            due_on && badge(t("Due {day}", { day: day(due_on) }), isLate ? "bad" : ""), who),
        mayWrite && h("div", { class: "actions" }, mover(task, moved), assigner(task, assigned)));
}

const unseen = (text) => h("span", { class: "unseen" }, ` ${text}`);

const mover = (task, moved) => menuButton([t("Move"), unseen(task.title)], () => states
    .filter((state) => state !== task.status)
    .map((state) => ({ text: words(state), run: () => moved(task, state) })), { class: "small", "data-key": "m" });

/** The menu is filled with colleagues, who are asked for with the board. */
function assigner(task, assigned) {
    let people = [];
    colleagues().then((found) => (people = found));
    return menuButton([t("Assign"), unseen(task.title)], () => [
        ...people.filter(({ id }) => id !== task.assignee_id)
            .map((who) => ({ text: who.name, run: () => assigned(task, who) })),
        task.assignee_id && { text: t("Nobody"), run: () => assigned(task, null) },
    ], { class: "small", "data-key": "a" });
}

function quickAdd(narrow, place, changed) {
    const box = field(t("New task"), "title", { required: true, maxlength: 300, autocomplete: "off" });
    const input = box.querySelector("input");
    return form({ action: t("Add task"), class: "form quick-add", isPrimary: false, async submit({ title }) {
        const said = title.trim();
        if (!said) throw { errors: [{ pointer: "/title", detail: t("Say what is to be done.") }] };
        await call("/v1/tasks", { method: "POST", body: { ...narrow, title: said } });
        input.value = "";
        await Promise.all([place.reload(), changed()]);
        input.focus();
    } }, box);
}
