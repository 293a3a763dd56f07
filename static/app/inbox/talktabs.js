import { may } from "../api.js";
import { h } from "../../ui/dom.js";
import { current, spokenAs } from "../../ui/state.js";
import { t } from "../../ui/words.js";

/** The pages about what is written to people. */
export function talkTabs(here) {
    const to = (address, text, permission) => may(permission)
        && h("a", { href: `#${address}`, ...current(address === here) }, text);
    return h("nav", { class: "tabs", ...spokenAs(t("Conversations")) },
        to("/inbox", t("Conversations"), "conversations:read"), to("/outbox", t("Outbox"), "messages:read"),
        to("/sequences", t("Sequences"), "sequences:read"));
}
