internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Adds the steps of a case study: drafted from figures, agreed to by its client, published.
func caseStudyRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.declare(CaseStudyDraftBody.self)
    let facts: JSONObject = ["client_id": .textOrNull, "status": .choice(CaseStudy.Status.self)]
    routes.events(
        "case_study",
        [
            "submitted": "A client was asked to agree to a case study.",
            "approved": "A client has agreed to a case study.",
            "declined": "A client has declined a case study, or taken it back.",
            "published": "A case study was published.",
        ], facts)
    routes.post(
        "/v1/case-studies/draft", .permission("proposals:write"),
        "Draft a case study from a client's figures",
        named: "draft_case_study", body: .json(.reference("CaseStudyDraftBody")),
        .record(CaseStudy.resource, status: 201)
    ) { call in
        let body = try call.body(CaseStudyDraftBody.self)
        return .write { tx in
            var study = CaseStudy.new(id: tx.nextID(), now: tx.now)
            study.clientID = body.clientID
            try services.compose(&study, in: tx)
            try tx.create(&study, by: call.actor)
            return .record(study, status: 201, location: "/v1/case-studies/\(study.id)")
        }
    }
    step(&routes, "submit", "Submit a case study to its client, by a link that is mailed") {
        try services.submit($0, by: $1, in: $2)
    }
    step(&routes, "publish", "Publish a case study that its client has agreed to") { old, actor, tx in
        guard old.status == .approved else {
            throw Problem(
                .invalidTransition,
                "The case study is \(old.status.rawValue): its client has to agree first.",
                extra: ["allowed": old.status == .draft || old.status == .declined ? ["submit"] : []])
        }
        return try tx.proposals.take(old, to: .published, by: actor)
    }
    caseStudyPage(&routes, services)
}

private func step(
    _ routes: inout Routes, _ verb: String, _ summary: String,
    _ act: @escaping @Sendable (CaseStudy, Actor, Transaction) throws -> CaseStudy
) {
    routes.post(
        "/v1/case-studies/{id}/\(verb)", .permission("proposals:write"), summary, .record(CaseStudy.resource)
    ) { call in
        let id = try call.id("id", of: CaseStudy.self)
        return .write { tx in
            let old = try CaseStudy.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard tx.limit == nil || old.clientID != nil else {
                throw Problem(.forbidden, "You may change records of your own clients only.")
            }
            return .record(try act(old, call.actor, tx))
        }
    }
}

/// The client whose story is to be told.
private struct CaseStudyDraftBody: Declared {
    var clientID: ClientID?
    static let schema = Schema<CaseStudyDraftBody>(
        "CaseStudyDraftBody",
        [.id("client_id", \.clientID, .required, .about("The client whose figures are told."))])
}

extension DealsServices {
    /// Writes what a client's figures say, and nothing else.
    fileprivate func compose(_ study: inout CaseStudy, in tx: Transaction) throws {
        guard let story = try study.clientID.flatMap({ try dependencies.story(tx, $0) }) else { return }
        guard let first = story.figures.first else {
            throw Problem(.conflict, "The client has no figure that has grown: record metrics first.")
        }
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        let locale = TextLocale(words.asked)
        func told(_ figure: StoryEvidence) -> String {
            words(
                "case_study.figure",
                [
                    "metric": .text(figure.metric.replacing("_", with: " ")),
                    "from": .text(locale.shown(figure.from)), "to": .text(locale.shown(figure.to)),
                ])
        }
        study.title = words("case_study.title", ["client": .text(story.name)])
        (study.client, study.locale) = (story.name, tenant.locale)
        study.industry = try story.lead.flatMap { try dependencies.lead(tx, $0) }?.industry
        study.result = told(first)
        study.evidence = Parts(story.figures)
        study.text = story.figures.map { "- \(told($0).markdownEscaped)" }.joined(separator: "\n")
    }

    /// Asks the client by a link of their own, which shows what would be told.
    fileprivate func submit(_ old: CaseStudy, by actor: Actor, in tx: Transaction) throws -> CaseStudy {
        guard let id = old.clientID, let client = try dependencies.client(tx, id) else {
            throw Problem(.conflict, "The case study is about no client: there is nobody to ask.")
        }
        guard [.draft, .declined, .withClient].contains(old.status) else {
            throw Problem(
                .invalidTransition,
                "The case study is already \(old.status.rawValue), which does not allow this.",
                extra: ["allowed": old.status == .approved ? ["publish"] : []])
        }
        guard
            let contact = try tx.contacts.recipient(
                client.contact, email: client.email, named: client.name)
        else {
            throw Problem(
                .conflict, "The client has no email address: give it a contact or a contact_email.")
        }
        var study = old
        (study.status, study.contactID, study.submittedAt) = (.withClient, contact.id, tx.now)
        try tx.update(old, to: &study, by: actor, action: "case_study.submitted")
        try tx.publish("case_study.submitted", study.subject, study.payload)
        let words = try tx.wordings.find(contact.locale ?? tx.agency.tenant().locale)
        let url = try platform.links.url(
            .caseStudy, tx.tenant, "\(study.id) \(study.revision)",
            expiresAt: tx.now + .seconds(CaseStudy.linkDays * 86_400))
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: words("case_study.ask_subject"),
            body: [
                words.greeting(contact.name.markdownEscaped), words("case_study.ask_text"),
                "[\(words("case_study.ask_link"))](\(url))",
            ].joined(separator: "\n\n"), by: actor, cause: .init(CaseStudy.noun, study.id),
            key: "\(study.id)/\(study.version)")
        draft.why = Saying("message.why_case_study")
        _ = try outbox.offer(draft, in: tx)
        return study
    }
}

extension ProposalStore where Base == Transaction {
    /// Takes a case study to where its client or the agency wants it. `words`: what the client says of it with their
    /// yes, and who they are; `nil` leaves what is there.
    func take(
        _ old: CaseStudy, to status: CaseStudy.Status, by actor: Actor,
        words: (quote: String?, speaker: String?)? = nil
    ) throws -> CaseStudy {
        var study = old
        study.status = status
        if let words { (study.quote, study.speaker) = words }
        study.publishedAt = status == .published ? tx.now : nil
        if status == .approved || status == .declined { study.decidedAt = tx.now }
        try tx.update(old, to: &study, by: actor, action: "case_study.\(status.rawValue)")
        try tx.publish("case_study.\(status.rawValue)", study.subject, study.payload)
        return study
    }
}

extension CaseStudy {
    /// A client may take their yes back for as long as the link opens.
    static let linkDays = 3650

    var payload: JSON { ["client_id": JSON(clientID), "status": .string(status.rawValue)] }
}
