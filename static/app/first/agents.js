import { call, get, may } from "../api.js";
import { purposeOf, titleOf } from "../titles.js";
import { h, pending, quiet } from "../../ui/dom.js";
import { field } from "../../ui/field.js";
import { t } from "../../ui/words.js";
import { stepForm } from "./parts.js";

const ways = () => [
    ["disabled", t("Off")], ["observe", t("Observe only")], ["approve", t("Needs approval")],
    ["autopilot", t("Automatic")],
];
const outside = ["writes_first", "spends", "answers"];
const wayOf = ({ state, autonomy }) => (state === "active" || state === "handover" ? autonomy : "disabled");

/** Asks how far each agent may go; those that write to people first, the others folded. */
export function agents(step) {
    return pending(() => get("/v1/agents?limit=200", step.signal), ({ data }) => {
        const there = data.filter(({ reason }) => reason === null);
        const reaching = there.filter(({ initiative }) => outside.includes(initiative));
        const inner = there.filter((one) => !reaching.includes(one));
        return stepForm("agents", { ...step, save: (chosen) => save(there, chosen) },
            quiet(t("Needs approval: an agent prepares what it would do, and you say yes or no.")),
            reaching.map(choice), inner.length > 0 && h("details", { class: "fold" },
                h("summary", {}, t("Agents that work inside the agency")), inner.map(choice)));
    }, { signal: step.signal });
}

const choice = (agent) => field(titleOf(agent), agent.name, {
    control: "select", options: ways(), value: wayOf(agent), hint: purposeOf(agent),
});

async function save(there, chosen) {
    if (!may("agents:configure")) return;
    for (const agent of there) {
        const way = chosen[agent.name];
        if (way === wayOf(agent)) continue;
        const body = way === "disabled" ? { state: "disabled" } : { state: "active", autonomy: way };
        await call(`/v1/agents/${agent.name}`, { method: "PATCH", body });
    }
}
