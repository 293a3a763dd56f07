import { get, may } from "../../app/api.js";
import { bar, h, pending, quiet, section } from "../../app/dom.js";
import { field, form } from "../../app/forms.js";
import { day, percent } from "../../app/format.js";
import { t } from "../../app/words.js";
import { send, state } from "../parts.js";

/* How a new client is taken in: what is done, what comes next, and what the client does itself. */

const path = "/v1/portal/onboarding";

const isTheirs = ({ owner, state }) => owner === "client" && state === "open";

/** For the first page, while there is something for the client to do; nothing otherwise. */
export const onboardingNotice = async (signal) => {
    const one = await get(path, signal).catch(() => null);
    return one?.steps.some(isTheirs) && section(t("Getting started"), {},
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(one.progress) })), bar(one.progress),
        h("p", { class: "actions" }, h("a", { class: "button", href: "#/onboarding" }, t("View"))));
};

export function onboarding({ signal }) {
    const place = pending(() => get(path, signal), (one) => [
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(one.progress) })), bar(one.progress),
        one.progress === 1 && quiet(t("All steps are done.")),
        h("ul", { class: "cards" }, one.steps.map((step) => h("li", {}, drawStep(step, place)))),
    ], { signal });
    return { title: t("Getting started"), content: [h("h1", {}, t("Getting started")), place] };
}

function drawStep(step, place) {
    const { key, title, due_on, done_at } = step, isOver = ["done", "skipped"].includes(step.state);
    return [
        h("h2", { dir: "auto" }, title),
        h("p", { class: "badges" }, isOver ? state("done") : step.state === "open" && state("open"),
            !done_at && due_on && h("span", { class: "quiet" }, t("Due {day}", { day: day(due_on) }))),
        isTheirs(step) && may("portal:write") && form({
            action: t("Mark as done"), isPrimary: false,
            async submit({ notes }) {
                await send(`${path}/steps/${encodeURIComponent(key)}/complete`, { answers: notes ? { notes } : {} });
                await place.reload();
            },
        }, field(t("What should we know?"), "notes", { control: "textarea", rows: 3, maxlength: 5000 })),
    ];
}
