internal import Agents
internal import Database
internal import JSON
package import Jobs
package import Messages
internal import Records
package import Routing
internal import RuntimeRoutes

/// Adds the routes of support: for what clients and strangers ask of the agency, and what it knows to answer.
package func supportRoutes(_ routes: inout Routes, _ outbox: Outbox, _ referrals: ReferralIntake) {
    supportEvents(&routes)
    let desk = TicketDesk(outbox)
    ticketRoutes(&routes, desk)
    queueRoutes(&routes)
    coachingRoutes(&routes, CustomerServiceAgent(outbox))
    satisfactionRoutes(&routes)
    improvementRoutes(&routes)
    articleRoutes(&routes, outbox)
    formRoutes(&routes, desk, referrals)
    answerRoutes(&routes, desk)
    supportReportRoutes(&routes)
    surveyRoutes(&routes)
    surveyPageRoutes(&routes, outbox)
    standardTextRoutes(&routes)
    ticketPortal(&routes, desk)
    surveyPortal(&routes, desk)
    articlePortal(&routes)
    routes.openToLimited(
        "GET /v1/articles/{id}/versions", "POST /v1/macros/{id}/apply", "POST /v1/canned-replies/{id}/write",
        "GET /v1/standard-texts", "GET /v1/ticket-figures/definitions")
}

package func supportJobs(_ registration: inout JobRegistration, _ outbox: Outbox) {
    let desk = TicketDesk(outbox)
    registration.add(TicketWatchJob(desk: desk))
    registration.add(TicketIntake())
    registration.add(TicketIntakeJob(desk: desk))
    registration.add(IncidentOverJob(desk: desk))
    registration.add(TicketTriggers())
    registration.add(TicketTriggerJob(desk: desk))
    registration.add(SurveyAskJob(desk: desk))
    registration.add(SurveyRoundJob(desk: desk))
    registration.add(PersonalRecords<Ticket>(adding: { ["thread": try $0.thread(isOwn: $1, in: $2)] }))
    registration.add(AskedData())
    registration.add(Ticket.resource, read: "tickets:read", write: "tickets:write")
    registration.add(Article.resource, read: "articles:read", write: "articles:write")
}

package let supportSandboxTables: [SandboxTable] = [
    .left("tickets", because: "who waits for an answer outside is answered there"),
    .left("ticket_messages", because: "they belong to tickets, which are left behind"),
    .copied(Improvement.resource),
    .copied(Article.resource),
    .copied("article_versions"),
    .left("article_votes", because: "people of clients have voted in the live tenant"),
    .copied(KnowledgeGap.resource),
    .copied(Survey.resource, changing: ["next_at": .null]),
    .left("support_reports", because: "they are the live tenant's history"),
    .left("survey_responses", because: "they are the live tenant's history"),
    .left("forms", because: "their addresses are the live tenant's"),
    .left("form_submissions", because: "they belong to forms, which are left behind"),
]
