import { settingKinds } from "./settingkinds.js";
import { supportKinds } from "./supportkinds.js";
import { mark } from "../words.js";

/*
 * How people call what the API declares, until GET /v1/meta/resources says it itself: what it says wins. By the last
 * part of a list's path: what one is called, the list's title, its address, the field that names a record, the columns,
 * the fields that a form shows first, the filters, and what to do first where nothing is.
 */
export const kinds = {
    leads: {
        singular: mark("lead"), title: mark("Leads"), name: "company",
        columns: ["contact_name", "status", "score", "next_action", "created_at"],
        form: [
            "company", "contact_name", "contact_title", "email", "phone", "website", "status", "source", "tags",
            "notes",
        ],
        filters: ["status", "priority"], imports: true, exports: true,
        empty: mark("Leads are companies that may become clients. Import a list, or make the first one by hand."),
        sorts: ["score", "created_at"],
    },
    deals: {
        singular: mark("deal"), title: mark("Deals"), name: "name",
        columns: ["stage", "value", "probability", "expected_close", "owner_id", "created_at"],
        form: ["name", "lead_id", "value", "stage", "expected_close", "package_id", "owner_id", "notes"],
        filters: ["stage"], exports: true,
        empty: mark("A deal is a sale on its way. Agents make one from a qualified lead; you can make one here."),
    },
    contacts: {
        singular: mark("contact"), title: mark("Contacts"), name: "name",
        columns: ["title", "email", "phone", "company_id", "created_at"],
        form: ["name", "email", "phone", "title", "company_id", "tags", "notes"], filters: ["do_not_contact"],
        imports: true, exports: true,
        empty: mark("Contacts are the people you talk to: of leads, clients and companies."),
    },
    companies: {
        singular: mark("company"), title: mark("Companies"), name: "name",
        columns: ["industry", "location", "employee_count", "created_at"],
        form: ["name", "website", "industry", "location", "country", "tags", "notes"],
        empty: mark("Companies are made with leads and contacts, or here."),
    },
    proposals: {
        singular: mark("proposal"), title: mark("Proposals"), name: "title",
        columns: ["lead_id", "status", "total", "created_at"],
        form: ["lead_id", "package_id", "title", "introduction", "valid_until"], filters: ["status"], sendable: true,
        empty: mark("A proposal says what you would do for a lead, and what it costs."),
    },
    contracts: {
        singular: mark("contract"), title: mark("Contracts"), name: "title",
        columns: ["status", "starts_on", "signed_at", "created_at"],
        form: ["proposal_id", "title", "starts_on", "months", "notes"], filters: ["status"], sendable: true,
        empty: mark("A contract is made from an accepted proposal."),
    },
    clients: {
        singular: mark("client"), title: mark("Clients"), name: "name",
        columns: ["status", "tier", "lifecycle", "monthly_fee", "health"],
        form: ["name", "tier", "status", "contact_email", "contact_id", "package_id", "notes"],
        filters: ["status", "tier"], imports: true, exports: true,
        empty: mark("A client is made when a deal is won, or here."),
    },
    projects: {
        singular: mark("project"), title: mark("Projects"), name: "name",
        columns: ["client_id", "status", "progress", "due_on"],
        form: ["name", "client_id", "description", "status", "starts_on", "due_on"], filters: ["status"],
        empty: mark("A project is work for a client, with tasks and what is delivered."),
    },
    tasks: {
        singular: mark("task"), title: mark("Tasks"), name: "title",
        columns: ["project_id", "status", "priority", "assignee_id", "due_on"],
        form: ["title", "project_id", "assignee_id", "priority", "status", "due_on", "description"],
        filters: ["status", "priority"], empty: mark("Tasks belong to a project; begin with one."),
    },
    deliverables: {
        singular: mark("deliverable"), title: mark("Deliverables"), name: "name",
        columns: ["project_id", "status", "created_at"],
        form: ["name", "project_id", "description", "text"], filters: ["status"],
        empty: mark("What is delivered to a client, checked and approved."),
    },
    reports: {
        singular: mark("report"), title: mark("Reports"), name: "title",
        columns: ["client_id", "kind", "status", "period_start", "created_at"],
        form: ["client_id", "kind", "title", "period_start", "period_end"], filters: ["status", "kind"], sendable: true,
        empty: mark("A report tells a client what was done and what came of it."),
    },
    invoices: {
        singular: mark("invoice"), title: mark("Invoices"), name: "number",
        columns: ["client_id", "status", "total", "due", "due_on"],
        form: ["client_id", "items", "due_on", "notes"], filters: ["status"], sendable: true,
        empty: mark("An invoice is a draft until it is sent."),
    },
    payments: {
        singular: mark("payment"), title: mark("Payments"), name: "reference", fallback: "payer",
        columns: ["amount", "status", "invoice_id", "method", "received_on"],
        form: ["invoice_id", "amount", "method", "reference", "payer", "received_on"], filters: ["status", "method"],
        noEdit: true, noDelete: true,
        empty: mark("Payments are recorded on an invoice, read from a bank's statement, or come from a payment service."),
    },
    subscriptions: {
        singular: mark("subscription"), title: mark("Subscriptions"), name: "description",
        columns: ["client_id", "status", "price", "next_invoice_on"],
        form: ["client_id", "description", "price", "starts_on", "billing_day", "months", "package_id", "contract_id"],
        filters: ["status"], noDelete: true,
        empty: mark("A subscription invoices a client every month. A signed contract starts one, or you do."),
    },
    credits: {
        singular: mark("service credit"), title: mark("Service credits"), name: "reason",
        columns: ["client_id", "amount", "rest", "expires_on"], form: ["client_id", "amount", "reason", "expires_on"],
        labels: { rest: mark("Left") }, empty: mark("A service credit lowers a client's next invoices."),
    },
    tickets: {
        singular: mark("ticket"), title: mark("Tickets"), name: "subject",
        columns: ["status", "priority", "client_id", "assignee_id", "next_due_at", "created_at"],
        form: ["subject", "body", "priority", "category", "client_id", "contact_id", "assignee_id"],
        filters: ["status", "priority"],
        empty: mark("Tickets come from the portal, by mail and from forms, or are made here."),
    },
    articles: {
        singular: mark("article"), title: mark("Knowledge"), name: "title",
        columns: ["status", "category", "locale", "updated_at"],
        form: ["title", "body", "status", "category", "tags"], filters: ["status"],
        empty: mark("Articles answer what clients ask again and again; agents answer from them, too."),
    },
    sequences: {
        singular: mark("sequence"), title: mark("Sequences"), name: "name", columns: ["kind", "status", "updated_at"],
        form: ["name", "kind", "steps"], filters: ["status", "kind"],
        empty: mark("A sequence writes to people step by step, until they answer. Write a template first."),
    },
    experiments: {
        singular: mark("experiment"), title: mark("Experiments"), name: "name",
        columns: ["status", "kind", "sequence_id", "created_at"], form: ["name", "apply"], filters: ["status", "kind"],
        noNew: true, noDelete: true,
        empty: mark("An experiment tries two ways against each other. Start one on a sequence, under More."),
    },
    conversations: { singular: mark("conversation"), title: mark("Conversations"), name: "subject", page: "#/inbox" },
    users: {
        singular: mark("person"), title: mark("People"), name: "name", columns: ["email", "role", "status"],
        form: ["name", "email", "role", "password"], page: null,
    },
    ...settingKinds, ...supportKinds,
    invitations: { singular: mark("invitation"), title: mark("Invitations"), name: "email", page: null },
    meetings: { singular: mark("meeting"), title: mark("Meetings"), name: "title", page: null },
    messages: { singular: mark("message"), title: mark("Messages"), name: "subject", page: null },
};

/** What fields are called where their own name would not do. */
export const labels = {
    linkedin_url: mark("LinkedIn"), url: mark("URL"), employee_count: mark("Employees"),
    timeline_days: mark("Decides within (days)"),
    authority: mark("Decision-maker"), created_at: mark("Added"), updated_at: mark("Changed"),
    next_due_at: mark("Next due"),
    first_response: mark("First response time"), resolution: mark("Resolution time"),
    dkim_selector: mark("DKIM selector"),
    locale: mark("Language"), best_contact_at: mark("Best time to contact"), body: mark("Text"),
    public_url: mark("Public link"),
    external_ids: mark("Other systems"), cc: mark("CC"),
};
