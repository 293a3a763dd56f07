import { lasting } from "../../ui/duration.js";
import { number, percent, words } from "../../ui/format.js";
import { t } from "../../ui/words.js";

const measures = () => ({
    first_response_seconds: [t("First response time"), lasting], resolution_seconds: [t("Resolution time"), lasting],
    reopened_rate: [t("Reopened"), percent], satisfaction: [t("Satisfaction"), (value) =>
        t("{score} of 5", { score: number(value) })],
    findings: [t("Findings per reply"), number], helped: [t("Helpful answers"), percent],
});

/** Returns the name of a measure of support. */
export const measureName = (code) => measures()[code]?.[0] ?? words(code);

/** Its value as people read it; "–" where too little is known. */
export const measured = (code, value) => (value === null || value === undefined ? "–"
    : (measures()[code]?.[1] ?? number)(value));
