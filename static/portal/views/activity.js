import { listPage, said, saving } from "../parts.js";
import { h } from "../../ui/dom.js";
import { words } from "../../ui/format.js";
import { ago } from "../../ui/when.js";
import { pair, t } from "../../ui/words.js";

const by = () => ({
    user: t("A person"), agent: t("An agent"), system: t("System"), api_key: t("An integration"),
});

/**
 * Shows the deeds of people and agents in the client's name, and why; the chain that shows it is whole can be kept.
 */
export const activity = ({ signal }) => listPage(t("Activity"), "/v1/portal/activity", {
    signal, none: t("No activity yet."),
    before: [
        h("p", {},
            t("Everything people and agents did on your behalf, and why. The entries are chained cryptographically, so any change would show.")),
        saving(t("Download audit trail"), "/v1/portal/activity/export", "activity.json"),
    ],
    item: ({ action, title, why, actor, created_at }) => {
        const who = by()[actor.type] ?? words(actor.type);
        return [
            h("div", { class: "row" }, h("h2", {}, words(action)), ago(created_at)),
            h("p", {}, title), h("div", { class: "quiet" }, said(why ? pair(who, why) : who)),
        ];
    },
});
