import { term } from "../../ui/words.js";
/* People's names for what support works with besides tickets and articles, as `kinds` has them for the rest. */

export const supportKinds = {
    "service-incidents": {
        singular: term("incident"), title: term("Incidents"), name: "title",
        form: ["title", "text", "words", "client_id", "expected_at", "status", "resolution"], filters: ["status"],
        labels: { words: term("Words that tell it"), text: term("What clients are told"),
            expected_at: term("Expected to end") },
        empty: term("An incident is a problem that several clients ask about. Tickets find it by its words."),
    },
    surveys: {
        singular: term("survey"), title: term("Surveys"), name: "name",
        form: ["name", "kind", "question", "asked", "delay", "every", "status"], filters: ["status", "kind"],
        labels: { kind: term("Type"), asked: term("Asked when"), delay: term("Asked after"),
            every: term("Repeated every"), next_at: term("Asked next") },
        empty: term("A survey asks clients how satisfied they are: after a ticket, regularly, or by hand."),
    },
    "survey-responses": {
        singular: term("survey answer"), title: term("Answers"), name: "comment",
        form: ["survey_id", "score", "comment", "client_id", "contact_id", "ticket_id"], noEdit: true,
        permission: "surveys", empty: term("What clients have answered to surveys."),
    },
    "form-submissions": {
        singular: term("form entry"), title: term("Form entries"), name: "id",
        form: [], noEdit: true, noNew: true, permission: "forms", empty: term("What people have sent by this form."),
        first: [term("Forms and surveys"), "#/settings/forms-and-surveys"],
    },
    improvements: {
        singular: term("improvement"), title: term("Improvements"), name: "title",
        form: ["title", "description", "category", "owner_id", "status"], filters: ["status"],
        empty: term("What you change because of what clients have said, and whether it helped."),
    },
    "support-reports": {
        singular: term("support report"), title: term("Support reports"), name: "period_start",
        form: [], filters: ["kind"], noEdit: true, noDelete: true, noNew: true, permission: "tickets",
        labels: { kind: term("Type") }, empty: term("A summary of each week and month of support."),
        first: [term("View tickets"), "#/tickets"],
    },
    "knowledge-gaps": { singular: term("knowledge gap"), title: term("Knowledge gaps"), name: "question", page: null },
};
