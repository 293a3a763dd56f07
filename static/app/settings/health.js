import { call, get } from "../api.js";
import { confirm } from "../../ui/dialog.js";
import { badge, doing, h, pending, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { number, words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { size } from "../../ui/upload.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";
import { checkList, verdict } from "./checks.js";
import { maintenance } from "./maintenance.js";

/**
 * Shows the health of the installation: faults and what to do, each of its processes, and what its queues have to do.
 */
export function health({ signal }) {
    const place = pending(() => get("/v1/admin/health", signal), draw, { signal }), trouble = h("div");
    return [
        h("div", { class: "actions lead" }, doing(t("Check again"), () => place.reload(), { place: trouble })),
        trouble, place, section(t("Queues of all agencies"), {}, queues(signal)),
        section(t("Maintenance of the database"), {}, maintenance(signal)),
    ];
}

const draw = ({ status, version, nodes, jobs, backups, checks }) => [
    section(t("Installation"), {},
        h("p", { class: "badges" }, verdict(status)), checkList(checks), facts([
            [t("Version"), version],
            [t("Jobs waiting"), number(jobs.waiting)], [t("Jobs running"), number(jobs.running)],
            [t("Jobs for later"), number(jobs.scheduled)],
            [t("Oldest waits since"), jobs.oldest_at && ago(jobs.oldest_at)],
            [t("Last backup"), backups.newest_at && ago(backups.newest_at)],
        ])),
    nodes.map((node) => section(t("Process on {host}", { host: node.host }), {},
        h("p", { class: "badges" }, verdict(node.status)), facts([
            [t("Running for"), lasting((new Date(node.seen_at) - new Date(node.started_at)) / 1000)],
            [t("Version"), node.version], [t("Does"), roles[node.role]?.()],
            [t("Database"), node.database.engine], [t("Database size"), size(node.database.bytes)],
            [t("Writes waiting"), number(node.database.waiting_writes)],
            [t("Free room"), node.disk && t("{free} of {total}",
                { free: size(node.disk.free_bytes), total: size(node.disk.total_bytes) })],
            nodes.length > 1 && [t("Last heard of"), ago(node.seen_at)],
        ].filter(Boolean)),
        h("details", { class: "fold", open: node.status !== "ok" },
            h("summary", {}, plural(node.checks.length, "{count} check", "{count} checks")), checkList(node.checks)))),
];

const roles = {
    all: () => t("Requests and jobs"), api: () => t("Requests only"), worker: () => t("Jobs only"),
};

function queues(signal) {
    const trouble = h("div");
    const place = pending(() => get("/v1/admin/queues", signal), ({ data }) => [trouble, table(t("Queues"),
        [t("Queue"), t("Waiting"), t("Running"), t("Slots"), ""], data.map((one) => h("tr", {},
            h("th", { scope: "row" }, words(one.name), one.paused && [" ", badge(t("Paused"), "warn")]),
            h("td", { "data-label": t("Waiting") }, number(one.depth)),
            h("td", { "data-label": t("Running") }, number(one.running)),
            h("td", { "data-label": t("Slots") }, number(one.slots)),
            h("td", {}, switcher(one, trouble, () => place.reload())))), "stacked")], { signal });
    return place;
}

function switcher({ name, paused }, place, reload) {
    const label = paused ? t("Resume") : t("Pause");
    return doing(label, async () => {
        const isMeant = paused || await confirm({ title: t("Pause {queue}?", { queue: words(name) }),
            action: t("Pause"),
            text: t("For all agencies nothing else of this queue begins until you resume it.") });
        if (!isMeant) return;
        await call(`/v1/admin/queues/${encodeURIComponent(name)}/${paused ? "resume" : "pause"}`, { method: "POST" });
        toast(paused ? t("Queue resumed") : t("Queue paused"));
        await reload();
    }, { place, class: "small", ...spokenAs(`${label}: ${words(name)}`) });
}
