import { get, may, withQuery } from "../api.js";
import { named } from "../records/naming.js";
import { badge, h, pending, quiet, section } from "../../ui/dom.js";
import { counted, number, percent, within, words } from "../../ui/format.js";
import { plural, t } from "../../ui/words.js";
import { conditionInWords, leadQuestions } from "./leadquestion.js";
import { previewFold } from "./preview.js";

/** The steps of a sequence with what has come of each. */
export function drawSteps(sequence, signal) {
    const { steps, exit_on, pause_on, kind, purpose, revision } = sequence;
    const list = (codes) => codes.map(within).join(", ");
    const place = pending(() => figures(sequence, signal), (found) => h("ol", { class: "step-list" },
        steps.map((step, index) => h("li", {}, drawStep(step, index, found)))), { signal });
    return section(t("Steps"), {},
        h("p", { class: "badges" }, badge(words(kind)), badge(words(purpose)),
            h("span", { class: "quiet" }, t("Version {number}", { number: number(revision) }))),
        place,
        exit_on.length > 0 && quiet(t("Ends on: {reasons}.", { reasons: list(exit_on) })),
        pause_on.length > 0 && quiet(t("Pauses on: {reasons}.", { reasons: list(pause_on) })));
}

/** Reads what the templates have brought, and how many wait for each step. */
async function figures({ id, steps }, signal) {
    const templates = [...new Set(steps.map(({ template_id }) => template_id).filter(Boolean))];
    const asks = withQuery(`/v1/sequences/${encodeURIComponent(id)}/enrollments`, { status: "active", limit: 200 });
    const asksFacts = steps.some(({ condition }) => condition?.field), nothing = { fields: [], custom: [] };
    const [enrolled, questions, ...read] = await Promise.all([
        get(asks, signal).catch(() => ({ data: [] })), asksFacts ? leadQuestions().catch(() => nothing) : nothing,
        ...templates.map((one) => (may("templates:read")
            ? get(`/v1/templates/${encodeURIComponent(one)}`, signal).catch(() => null) : null)),
    ]);
    return {
        questions, waiting: (step) => enrolled.data.filter(({ next_step }) => next_step === step).length,
        isWhole: !enrolled.has_more,
        of: (template) => read.find((one) => one?.id === template)?.figures,
    };
}

function drawStep(step, index, { questions, waiting, isWhole, of }) {
    const { id, channel, delay, title, template_id, condition, weekdays, window, variants } = step;
    const count = waiting(id), found = template_id && of(template_id);
    return [
        h("p", { class: "badges" },
            h("strong", {}, channel === "task" ? h("span", { dir: "auto" }, plain(title) ?? t("Task"))
                : template_id ? named("templates", template_id, wayOf(channel)) : wayOf(channel)),
            badge(wayOf(channel))),
        h("p", { class: "quiet" }, [
            index === 0 && isNow(delay) ? t("At once") : t("{time} after the step before", { time: delayText(delay) }),
            conditionInWords(condition, questions), weekdays?.length > 0 && weekdays.map(words).join(", "),
            window && t("{from} to {to} where they are", window),
        ].filter(Boolean).map((part, at) => [at > 0 && " · ", part])),
        variants?.length > 0 && h("p", { class: "quiet" }, t("Variants:"), " ",
            variants.map((one, at) => [at > 0 && ", ", named("templates", one.template_id)])),
        h("p", { class: "quiet" }, [
            found && plural(found.sent, "{count} sent", "{count} sent"),
            found && found.sent > 0 && t("{share} replied", { share: percent(found.replied / found.sent) }),
            found && found.won > 0 && plural(found.won, "{count} won", "{count} won"),
            count > 0 && (isWhole ? plural(count, "{count} is at this step", "{count} are at this step")
                : t("{count} or more are at this step", { count: number(count) })),
        ].filter(Boolean).join(" · ")),
        channel !== "task" && template_id && may("templates:read") && previewFold(() => template_id),
    ];
}

/** Names the way in which a step reaches people. */
export const wayOf = (channel) =>
    ({ email: t("Email"), task: t("Task"), preferred: words("preferred_channel") })[channel] ?? words(channel);

/** "Call {{ lead.contact_name | default: … }}" → "Call [contact name]". */
const plain = (text) => text?.replaceAll(/\{\{\s*[\w.]*?(\w+)\b[^}]*\}\}/g, (_, name) => `[${within(name)}]`);

const isNow = (delay) => /^PT?0[SMHDW]$/.test(delay);

/** "P3D" → "3 days"; what has more parts stays as it is written. */
function delayText(delay) {
    const found = /^P(?:(\d+)([DW])|T(\d+)([HMS]))$/.exec(delay);
    if (!found) return delay;
    const unit = { D: "day", W: "week", H: "hour", M: "minute", S: "second" }[found[2] ?? found[4]];
    return counted(Number(found[1] ?? found[3]), unit);
}
