import { mark } from "../words.js";
/* How people call what support works with besides tickets and articles, as `kinds` has it for the rest. */

export const supportKinds = {
    "service-incidents": {
        singular: mark("incident"), title: mark("Incidents"), name: "title",
        columns: ["status", "client_id", "expected_at", "created_at"],
        form: ["title", "text", "words", "client_id", "expected_at", "status", "resolution"], filters: ["status"],
        labels: { words: mark("Words that tell it"), text: mark("What clients are told"),
            expected_at: mark("Expected to end") },
        empty: mark("An incident is a problem that several clients ask about. Tickets find it by its words."),
    },
    surveys: {
        singular: mark("survey"), title: mark("Surveys"), name: "name", columns: ["kind", "asked", "status", "next_at"],
        form: ["name", "kind", "question", "asked", "delay", "every", "status"], filters: ["status", "kind"],
        labels: { kind: mark("Type"), asked: mark("Asked when"), delay: mark("Asked after"),
            every: mark("Repeated every"), next_at: mark("Asked next") },
        empty: mark("A survey asks clients how satisfied they are: after a ticket, regularly, or by hand."),
    },
    "survey-responses": {
        singular: mark("survey answer"), title: mark("Answers"), name: "comment",
        columns: ["score", "survey_id", "client_id", "created_at"],
        form: ["survey_id", "score", "comment", "client_id", "contact_id", "ticket_id"], noEdit: true,
        permission: "surveys", empty: mark("What clients have answered to surveys."),
    },
    "form-submissions": {
        singular: mark("form entry"), title: mark("Form entries"), name: "id",
        columns: ["contact_id", "ticket_id", "lead_id", "created_at"],
        form: [], noEdit: true, noNew: true, permission: "forms", empty: mark("What people have sent by this form."),
    },
    improvements: {
        singular: mark("improvement"), title: mark("Improvements"), name: "title",
        columns: ["status", "category", "owner_id", "done_at"],
        form: ["title", "description", "category", "owner_id", "status"], filters: ["status"],
        empty: mark("What you change because of what clients have said, and whether it helped."),
    },
    "support-reports": {
        singular: mark("support report"), title: mark("Support reports"), name: "period_start",
        columns: ["kind", "period_end", "created_at"],
        form: [], filters: ["kind"], noEdit: true, noDelete: true, noNew: true, permission: "tickets",
        labels: { kind: mark("Type") }, empty: mark("A summary of each week and month of support."),
    },
    "knowledge-gaps": { singular: mark("knowledge gap"), title: mark("Knowledge gaps"), name: "question", page: null },
};
