import { term } from "../../ui/words.js";
import { campaignKinds } from "./campaignkinds.js";
import { contentKinds } from "./contentkinds.js";
import { marketKinds } from "./marketkinds.js";
import { networkKinds } from "./networkkinds.js";
import { qualityKinds } from "./qualitykinds.js";
import { settingKinds } from "./settingkinds.js";
import { sourceKinds } from "./sourcekinds.js";
import { successKinds } from "./successkinds.js";
import { supportKinds } from "./supportkinds.js";
import { syncKinds } from "./synckinds.js";

/*
 * How people call what the API declares, until GET /v1/meta/resources says it itself: what it says wins, and columns it
 * says alone. By the last part of a list's path: what one is called, the list's title, its address, the field that names
 * a record, the fields that a form shows first, the filters, and where nothing is, what such records are and where to
 * begin. A title that does not count them has `many` beside it.
 */
export const kinds = {
    leads: {
        singular: term("lead"), title: term("Leads"), name: "company",
        form: [
            "company", "contact_name", "contact_title", "email", "phone", "website", "status", "source", "tags",
            "notes",
        ],
        filters: ["status", "priority"], imports: true, exports: true,
        empty: term("Leads are companies that may become clients. Import a list, or make the first one by hand."),
        sorts: ["score", "created_at"],
    },
    deals: {
        singular: term("deal"), title: term("Deals"), name: "name",
        form: ["name", "lead_id", "value", "stage", "expected_close", "package_id", "owner_id", "notes"],
        filters: ["stage"], imports: true, exports: true, guarded: ["stage"],
        // The columns by which a file names records of other kinds.
        named: {
            lead_email: term("Email of the lead"), contact_email: term("Email of the contact"),
            package: term("Name of the package"), owner_email: term("Email of the owner"),
        },
        empty: term("A deal is a sale on its way. Agents make one from a qualified lead; you can make one here."),
    },
    contacts: {
        singular: term("contact"), title: term("Contacts"), name: "name",
        form: ["name", "email", "phone", "title", "company_id", "tags", "notes"], filters: ["do_not_contact"],
        imports: true, exports: true,
        empty: term("Contacts are the people you talk to: of leads, clients and companies."),
    },
    companies: {
        singular: term("company"), title: term("Companies"), name: "name",
        form: ["name", "website", "industry", "location", "country", "tags", "notes"],
        empty: term("Companies are made with leads and contacts, or here."),
    },
    proposals: {
        singular: term("proposal"), title: term("Proposals"), name: "title",
        form: ["lead_id", "package_id", "title", "introduction", "valid_until"], filters: ["status"], sendable: true,
        empty: term("A proposal says what you would do for a lead, and what it costs."),
    },
    contracts: {
        singular: term("contract"), title: term("Contracts"), name: "title",
        form: ["proposal_id", "title", "starts_on", "months", "notes"], filters: ["status"], sendable: true,
        empty: term("A contract is made from an accepted proposal."), first: [term("View proposals"), "#/proposals"],
    },
    clients: {
        singular: term("client"), title: term("Clients"), name: "name",
        form: ["name", "tier", "status", "contact_email", "contact_id", "package_id", "notes"],
        filters: ["status", "tier"], imports: true, exports: true,
        empty: term("A client is made when a deal is won, or here."),
    },
    projects: {
        singular: term("project"), title: term("Projects"), name: "name",
        form: ["name", "client_id", "description", "status", "starts_on", "due_on"], filters: ["status"],
        empty: term("A project is work for a client, with tasks and what is delivered."),
    },
    tasks: {
        singular: term("task"), title: term("Tasks"), name: "title",
        form: ["title", "project_id", "assignee_id", "priority", "status", "due_on", "description"],
        filters: ["status", "priority"],
        empty: term("Tasks belong to a project; begin with one."), first: [term("View projects"), "#/projects"],
    },
    deliverables: {
        singular: term("deliverable"), title: term("Deliverables"), name: "name",
        form: ["name", "project_id", "description", "text"], filters: ["status"],
        empty: term("What is delivered to a client, checked and approved."),
    },
    reports: {
        singular: term("report"), title: term("Reports"), name: "title",
        form: ["client_id", "kind", "audience", "title", "summary", "period_start", "period_end"],
        filters: ["status", "kind", "audience"], sendable: true,
        empty: term("A report tells a client what was done and what came of it."),
    },
    invoices: {
        singular: term("invoice"), title: term("Invoices"), name: "number",
        form: ["client_id", "items", "due_on", "notes"], filters: ["status"], sendable: true,
        empty: term("An invoice asks a client for money. It is a draft until you send it."),
    },
    payments: {
        singular: term("payment"), title: term("Payments"), name: "reference", fallback: "payer",
        form: ["invoice_id", "amount", "method", "reference", "payer", "received_on"], filters: ["status", "method"],
        noEdit: true, noDelete: true,
        empty: term("Payments are recorded on an invoice, read from a bank's statement, or come from a payment service."),
    },
    subscriptions: {
        singular: term("subscription"), title: term("Subscriptions"), name: "description",
        form: ["client_id", "description", "price", "starts_on", "billing_day", "months", "package_id", "contract_id"],
        filters: ["status"], noDelete: true,
        empty: term("A subscription invoices a client every month. A signed contract starts one, or you do."),
    },
    credits: {
        singular: term("service credit"), title: term("Service credits"), name: "reason",
        form: ["client_id", "amount", "reason", "expires_on"],
        labels: { rest: term("Left") }, empty: term("A service credit lowers a client's next invoices."),
    },
    tickets: {
        singular: term("ticket"), title: term("Tickets"), name: "subject",
        form: ["subject", "body", "priority", "category", "client_id", "contact_id", "assignee_id"],
        filters: ["status", "priority"],
        empty: term("Tickets come from the portal, by mail and from forms, or are made here."),
    },
    articles: {
        singular: term("article"), title: term("Knowledge"), many: term("Articles"), name: "title",
        form: ["title", "body", "status", "category", "tags"], filters: ["status"],
        empty: term("Articles answer what clients ask again and again; agents answer from them, too."),
    },
    sequences: {
        singular: term("sequence"), title: term("Sequences"), name: "name",
        form: ["name", "kind", "steps"], filters: ["status", "kind"],
        empty: term("A sequence writes to people step by step, until they answer. Write a template first."),
    },
    experiments: {
        singular: term("experiment"), title: term("Experiments"), name: "name",
        form: ["name", "apply"], filters: ["status", "kind"],
        noNew: true, noDelete: true,
        empty: term("An experiment tries two ways against each other. Start one on a sequence, under More."),
        first: [term("View sequences"), "#/sequences"],
    },
    conversations: {
        singular: term("conversation"), title: term("Conversations"), name: "subject", page: "#/inbox",
        empty: term("What people write by email, chat and messenger arrives here."),
    },
    users: {
        singular: term("person"), title: term("People"), name: "name",
        form: ["name", "email", "role", "password"], page: null,
    },
    ...settingKinds, ...supportKinds, ...qualityKinds, ...sourceKinds, ...syncKinds, ...marketKinds, ...contentKinds,
    ...campaignKinds, ...networkKinds,
    ...successKinds,
    invitations: { singular: term("invitation"), title: term("Invitations"), name: "email", page: null },
    meetings: { singular: term("meeting"), title: term("Meetings"), name: "title", page: null },
    messages: { singular: term("message"), title: term("Messages"), name: "subject", page: null },
};

/** The names of fields whose own name would not do. */
export const labels = {
    linkedin_url: term("LinkedIn"), url: term("URL"), employee_count: term("Employees"),
    timeline_days: term("Decides within (days)"),
    authority: term("Decision-maker"), created_at: term("Added"), updated_at: term("Changed"),
    next_due_at: term("Next due"),
    first_response: term("First response time"), resolution: term("Resolution time"),
    dkim_selector: term("DKIM selector"),
    locale: term("Language"), best_contact_at: term("Best time to contact"), body: term("Text"),
    public_url: term("Public link"),
    external_ids: term("Other systems"), cc: term("CC"),
};
