import { t } from "../../ui/words.js";

/* Names the subject of an approval: a message, a paper that is sent, a concession, a step of a workflow, or a tool's
   call. */

export function kindOf({ preview, owner }) {
    if (typeof preview?.text === "string" && ("to" in preview || "recipient" in preview)) return "message";
    if (["proposal", "contract"].includes(preview?.document)) return "paper";
    if (Array.isArray(preview?.beyond)) return "concession";
    return owner.type === "workflow" ? "workflow" : "call";
}

/** The groups of a list, in their order: [kind, title]. */
export const groups = () => [
    ["message", t("Messages to people")], ["paper", t("Proposals and contracts")], ["concession", t("Concessions")],
    ["workflow", t("Steps of workflows")], ["call", t("Other actions")],
];
