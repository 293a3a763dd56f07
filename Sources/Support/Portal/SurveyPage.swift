internal import Database
internal import HTTPServer
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// What a mailed link opens to one reader: a survey that waits for them. Looking changes nothing.
private struct SurveyLink {
    let tenant: TenantID
    let id: ID<Survey>
    let ticket: ID<Ticket>?
    let contact: ID<Contact>

    init(_ call: Call, _ services: PlatformServices) throws(Problem) {
        guard let link = services.links.open(.survey, call.parameters["token"] ?? ""),
            let end = link.expiresAt, end > services.now()
        else { throw Problem(.notFound) }
        let parts = link.subject.split(separator: " ").map(String.init)
        guard parts.count == 3, let id = ID<Survey>(parts[0]), let contact = ID<Contact>(parts[2]) else {
            throw Problem(.notFound)
        }
        (tenant, self.id, ticket, self.contact) = (link.tenant, id, ID<Ticket>(parts[1]), contact)
    }

    /// As whom the reader answers.
    func portal(in reader: some Queryable) throws -> PortalCall {
        guard let client = try Contact.resource.find(contact, in: reader)?.clientID else {
            throw Problem(.notFound)
        }
        return PortalCall(clientID: client, userID: "", contactID: contact.text)
    }

    /// While it waits; `nil` once it was answered, or has been waiting for too long.
    func waiting(in reader: some Queryable) throws -> WaitingSurvey? {
        try reader.surveys(waitingFor: portal(in: reader)).first {
            $0.survey.id == id && $0.ticket?.id == ticket
        }
    }
}

/// A page for whoever has a survey's link: it is answered there, without signing in.
func surveyPage(_ routes: inout Routes, _ desk: TicketDesk) {
    let services = desk.outbox.services, database = services.database
    routes.get(
        "/s/{token}", .anyone, "Shows a survey to whoever has its link", .media("text/html", "The page.")
    ) { call in
        let link = try SurveyLink(call, services)
        return .task {
            try database.read(link.tenant) { reader in
                try link.page(try link.waiting(in: reader), call, in: reader).response()
            }
        }
    }
    routes.post(
        "/s/{token}/answer", .anyone, "Answers a survey", body: .raw(limit: 64 * 1024),
        .json(.schema(["status": .anyText], required: ["status"]), "Thank you.")
    ) { call in
        let link = try SurveyLink(call, services)
        let body = try SurveyAnswer(call)
        let isPage = call.isFromPage
        return .task {
            try await database.write(link.tenant) { tx in
                guard let waiting = try link.waiting(in: tx) else {
                    throw Problem(.conflict, "It was answered already.")
                }
                _ = try tx.answer(waiting, body, by: .system, link.portal(in: tx))
            }
            guard isPage else { return .json(["status": "answered"]) }
            return try database.read(link.tenant) { try link.page(nil, call, in: $0).response() }
        }
    }
}

extension SurveyAnswer {
    /// As a page's form sends it, or a program.
    fileprivate init(_ call: Call) throws(Problem) {
        self.init()
        guard let number = try call.field("score").flatMap(Int.init) else {
            throw Problem(faults: [Fault("/score", "required", "Choose a number.")])
        }
        let words = try call.field("comment")?.trimmed ?? ""
        (score, comment) = (number, words.isEmpty ? nil : String(words.prefix(5000)))
    }
}

extension SurveyLink {
    fileprivate func page(
        _ waiting: WaitingSurvey?, _ call: Call, in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.ownTenant()
        let locale = try Contact.resource.find(contact, in: reader)?.locale ?? tenant.locale
        let isGerman = locale.lowercased().hasPrefix("de")
        func words(_ english: String, _ german: String) -> String { isGerman ? german : english }
        let title = waiting?.survey.question ?? words("Thank you", "Vielen Dank")
        var html = "<h1>\(title.htmlEscaped)</h1>\n"
        guard let waiting else {
            html += "<p class=\"done\">\(words("We have your answer.", "Wir haben Ihre Antwort."))</p>"
            return page(title, html, tenant, isGerman)
        }
        if let ticket = waiting.ticket { html += "<p class=\"soft\">\(ticket.subject.htmlEscaped)</p>\n" }
        let scores = waiting.survey.kind.scores
        let choices = scores.map {
            "<label><input type=\"radio\" name=\"score\" value=\"\($0)\" required> \($0)</label>"
        }.joined(separator: "\n")
        html += """
            <form method="post" action="/s/\((call.parameters["token"] ?? "").htmlEscaped)/answer">
            <fieldset><legend>\(words("From \(scores.lowerBound) (not at all) to \(scores.upperBound) (very much)", "Von \(scores.lowerBound) (gar nicht) bis \(scores.upperBound) (sehr)"))</legend>
            \(choices)</fieldset>
            <label for="comment">\(words("Something to add?", "Möchten Sie etwas hinzufügen?"))</label>
            <textarea id="comment" name="comment" rows="4"></textarea>
            <button>\(words("Send", "Senden"))</button></form>
            """
        return page(title, html, tenant, isGerman)
    }

    private func page(_ title: String, _ html: String, _ tenant: Tenant, _ isGerman: Bool) -> PublicPage {
        PublicPage(
            title: title, body: html, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: isGerman ? "de" : "en")
    }
}
