import { call, get, may } from "../api.js";
import { doing, failure, fill, h, quiet, whyNot } from "../../ui/dom.js";
import { polite, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** Runs an agent on a lead and waits a little for what becomes of it. */
export function runner(label, path, reload, notice, attributes = {}) {
    return doing(label, async () => {
        fill(notice, h("p", { class: "quiet", ...polite }, t("Running…")));
        const run = await (await call(`${path}?wait=PT10S`, { method: "POST" })).json();
        fill(notice, outcome(run));
        await reload();
    }, { place: notice, ...attributes });
}

function outcome({ status, error }) {
    if (status === "failed") return failure({ title: t("The run failed."), detail: error && whyNot(error) });
    const text = status === "succeeded" ? t("Done.") : t("Still running. Check back in a moment.");
    return h("p", { class: "quiet", ...polite }, text);
}

let asked = null;

/** Offers to find out about a lead: only where an agent for it is at work. */
export function research(lead, { reload, signal }) {
    if (!may("agents:run") || !may("agents:read")) return null;
    const place = h("div");
    asked ??= get("/v1/agents/prospect_research").then(({ state }) => state === "active", () => false);
    asked.then((isThere) => {
        if (!isThere || signal.aborted) return;
        const notice = h("div", { class: "notices" }), path = `/v1/leads/${encodeURIComponent(lead.id)}`;
        fill(place, h("section", spokenAs(t("Research")),
            quiet(t("Look the company up, and fill in what is missing from sources you have allowed.")),
            h("div", { class: "actions" },
                runner(t("Research lead"), `${path}/research`, reload, notice, { class: "small" }),
                runner(t("Fill in details"), `${path}/enrich`, reload, notice, { class: "small" })),
            notice));
    });
    return place;
}
