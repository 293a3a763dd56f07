internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The page on which somebody answers, from the link in their mail. Looking changes nothing.
func surveyPageRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let services = outbox.services
    @Sendable func open(_ call: Call) throws(Problem) -> (TenantID, SurveyInvitation) {
        guard let link = services.links.open(.survey, call.parameters["token"] ?? ""),
            link.expiresAt.map({ $0 > services.now() }) ?? true,
            let invitation = SurveyInvitation(link.subject)
        else { throw Problem(.notFound) }
        return (link.tenant, invitation)
    }
    routes.get(
        "/s/{token}", .anyone, "Show a survey to whoever has its link", .media("text/html", "The page.")
    ) { call in
        let (tenant, invitation) = try open(call)
        let path = "/s/\(call.parameters["token"] ?? "")"
        return .task {
            try services.database.read(tenant) { reader in
                try reader.surveys.page(invitation, path: path, chosen: nil, fault: nil).response()
            }
        }
    }
    routes.post(
        "/s/{token}", .anyone, "Answer a survey, with a score and a comment", body: .raw(limit: 64 * 1024),
        .media("text/html", "The answer is recorded.")
    ) { call in
        let (tenant, invitation) = try open(call)
        let path = "/s/\(call.parameters["token"] ?? "")"
        let type = call.request.head.header("Content-Type") ?? ""
        let form = FormData(call.request.bytes, contentType: type)
        func value(_ name: String) -> String? { form?.parts.first { $0.name == name }?.text.trimmed }
        let (score, comment) = (value("score").flatMap { Int($0) }, value("comment"))
        return .task {
            do {
                return try await services.database.write(tenant) { tx in
                    try tx.surveys.answer(invitation, score: score, comment: comment)
                    return try tx.surveys.page(invitation, path: path, chosen: score, fault: nil).response()
                }
            } catch let problem as Problem where problem.type.status == 422 {
                return try services.database.read(tenant) { reader in
                    try reader.surveys.page(invitation, path: path, chosen: score, fault: problem)
                        .response(status: 422)
                }
            }
        }
    }
}

extension SurveyStore where Base == Transaction {
    /// Keeps an answer; a second one changes nothing.
    fileprivate func answer(_ invitation: SurveyInvitation, score: Int?, comment: String?) throws {
        guard try !isAnswered(invitation) else { return }
        guard let score else {
            throw Problem(faults: [Fault("/score", "required", "score must be one of the numbers.")])
        }
        var response = SurveyResponse.new(id: tx.nextID(), now: tx.now)
        (response.surveyID, response.contactID, response.ticketID) = (
            invitation.survey, invitation.contact, invitation.ticket
        )
        response.clientID = try Contact.resource.find(invitation.contact, in: tx)?.clientID
        response.score = score
        response.comment = comment.flatMap { $0.isEmpty ? nil : String($0.prefix(5000)) }
        response.invitation = invitation.key
        try tx.create(&response, by: .system)
    }
}

extension SurveyStore {
    fileprivate func isAnswered(_ invitation: SurveyInvitation) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM survey_responses WHERE tenant_id = \(tx.tenant) AND invitation = \(invitation.key)
            """)
            || invitation.ticket.map { ticket in
                try tx.exists(
                    """
                    SELECT 1 FROM survey_responses
                    WHERE tenant_id = \(tx.tenant) AND ticket_id = \(ticket) AND survey_id = \(invitation.survey)
                    """)
            } ?? false
    }

    fileprivate func page(
        _ invitation: SurveyInvitation, path: String, chosen: Int?, fault: Problem?
    ) throws -> PublicPage {
        guard let survey = try Survey.resource.find(invitation.survey, in: tx),
            let contact = try Contact.resource.find(invitation.contact, in: tx)
        else { throw Problem(.notFound) }
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(contact.locale ?? tenant.locale)
        var html = "<h1>\(survey.question.htmlEscaped)</h1>"
        if try isAnswered(invitation) {
            html +=
                "<p class=\"done\" role=\"status\">\(words("survey.thanks").htmlEscaped)</p>"
        } else if survey.status == .closed {
            html +=
                "<p class=\"done\">\(words("survey.closed").htmlEscaped)</p>"
        } else {
            html += survey.form(path, words, chosen: chosen, hasFault: fault != nil)
        }
        return PublicPage(
            title: survey.question, body: html, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }
}

extension Survey {
    fileprivate func form(_ path: String, _ words: Wording, chosen: Int?, hasFault: Bool) -> String {
        let scores = kind.scores
        let ends =
            kind == .csat
            ? words(
                "survey.ends", ["low": .number(scores.lowerBound), "high": .number(scores.upperBound)])
            : words("survey.ends_recommend")
        let choices = scores.map { score in
            """
            <label style="display:inline-block;margin:4px 10px 4px 0"><input type="radio" name="score" \
            value="\(score)" required\(chosen == score ? " checked" : "")> \(score)</label>
            """
        }.joined()
        let fault =
            hasFault
            ? "<p class=\"done\" role=\"alert\">\(words("survey.choose").htmlEscaped)</p>"
            : ""
        return """
            \(fault)<form method="post" action="\(path.htmlEscaped)">
            <fieldset style="border:0;padding:0;margin:0"><legend class="soft">\(ends.htmlEscaped)</legend>
            \(choices)</fieldset>
            <label>\(words("survey.comment").htmlEscaped) \
            <textarea name="comment" rows="4" maxlength="5000"></textarea></label>
            <button>\(words("form.send").htmlEscaped)</button></form>
            """
    }
}
