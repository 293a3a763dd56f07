import { t } from "../ui/words.js";

/** Sales: from a lead to a signed contract. */
export default {
    entries: () => [
        { group: "Sales", label: t("Leads"), path: "/leads", permission: "leads:read" },
        { group: "Sales", label: t("Deals"), path: "/deals", permission: "deals:read" },
        { group: "Sales", label: t("Contacts"), path: "/contacts", permission: "contacts:read" },
        { group: "Sales", label: t("Companies"), path: "/companies", permission: "companies:read" },
        { group: "Sales", label: t("Proposals"), path: "/proposals", permission: "proposals:read" },
        { group: "Sales", label: t("Contracts"), path: "/contracts", permission: "contracts:read" },
        { group: "Sales", label: t("Sequences"), path: "/sequences", permission: "sequences:read" },
    ],
    kinds: {
        leads: () => import("../app/views/leads.js"), deals: () => import("../app/views/deals.js"),
        proposals: () => import("../app/views/proposals.js"), contracts: () => import("../app/views/contracts.js"),
        sequences: () => import("../app/views/sequences.js"), experiments: () => import("../app/views/experiments.js"),
        searches: () => import("../app/views/searches.js"), contacts: () => import("../app/views/contacts.js"),
        companies: () => import("../app/views/companies.js"),
    },
    views: {
        "/leads/duplicates": () => import("../app/views/leads.js").then(({ duplicates }) => duplicates),
        "/contacts/duplicates": () => import("../app/views/duplicates.js")
            .then(({ duplicatesOf }) => duplicatesOf("contacts")),
        "/companies/duplicates": () => import("../app/views/duplicates.js")
            .then(({ duplicatesOf }) => duplicatesOf("companies")),
        "/lead-sources": () => import("../app/views/leadsources.js").then(({ leadSources }) => leadSources),
        "/lead-sources/{name}": () => import("../app/views/leadsources.js").then(({ leadSource }) => leadSource),
        "/insights/sales": () => import("../app/views/sales.js").then(({ sales }) => sales),
        "/outreach-tasks": () => import("../app/views/sequences.js").then(({ tasks }) => tasks),
    },
    places: {
        lead: "/leads", deal: "/deals", contact: "/contacts", company: "/companies", proposal: "/proposals",
        contract: "/contracts", sequence: "/sequences", experiment: "/experiments", search: "/searches",
    },
    record: {
        lead: () => import("../app/records/emailstatus.js"), contact: () => import("../app/records/contactparts.js"),
    },
    searches: ["sequences"],
    palette: () => [
        { text: t("New lead"), path: "/leads/new", permission: "leads:write", makes: true },
        { text: t("New deal"), path: "/deals/new", permission: "deals:write", makes: true },
        { text: t("New contact"), path: "/contacts/new", permission: "contacts:write", makes: true },
        { text: t("New company"), path: "/companies/new", permission: "companies:write", makes: true },
        { text: t("New proposal"), path: "/proposals/new", permission: "proposals:write", makes: true },
        { text: t("New sequence"), path: "/sequences/new", permission: "sequences:write", makes: true },
        { text: t("New search"), path: "/searches/new", permission: "searches:write", makes: true },
    ],
    today: () => [
        { waits: (signal) => import("../app/today/selling.js").then(({ waits }) => waits(signal)) },
    ],
};
