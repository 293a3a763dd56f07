import { call, may, withQuery } from "../api.js";
import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { drawSteps } from "../selling/sequence.js";
import { askEnroll, outreachTasks } from "../selling/enroll.js";
import { countries } from "../selling/countries.js";
import { enrolled } from "../selling/enrolled.js";
import { askExperiment, mayTry } from "../selling/experiments.js";
import { askMigration } from "../selling/migration.js";
import { h } from "../../ui/dom.js";
import { current, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** Sequences: steps that write to people until they answer, and where everyone is. */
export const { list, newRecord, record, editRecord } = pagesOf("sequences", {
    list: { actions: () => may("sequences:read")
        && h("a", { class: "button", href: "#/outreach-tasks" }, t("Tasks from sequences")) },
    record: {
        facts: ["steps", "exit_on", "pause_on", "revision", "purpose", "kind"], order: ["enrolled", "countries", "experiments"],
        isFixed: ({ status }) => status === "archived",
        actions: (sequence, tools) => actions(sequence, tools),
        menu: (sequence, tools) => menu(sequence, tools),
        panels(sequence, { signal, follow }) {
            const place = h("div", {}, drawSteps(sequence, signal));
            follow((next) => place.replaceChildren(drawSteps(next, signal)));
            return place;
        },
        tabs: (sequence, tools) => [
            { name: "enrolled", text: t("Enrolled"), draw: () => enrolled(sequence, tools) },
            may("contacts:read") && { name: "countries", text: t("Countries"),
                draw: () => countries(sequence, tools) },
        ].filter(Boolean),
    },
});

const pathOf = ({ id }) => `/v1/sequences/${encodeURIComponent(id)}`;

function actions(sequence, { kind, reload }) {
    if (!kind.mayWrite || sequence.status === "archived") return null;
    const run = (verb) => () => operate(`${pathOf(sequence)}/${verb}`, { version: sequence.version }).then(reload);
    return [
        sequence.status === "active" ? h("button", { type: "button", onclick: () => ask({
            title: t("Pause sequence?"), action: t("Pause"), said: t("Paused; everyone keeps their place"),
            text: t("Nobody gets anything until you resume it."), run: run("pause"),
        }) }, t("Pause")) : h("button", { type: "button", onclick: () => ask({
            title: t("Resume sequence?"), action: t("Resume"), said: t("Resumed"),
            text: t("Everyone goes on from where they were."), run: run("resume"),
        }) }, t("Resume")),
        h("button", { type: "button", class: "primary",
            onclick: () => askEnroll({ sequence_id: sequence.id }, reload) }, t("Enroll")),
    ];
}

function menu(sequence, { kind, reload }) {
    if (!kind.mayWrite || sequence.status === "archived") return [];
    return [
        { text: t("Enroll matching leads"), run: () => askMatching(sequence, reload) },
        mayTry() && { text: t("New experiment"), run: () => askExperiment(sequence, reload) },
        sequence.revision > 1 && { text: t("Move people to this version"), run: () => askMigration(sequence, reload) },
        { text: t("Archive"), run: () => ask({
            title: t("Archive sequence?"), action: t("Archive"), isGrave: true, said: t("Sequence archived"),
            text: t("All its enrollments end, and nobody can be enrolled any more."),
            run: () => operate(`${pathOf(sequence)}/archive`, { version: sequence.version }).then(reload),
        }) },
    ];
}

function askMatching(sequence, changed) {
    ask({
        title: t("Enroll matching leads"), action: t("Enroll"), values: { status: "qualified", limit: 100 },
        text: t("Leads that must not be written to, or are in it already, are left out."),
        fields: [
            asked.choice("status", t("Status"), ["new", "researched", "scored", "qualified", "contacted", "engaged"]),
            asked.choice("priority", t("Priority"), ["high", "medium", "low"]),
            asked.country("country", t("Country")),
            asked.text("tags", t("Tag")), asked.number("limit", t("At most"), { required: true }),
        ],
        async run({ limit, ...chosen }) {
            const filter = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value));
            await call(`${pathOf(sequence)}/enroll-matching`, { method: "POST", body: { filter, limit } });
            setTimeout(changed, 1500);
        },
        said: t("Enrollment started"),
    });
}

/** The tasks that sequences give to people. */
export function tasks({ query, signal }) {
    const status = query.status ?? "open";
    const link = (code, text) => h("a", { href: withQuery("#/outreach-tasks", { status: code === "open" ? "" : code }),
        ...current(code === status) }, text);
    return {
        title: t("Tasks from sequences"),
        content: [
            h("p", { class: "links" }, h("a", { href: "#/sequences" }, t("Sequences"))),
            h("h1", {}, t("Tasks from sequences")),
            h("nav", { class: "tabs", ...spokenAs(t("Status")) }, link("open", t("Open")), link("done", t("Done")),
                link("skipped", t("Skipped"))),
            h("section", spokenAs(t("Tasks")), outreachTasks({ status, sort: "due_at" }, { signal })),
        ],
    };
}
