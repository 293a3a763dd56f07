import { call, get, may } from "../api.js";
import { controlForm } from "../controls/controls.js";
import { saidFieldsOf } from "../controls/describe.js";
import { linkTo } from "../places.js";
import { actor } from "../readable.js";
import { named } from "../records/naming.js";
import { alarm } from "../../ui/alarm.js";
import { confirm, dialog } from "../../ui/dialog.js";
import { badge, doing, fill, h, pending, quiet, section, whyNot } from "../../ui/dom.js";
import { number, percent, words } from "../../ui/format.js";
import { polite } from "../../ui/state.js";
import { table } from "../../ui/table.js";
import { toast } from "../../ui/toast.js";
import { ago } from "../../ui/when.js";
import { plural, t } from "../../ui/words.js";
import { differenceTable, said } from "./values.js";

/** The agent's own settings, from its declaration: changed, tried on what it has decided, and put to use. */
export function configTab(name, signal) {
    const path = `/v1/agents/${encodeURIComponent(name)}/config`;
    const tried = h("div");
    const place = pending(() => get(path, signal), (config) => {
        const fields = saidFieldsOf(config.schema).map((one) => withStandard(one, config));
        if (!fields.length) return quiet(t("This agent has no settings of its own."));
        const values = config.draft?.values ?? config.draft ?? config.values;
        const hasDraft = config.draft !== null;
        return [
            hasDraft && draftNotice(config, path, tried, place.reload),
            may("agents:configure") ? settingsForm({ path, fields, values, config, tried, reload: place.reload })
                : table(t("Settings"), [t("Setting"), t("Value")], Object.entries(values).map(([key, value]) =>
                    h("tr", {}, h("th", { scope: "row" }, words(key)), h("td", {}, said(value))))),
            tried,
        ];
    }, { signal });
    return [section(t("Settings"), { class: "narrow-form" }, place), versions(path, signal, () => place.reload())];
}

/** A help that also says what would be without a change. */
function withStandard(one, { defaults }) {
    const standard = defaults?.[one.name];
    if (standard === undefined || standard === null || typeof standard === "object") return one;
    const told = t("Standard: {value}.", { value: said(standard) });
    return { ...one, help: one.help ? `${one.help} ${told}` : told };
}

const settingsForm = ({ path, fields, values, tried, reload }) => controlForm({
    fields, values, action: t("Save and use"), isPrimary: false,
    async save({ changed }) {
        if (Object.keys(changed).length) await call(path, { method: "PATCH", body: changed });
        await call(`${path}/publish`, { method: "POST" });
        toast(t("Settings saved and in use"));
        fill(tried);
        await reload();
    },
    second: {
        action: t("Try on recent decisions"),
        async run({ changed }) {
            if (Object.keys(changed).length) await call(path, { method: "PATCH", body: changed });
            await reload();
            await trial(path, tried);
        },
    },
});

/** The draft that is kept but not used yet: its differences, and what can be done with it. */
function draftNotice(config, path, tried, reload) {
    const trouble = h("div"), draft = config.draft.values ?? config.draft;
    const publish = doing(t("Use these settings"), async () => {
        await call(`${path}/publish`, { method: "POST" });
        toast(t("Settings in use"));
        fill(tried);
        await reload();
    }, { place: trouble });
    const discard = doing(t("Discard draft"), async () => {
        await call(path, { method: "PATCH", body: config.values });
        await call(`${path}/publish`, { method: "POST" });
        toast(t("Draft discarded"));
        fill(tried);
        await reload();
    }, { place: trouble });
    return h("div", { class: "notice warn" }, h("p", {}, h("strong", {}, t("A draft is kept that is not in use yet."))),
        differenceTable(config.values, draft, [t("In use"), t("Draft")]), trouble,
        may("agents:configure") && h("div", { class: "actions" }, publish, discard));
}

/** Makes the agent's last decisions again with the draft, and lists which would come out otherwise. */
async function trial(path, place) {
    fill(place, quiet(t("Trying…")));
    const { tested, changed, differences } = await (await call(`${path}/test`, { method: "POST",
        body: { last: 100 } })).json();
    fill(place, h("div", { class: "notice", ...polite },
        h("p", {}, h("strong", {}, tested === 0 ? t("There are no decisions to try it on yet.")
            : plural(changed, "{count} of {tested} decisions would differ.",
                "{count} of {tested} decisions would differ.",
                { tested: number(tested) }))),
        tested > 0 && quiet(t("That is {share} of them. Nothing has been changed.",
            { share: percent(changed / tested) })),
        differences.length > 0 && table(t("What would differ"), [t("About"), t("Now"), t("With the draft")],
            differences.slice(0, 20).map(({ subject, before, after }) => h("tr", {}, h("th", { scope: "row" },
                subject.type === "lead" ? named("leads", subject.id) : linkTo(subject)),
            h("td", { "data-label": t("Now") }, outcome(before, after)),
            h("td", { "data-label": t("With the draft") }, outcome(after, before)))), "stacked")));
}

/** Of an outcome, what is otherwise than in the other. */
const outcome = (one, other) => Object.entries(one ?? {})
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(other?.[key]) && !/_code$|_at$/.test(key))
    .map(([key, value]) => `${words(key)}: ${said(value)}`).join(", ") || "–";

function versions(path, signal, reload) {
    const place = pending(() => get(`${path}/versions?limit=50`, signal), ({ data }) => {
        const now = data.find(({ current }) => current);
        return table(t("Versions"), [t("Version"), t("By"), t("When"), ""], data.map((one) => h("tr", {},
            h("th", { scope: "row" }, t("Version {number}", { number: number(one.version) }), one.current
                && [" ", badge(t("In use"), "good")], one.state === "draft" && [" ", badge(t("Draft"), "warn")]),
            h("td", { "data-label": t("By") }, one.created_by.type === "user" ? named("users", one.created_by.id,
                actor(one.created_by)) : actor(one.created_by)),
            h("td", {}, one.created_at ? ago(one.created_at) : t("From the start")),
            h("td", {}, !one.current && now && h("div", { class: "actions" },
                h("button", { type: "button", class: "small", onclick: () => compare(one, now) }, t("Compare")),
                may("agents:configure") && one.state !== "draft" && h("button", { type: "button", class: "small",
                    onclick: () => rollBack(one, now) }, t("Go back to it")))))), "stacked");
    }, { signal });
    const compare = (one, now) => dialog({ title: t("Version {number}", { number: number(one.version) }), wide: true,
        content: () => differenceTable(one.values, now.values, [t("Then"), t("Now")]) });
    async function rollBack(one, now) {
        const isMeant = await confirm({ title: t("Go back to version {number}?", { number: number(one.version) }),
            action: t("Go back to it"),
            text: t("Version {number} becomes a former one, to which you can come back.",
                { number: number(now.version) }) });
        if (!isMeant) return;
        await call(`${path}/rollback`, { method: "POST", body: { version: one.version } })
            .then(() => toast(t("Version {number} is in use again", { number: number(one.version) })),
                (problem) => alarm(whyNot(problem)));
        await Promise.all([place.reload(), reload()]);
    }
    return section(t("Versions"), {}, place);
}
