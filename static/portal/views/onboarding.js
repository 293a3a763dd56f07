import { get, may } from "../../app/api.js";
import { likes } from "../../app/likes.js";
import { kept, post, upload } from "../parts.js";
import { isTheirs, onboardingPath } from "../gettingstarted.js";
import { bar } from "../../ui/bar.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { form } from "../../ui/form.js";
import { percent, words } from "../../ui/format.js";
import { statusBadge } from "../../ui/status.js";
import { day } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/* The onboarding of a new client: what is done, what comes next, and what the client does itself. */

export function onboarding({ signal }) {
    const place = pending(() => get(onboardingPath, signal), (one) => [
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(one.progress) })), bar(one.progress),
        one.progress === 1 && quiet(t("All steps are done.")),
        h("ul", { class: "cards" }, one.steps.map((step) => h("li", {}, drawStep(step, place)))),
    ], { signal });
    return { title: t("Getting started"), content: [h("h1", {}, t("Getting started")), place] };
}

function drawStep(step, place) {
    const { key, title, due_on, done_at, fields = [] } = step, asked = fields.map(control), draft = `step ${key}`;
    const isOver = ["done", "skipped"].includes(step.state);
    return [
        h("h2", { dir: "auto" }, title),
        h("p", { class: "badges" }, isOver ? statusBadge("done") : step.state === "open" && statusBadge("open"),
            !done_at && due_on && h("span", { class: "quiet" }, t("Due {day}", { day: day(due_on) }))),
        isTheirs(step) && may("portal:write") && kept(draft, form({
            action: t("Mark as done"), isPrimary: false,
            async submit({ notes }) {
                const given = await answersOf(fields, asked);
                await post(`${onboardingPath}/steps/${encodeURIComponent(key)}/complete`,
                    { answers: { ...given, ...(notes && { notes }) } }, draft);
                await place.reload();
                // The keyboard is at the next step, which may lie below the screen.
                document.activeElement?.scrollIntoView({ block: "nearest" });
            },
        }, asked, field(t("What should we know?"), "notes", { control: "textarea", rows: 3, maxlength: 5000 }))),
    ];
}

/** The control for what a step asks for. */
function control({ name, label, kind, many, choices, least, most }) {
    if (kind === "choice") {
        const known = new Map(likes().find((like) => like.name === name)?.options);
        const options = choices.map((code) => [code, known.get(code) ?? words(code)]);
        if (!many) return field(label, name, { control: "select", options: [["", t("No preference")], ...options] });
        return h("fieldset", {}, h("legend", { dir: "auto" }, label), options.map(([code, text]) =>
            h("div", { class: "choice" }, h("input", { type: "checkbox", id: `${name}-${code}`, value: code }),
                h("label", { for: `${name}-${code}` }, text))));
    }
    if (kind === "file") return field(label, name, { type: "file", multiple: many, hint: t("Up to 25 MB.") });
    if (many) return field(label, name, { control: "textarea", rows: 4 });
    if (kind === "number") return field(label, name, { type: "number", step: "any", min: least, max: most });
    return field(label, name, { type: kind === "date" ? "date" : "text", maxlength: 5000 });
}

/** Reads the answers as the API takes them; files are given to the agency first. */
async function answersOf(fields, asked) {
    const given = {};
    for (const [index, { name, kind, many }] of fields.entries()) {
        if (kind === "choice" && many) {
            const chosen = [...asked[index].querySelectorAll(":checked")].map(({ value }) => value);
            if (chosen.length) given[name] = chosen;
            continue;
        }
        const { value, files } = asked[index].querySelector("[name]");
        if (kind === "file") {
            const ids = [];
            for (const file of files) ids.push(await upload(file));
            if (ids.length) given[name] = many ? ids : ids[0];
        } else if (value.trim()) {
            const lines = () => value.split("\n").map((line) => line.trim()).filter(Boolean);
            given[name] = kind === "number" ? Number(value) : many ? lines() : value.trim();
        }
    }
    return given;
}
