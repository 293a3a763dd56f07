import { may } from "../api.js";
import { begun, finished } from "../first/open.js";
import { notices, profile, work } from "../first/person.js";
import { walk } from "../first/walk.js";
import { t } from "../../ui/words.js";

const steps = () => [
    [t("You"), t("What your colleagues see, and the language that you read."), profile],
    may("notifications:read") && [t("Notifications"), t("Say when something may reach you by email."), notices],
    [t("Your work"), t("This is where you find what you work with."), work],
].filter(Boolean);

/** The first steps of somebody who has joined an agency. */
export function begin(context) {
    begun();
    return walk(steps(), { ...context, address: "#/begin", label: t("First steps"), ended: finished });
}
