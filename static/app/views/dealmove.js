import { call } from "../api.js";
import { announce, doing, failure, fill, h } from "../dom.js";
import { field, form } from "../forms.js";
import { within, words } from "../format.js";
import { openStages } from "../stages.js";

/** Moves a deal, unless somebody has changed it since it was read. */
export async function moveDeal(deal, stage, more = {}) {
    const path = `/v1/deals/${encodeURIComponent(deal.id)}`;
    await call(path, { method: "PATCH", body: { stage, ...more }, headers: { "If-Match": `"${deal.version}"` } });
    announce(`${deal.name} moved to ${within(stage)}`);
}

/** Where a deal can go: won is final, and what was lost can be opened again. */
function goals({ stage }) {
    if (stage === "won") return [];
    return (stage === "lost" ? openStages : [...openStages, "won", "lost"]).filter((one) => one !== stage);
}

/** "Move to…": a button that opens the stages, and asks what a stage has to know. `moved` is told afterwards. */
export function mover(deal, moved) {
    if (!goals(deal).length) return null;
    const place = h("div", { class: "notices" }), panel = h("div");
    const element = h("div", { class: "mover", onkeydown(event) {
        if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") close();
    } });
    const close = () => {
        fill(panel);
        fill(place);
        button.setAttribute("aria-expanded", "false");
        button.focus();
    };
    const onProblem = (problem) => problem.status === 412 && failure(
        { title: "The deal was not moved.", detail: "Someone else has changed it." }, moved, "Load latest");
    const go = async (stage, more) => {
        await moveDeal(deal, stage, more);
        close();
        await moved();
    };
    const show = (...opened) => {
        fill(place);
        fill(panel, opened);
        panel.querySelector("button, textarea")?.focus();
    };
    const leave = () => h("button", { type: "button", class: "small", onclick: close }, "Cancel");

    const choices = () => goals(deal).map((stage) => {
        const ask = { won: askWon, lost: askLost }[stage];
        if (!ask) return doing(words(stage), () => go(stage), { place, onProblem, class: "small" });
        return h("button", { type: "button", class: "small", onclick: () => show(ask()) }, `${words(stage)}…`);
    });
    const askWon = () => [
        h("p", { class: "quiet" }, "A won deal cannot be moved again."),
        h("div", { class: "actions" },
            doing("Mark as won", () => go("won"), { place, onProblem, class: "small primary" }), leave()),
    ];
    const askLost = () => {
        const reason = field("Lost reason", "lost_reason", { control: "textarea", rows: 2, required: true });
        const asked = form({ action: "Mark as lost", submit: lose, onProblem: showLate }, reason);
        asked.querySelector(".actions").append(leave());
        return asked;
    };
    async function lose({ lost_reason }) {
        const reason = lost_reason.trim();
        if (reason) return go("lost", { lost_reason: reason });
        throw { errors: [{ pointer: "/lost_reason", detail: "Enter a reason." }] };
    }
    const showLate = (problem, notice) => {
        const late = onProblem(problem);
        if (late) fill(notice, late);
        return late !== false;
    };

    const button = h("button", { type: "button", class: "small", "aria-expanded": "false", onclick() {
        if (button.getAttribute("aria-expanded") === "true") return close();
        button.setAttribute("aria-expanded", "true");
        show(h("div", { class: "choices", role: "group", "aria-label": `Stages for ${deal.name}` }, choices()));
    } }, "Move to…", h("span", { class: "unseen" }, ` ${deal.name}`));
    return fill(element, button, panel, place);
}
