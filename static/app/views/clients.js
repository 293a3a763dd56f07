import { may } from "../api.js";
import { documents } from "../delivery/documents.js";
import { healthCard } from "../delivery/health.js";
import { history } from "../delivery/history.js";
import { metrics } from "../delivery/metrics.js";
import { outlookCard } from "../delivery/outlook.js";
import { askInvite, portalPeople } from "../delivery/portalpeople.js";
import { referrals } from "../delivery/referrals.js";
import { service } from "../delivery/service.js";
import { pagesOf } from "../records/pages.js";
import { paperMaker } from "../selling/dealpapers.js";
import { askStop } from "../selling/stops.js";
import { draftItem } from "../settings/stories.js";
import { duplicatesLink } from "../records/duplicates.js";
import { h } from "../../ui/dom.js";
import { t } from "../../ui/words.js";

/** Clients: the work, the papers, the people and how they fare. */
export const { list, newRecord, record, editRecord } = pagesOf("clients", {
    list: { actions: () => [
        may("opportunities:read") && h("a", { class: "button", href: "#/opportunities" }, t("Opportunities")),
        h("a", { class: "button", href: "#/insights/portfolio" }, t("Portfolio")), duplicatesLink("clients"),
    ] },
    record: {
        facts: ["health", "handover"],
        // The first ten stand in the row.
        order: ["projects", "tasks", "deliverables", "reports", "metrics", "invoices", "tickets", "people", "documents",
            "history", "goals", "opportunities", "campaigns", "content-items", "onboardings", "subscriptions",
            "credits", "referrals", "service", "case-studies"],
        without: ["messages", "service-incidents", "documents", "referrals"],
        actions: (client, tools) => [
            paperMaker("invoices", t("New invoice"), { client_id: client.id }, tools),
            paperMaker("reports", t("New report"), { client_id: client.id }, tools),
            paperMaker("projects", t("New project"), { client_id: client.id }, tools, "primary"),
        ],
        menu: (client, { reload }) => [
            may("invitations:write") && { text: t("Invite to the portal"), run: () => askInvite(client, reload) },
            draftItem(client, reload),
            may("brakes:write") && { text: t("Stop sending for this client"),
                run: () => askStop({ scope: "client", id: client.id, name: client.name }) },
        ],
        panels: (client, tools) => [healthCard(client, tools), outlookCard(client, tools)],
        tabs: (client, tools) => [
            may("metrics:read") && tab("metrics", t("Metrics"), () => metrics(client, tools)),
            may("referrals:read") && tab("referrals", t("Referrals"), () => referrals(client, tools)),
            may("users:read") && tab("people", t("Portal people"), () => portalPeople(client, tools)),
            tab("service", t("Service"), () => service(client, tools)),
            may("documents:read") && tab("documents", t("Documents"), () => documents(client, tools)),
            tab("history", t("Activity"), () => history(client, tools)),
        ].filter(Boolean),
    },
});

const tab = (name, text, draw) => ({ name, text, draw: () => h("div", {}, draw()) });
