import { linkTo } from "./places.js";
import { told } from "./sentences.js";
import { drawLine } from "./values.js";
import { h, quiet } from "../ui/dom.js";
import { percent, words } from "../ui/format.js";
import { timeline } from "../ui/timeline.js";
import { t } from "../ui/words.js";

/** An outcome that is told in words is shown in them; any other by its fields. */
const drawOutcome = (outcome) => (outcome.detail
    ? [outcome.step && `${words(outcome.step)}: `, told(outcome.detail)] : drawLine(outcome));

/**
 * The maker of a decision. One that is made at once, as something comes in, has no run of its own: its "run" is named
 * after its occasion.
 */
const maker = (agent, run) => (run.includes("/") ? { type: "agent", id: agent } : { type: "agent_run", id: run });

/** Draws the agents' decisions, newest first. */
export function drawDecisions({ data }) {
    if (!data.length) return quiet(t("No agent decisions yet."));
    const line = ({ agent, run_id, outcome, override, confidence, created_at }) => ({
        what: [linkTo(maker(agent, run_id), words(agent)), " ", h("span", { class: "quiet" },
            override ? t("overridden by a person") : t("{percent} confidence", { percent: percent(confidence) }))],
        of: drawOutcome(override?.outcome ?? outcome), at: created_at,
    });
    return timeline(data.map(line));
}
