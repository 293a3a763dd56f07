import { may } from "../api.js";
import { engagement } from "../records/engagement.js";
import { activity } from "../records/record.js";
import { pagesOf } from "../records/pages.js";
import { askNew } from "../records/edit.js";
import { kindOf } from "../records/meta.js";
import { sheetsMenu } from "../records/sheets.js";
import { askEnroll, enrollments, outreachTasks } from "../selling/enroll.js";
import { askMerge, duplicates as duplicateLeads } from "../selling/merge.js";
import { research, runner } from "../selling/research.js";
import { nextStep, scoring } from "../selling/leadstep.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

export const duplicates = duplicateLeads;

/** Leads, and what is special about one: the next step, the score with its reasons, and what agents can do now. */
export const { list, newRecord, record, editRecord } = pagesOf("leads", {
    list: {
        actions: () => [
            may("leads:write") && h("a", { class: "button", href: "#/leads/duplicates" }, t("Duplicates")),
            sheetsMenu(() => Object.fromEntries(new URLSearchParams(location.hash.split("?")[1]))),
        ],
    },
    record: {
        facts: ["status", "priority", "score", "next_action", "best_contact_at", "qualified_at", "closed_at"],
        lead: (lead) => nextStep(lead),
        actions: (lead, tools) => [
            runs(lead, tools),
            maker("proposals", t("New proposal"), { lead_id: lead.id }, tools),
            maker("deals", t("New deal"), { lead_id: lead.id, name: lead.company }, tools, "primary"),
        ],
        menu: (lead, { reload }) => [
            may("sequences:write")
                && { text: t("Enroll in sequence"), run: () => askEnroll({ lead_id: lead.id }, reload) },
            may("leads:write") && { text: t("Merge with another lead"), run: () => askMerge(lead, reload) },
        ],
        panels: (lead, tools) => [
            scoring(lead, tools),
            lead.contact_id && may("contacts:read") && engagement(lead.contact_id, tools), research(lead, tools),
        ],
        tabs: (lead, tools) => [
            { name: "activity", text: t("Activity"), draw: () => timeline(lead, tools) },
            may("sequences:read") && { name: "sequences", text: t("Sequences"),
                draw: () => enrollments({ lead_id: lead.id }, tools) },
            may("sequences:read") && { name: "tasks", text: t("Tasks"),
                draw: () => outreachTasks({ lead_id: lead.id }, tools) },
        ].filter(Boolean),
    },
});

function timeline({ id }, { kind, signal, follow }) {
    const place = activity(`${kind.path}/${encodeURIComponent(id)}/timeline`, kind.plural, signal);
    follow(place.reload);
    return place;
}

/** A button that makes a record of another kind, which begins with what is known here. */
function maker(plural, label, given, { reload }, className) {
    if (!may(`${plural}:write`)) return null;
    const run = async () => askNew(await kindOf(plural), { given, onSaved: reload });
    return h("button", { type: "button", class: className, onclick: run }, label);
}

function runs(lead, { kind, reload }) {
    if (!may("agents:run")) return null;
    const notice = h("div", { class: "notices" });
    const path = `${kind.path}/${encodeURIComponent(lead.id)}`;
    return [
        runner(t("Score now"), `${path}/score`, reload, notice),
        runner(t("Qualify now"), `${path}/qualify`, reload, notice), notice,
    ];
}
