import { call, may } from "../api.js";
import { nameOf } from "../agents/decisions.js";
import { drawValue } from "../values.js";
import { alarm } from "../../ui/alarm.js";
import { dialog } from "../../ui/dialog.js";
import { badge, doing, h, quiet, whyNot } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { spokenAs } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { plural, t } from "../../ui/words.js";
import { whatToDo } from "./whattodo.js";

/** Open issues by rule, each with what can be done; changes are previewed, applied together, and taken back. */
export function drawRemedies(issues, tools) {
    if (!issues.length) return quiet(t("No open issues: every record meets the rules."));
    const groups = new Map();
    for (const issue of issues) groups.set(issue.rule, [...groups.get(issue.rule) ?? [], issue]);
    const order = [...groups.values()].sort((one, other) => urgency(one) - urgency(other) || other.length - one.length);
    return order.map((group) => drawGroup(group, tools));
}

const urgency = ([{ severity }]) => (severity === "immediate" ? 0 : 1);
const isChange = ({ remedy }) => remedy.action === "set" || remedy.action === "clear";

function drawGroup(group, tools) {
    const [{ rule, severity, remedy, field, subject }] = group, place = h("div", { class: "notices" });
    const canMend = group.some(isChange) && may("quality:write");
    return h("article", { class: "card" },
        h("p", { class: "badges" }, badge(words(severity), severity === "immediate" ? "bad" : ""),
            badge(plural(group.length, "{count} record", "{count} records"))),
        h("h3", { dir: "auto" }, words(rule)),
        h("p", {}, h("strong", {}, t("What to do:")), " ", whatToDo(group[0])),
        h("p", { class: "links quiet" }, h("a", { href: `#/quality-issues?status=open&rule=${rule}` },
            t("Show all")), group.length === 1 && nameOf(subject), h("span", {}, words(field))),
        canMend && h("div", { class: "actions" }, doing(t("Preview the changes"), () => preview(rule, tools),
            { place, ...spokenAs(t("Preview the changes: {rule}", { rule: words(rule) })) })), place);
}

async function preview(rule, tools) {
    const answer = await call("/v1/quality-issues/fix", { method: "POST", body: { rule, dry_run: true } });
    const { changes } = await answer.json();
    const place = h("div", { class: "notices" });
    const row = ({ subject, field, before, after }) => h("tr", {},
        h("th", { scope: "row" }, nameOf(subject)), h("td", { "data-label": t("Field") }, words(field)),
        h("td", { dir: "auto", "data-label": t("Before") }, drawValue(before)),
        h("td", { dir: "auto", "data-label": t("After") }, drawValue(after)));
    dialog({
        title: t("Changes of {rule}", { rule: words(rule) }), wide: true,
        content: (close) => [
            changes.length === 0 && quiet(t("The records have changed meanwhile: nothing is left to be done.")),
            changes.length > 0 && table(t("Changes"), [t("Record"), t("Field"), t("Before"), t("After")],
                changes.slice(0, 100).map(row), "stacked"),
            place,
            h("div", { class: "actions" }, changes.length > 0 && doing(t("Apply the changes"), async () => {
                const fix = await call("/v1/quality-issues/fix", { method: "POST", body: { rule } });
                const { change_set_id: set } = await fix.json();
                close();
                toast(t("The changes are applied"), set && { text: t("Undo"), run: () => undo(set, tools) });
                await tools.reload();
            }, { place, class: "primary" })),
        ],
    });
}

async function undo(set, { reloadLater }) {
    try {
        await call(`/v1/change-sets/${encodeURIComponent(set)}/undo`, { method: "POST" });
        toast(t("The changes are taken back"));
        await reloadLater();
    } catch (problem) {
        alarm(whyNot(problem));
    }
}
