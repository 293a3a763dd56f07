import { call, may } from "../api.js";
import { doing, failure, fill, h } from "../dom.js";
import { activity } from "../records/record.js";
import { pagesOf } from "../records/pages.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { nextStep, scoring } from "./lead.js";

/** Leads, and what is special about one: the next step, the score with its reasons, and what agents can do now. */
export const { list, newRecord, record, editRecord } = pagesOf("leads", {
    record: {
        facts: ["status", "priority", "score", "next_action", "best_contact_at", "qualified_at", "closed_at"],
        lead: (lead) => nextStep(lead),
        actions: (lead, tools) => [runs(lead, tools), maker("proposals", "New proposal", { lead_id: lead.id })],
        panels: (lead, tools) => scoring(lead, tools.signal),
        tabs: (lead, { kind, signal }) => [{
            name: "activity", text: "Activity",
            draw: () => activity(`${kind.path}/${encodeURIComponent(lead.id)}/timeline`, signal),
        }],
    },
});

/** A button that makes a record of another kind, which begins with what is known here. */
export function maker(plural, label, given) {
    if (!may(`${plural}:write`)) return null;
    return h("button", { type: "button", onclick: async () => askNew(await kindOf(plural), { given }) }, label);
}

function runs(lead, { kind, reload }) {
    if (!may("agents:run")) return null;
    const notice = h("div", { class: "notices" });
    const path = `${kind.path}/${encodeURIComponent(lead.id)}`;
    const button = (label, verb) => doing(label, async () => {
        fill(notice, h("p", { class: "quiet", role: "status" }, "Running…"));
        const run = await (await call(`${path}/${verb}?wait=PT10S`, { method: "POST" })).json();
        fill(notice, outcome(run));
        await reload();
    }, { place: notice });
    return [button("Score now", "score"), button("Qualify now", "qualify"), notice];
}

function outcome({ status, error }) {
    if (status === "failed") return failure({ title: "The run failed.", detail: error?.detail });
    const text = status === "succeeded" ? "Done." : "Still running. Check back in a moment.";
    return h("p", { class: "quiet", role: "status" }, text);
}
