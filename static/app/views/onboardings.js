import { ask, asked, operate } from "../records/ask.js";
import { pagesOf } from "../records/pages.js";
import { bar } from "../../ui/bar.js";
import { badge, h, section } from "../../ui/dom.js";
import { percent, words } from "../../ui/format.js";
import { day, dayOf } from "../../ui/when.js";
import { t } from "../../ui/words.js";

/** Onboardings: what a new client and the agency still have to do. */
export const { list, newRecord, record, editRecord } = pagesOf("onboardings", {
    record: {
        facts: ["steps", "progress"],
        lead: (one, tools) => section(t("Steps"), {},
            h("p", {}, t("{share} complete", { share: percent(one.progress) })), bar(one.progress),
            h("ul", { class: "plain" }, one.steps.map((step) => drawStep(one, step, tools)))),
    },
});

function drawStep({ id, version }, { key, title, owner, state, due_on, done_at, reason }, { kind, reload }) {
    const path = `/v1/onboardings/${encodeURIComponent(id)}/steps/${encodeURIComponent(key)}`;
    const run = (verb, body) => operate(`${path}/${verb}`, { version, body }).then(reload);
    const button = (label, onclick) => h("button", { type: "button", class: "small", onclick }, label);
    return h("li", { class: "row" },
        h("span", { dir: "auto" }, title, reason && h("span", { class: "quiet", dir: "auto" }, ` ${reason}`)),
        h("span", { class: "badges" },
            h("span", { class: "quiet" }, words(owner)),
            done_at ? h("span", { class: "quiet" }, dayOf(done_at)) : due_on && h("span", { class: "quiet" },
                t("Due {day}", { day: day(due_on) })),
            badge(words(state), state === "done" ? "good" : ""),
            kind.mayWrite && state === "open" && [
                button(t("Done"), () => ask({
                    title: t("Complete this step?"), action: t("Done"), said: t("Step completed"),
                    run: () => run("complete", {}),
                })),
                button(t("Skip"), () => ask({
                    title: t("Skip this step?"), action: t("Skip"), said: t("Step skipped"),
                    fields: [asked.text("reason", t("Reason"), { required: true })],
                    run: (body) => run("skip", body),
                })),
            ]));
}
