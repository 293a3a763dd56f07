import { get, may } from "../api.js";
import { h, pending, quiet, section } from "../../ui/dom.js";
import { lasting } from "../../ui/duration.js";
import { facts } from "../../ui/facts.js";
import { number } from "../../ui/format.js";
import { figure, table } from "../../ui/table.js";
import { t } from "../../ui/words.js";

/** Shows how often people were asked for in conversations, and how soon they came. */
export const handovers = (signal) => may("conversations:read") && section(t("Handovers"), {}, pending(
    () => get("/v1/handovers/figures", signal), (found) => (found.requested === 0
        ? quiet(t("Nobody has asked for a person yet.")) : [
            facts([
                [t("Asked for a person"), h("a", { href: "#/inbox?show=all" }, number(found.requested))],
                [t("Waiting now"), h("a", { href: "#/inbox?show=person" }, t("View conversations"))],
                [t("Answered"), number(found.answered)], [t("Answered after"), lasting(found.response_seconds)],
                [t("Given back to the agent"), number(found.released + found.reactivated)],
                [t("Closed without an answer"), number(found.closed)],
                [t("Offered a meeting"), number(found.booking_sent)],
            ]),
            found.answered > 0 && table(t("Answered within"), [t("Within"), figure(t("Answered"))],
                Object.entries(found.answered_within_minutes).map(([minutes, count]) => h("tr", {},
                    h("th", { scope: "row" }, lasting(Number(minutes) * 60)), h("td", { class: "figure" }, number(count))))),
        ]), { signal }));

/** Explains what each figure of support counts. */
export const definitions = () => h("details", { class: "fold" }, h("summary", {}, t("What these figures count")), facts([
    [t("Open"), t("Tickets that are neither resolved nor closed now.")],
    [t("Received"), t("Every ticket that was received, whichever way.")],
    [t("Answered"), t("Tickets with a first answer; a note or a confirmation of receipt is none.")],
    [t("Resolved"), t("Each time a ticket is resolved or closed; merging counts as neither.")],
    [t("Reopened"), t("Each time a ticket that was over is open again.")],
    [t("First response time"), t("From coming in to the first answer, on average; all hours count.")],
    [t("Resolution time"), t("From coming in to being over, on average; all hours count.")],
    [t("Satisfaction"), t("The average answer to satisfaction surveys, from 1 to 5.")],
    [t("SLA targets"), t("Targets met and missed; time that a ticket waits for its client does not count.")],
    [t("Auto-resolved"), t("Answered by customer service without a person, and what those who asked said to it.")],
]));
