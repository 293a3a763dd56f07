/* How people call what support works with besides tickets and articles, as `kinds` has it for the rest. */

export const supportKinds = {
    "service-incidents": {
        singular: "incident", title: "Incidents", name: "title", columns: ["status", "client_id", "expected_at", "created_at"],
        form: ["title", "text", "words", "client_id", "expected_at", "status", "resolution"], filters: ["status"],
        labels: { words: "Words that tell it", text: "What clients are told", expected_at: "Expected to end" },
        empty: "An incident is a problem that several clients ask about. Tickets find it by its words.",
    },
    surveys: {
        singular: "survey", title: "Surveys", name: "name", columns: ["kind", "asked", "status", "next_at"],
        form: ["name", "kind", "question", "asked", "delay", "every", "status"], filters: ["status", "kind"],
        labels: { kind: "Type", asked: "Asked when", delay: "Asked after", every: "Repeated every", next_at: "Asked next" },
        empty: "A survey asks clients how satisfied they are: after a ticket, regularly, or by hand.",
    },
    "survey-responses": {
        singular: "survey answer", title: "Answers", name: "comment", columns: ["score", "survey_id", "client_id", "created_at"],
        form: ["survey_id", "score", "comment", "client_id", "contact_id", "ticket_id"], noEdit: true,
        permission: "surveys", empty: "What clients have answered to surveys.",
    },
    "form-submissions": {
        singular: "form entry", title: "Form entries", name: "id", columns: ["contact_id", "ticket_id", "lead_id", "created_at"],
        form: [], noEdit: true, noNew: true, permission: "forms", empty: "What people have sent by this form.",
    },
    improvements: {
        singular: "improvement", title: "Improvements", name: "title", columns: ["status", "category", "owner_id", "done_at"],
        form: ["title", "description", "category", "owner_id", "status"], filters: ["status"],
        empty: "What you change because of what clients have said, and whether it helped.",
    },
    "support-reports": {
        singular: "support report", title: "Support reports", name: "period_start", columns: ["kind", "period_end", "created_at"],
        form: [], filters: ["kind"], noEdit: true, noDelete: true, noNew: true, permission: "tickets",
        labels: { kind: "Type" }, empty: "A summary of each week and month of support.",
    },
    "knowledge-gaps": { singular: "knowledge gap", title: "Knowledge gaps", name: "question", page: null },
};
