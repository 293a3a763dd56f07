import { get } from "../app/api.js";
import { bar } from "../ui/bar.js";
import { h, section } from "../ui/dom.js";
import { percent } from "../ui/format.js";
import { t } from "../ui/words.js";

/* The onboarding of a new client, as other pages know it. */

export const onboardingPath = "/v1/portal/onboarding";

/** Whether it is the client who does a step next. */
export const isTheirs = ({ owner, state }) => owner === "client" && state === "open";

/** For the first page, while there is something for the client to do; nothing otherwise. */
export const onboardingNotice = async (signal) => {
    const one = await get(onboardingPath, signal).catch(() => null);
    return one?.steps.some(isTheirs) && section(t("Getting started"), {},
        h("p", { class: "quiet" }, t("{share} complete", { share: percent(one.progress) })), bar(one.progress),
        h("p", { class: "actions" }, h("a", { class: "button", href: "#/onboarding" }, t("View"))));
};
