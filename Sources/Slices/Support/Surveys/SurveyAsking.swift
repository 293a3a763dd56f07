internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Somebody who is asked, and about what. The link in their mail names it, sealed.
struct SurveyInvitation: Sendable {
    let survey: ID<Survey>
    let contact: ContactID
    let ticket: TicketID?
    /// Tells one round of a regular survey from the next.
    var round = ""

    var key: String { "\(survey)/\(ticket?.keyText ?? round)/\(contact)" }

    /// As a link keeps it.
    var text: String {
        [survey.keyText, contact.keyText, ticket?.keyText ?? "-", round].joined(separator: " ")
    }

    init(survey: ID<Survey>, contact: ContactID, ticket: TicketID? = nil, round: String = "") {
        (self.survey, self.contact, self.ticket, self.round) = (survey, contact, ticket, round)
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let survey = ID<Survey>(parts[0]), let contact = ContactID(parts[1]) else {
            return nil
        }
        self.init(survey: survey, contact: contact, ticket: TicketID(parts[2]), round: parts[3])
    }
}

extension TicketDesk {
    /// Nobody is asked again before.
    private static let restDays = 14
    private static let linkDays = 60

    /// Asks somebody by mail, once; who was asked lately is left alone. What they have said about mails is heeded where
    /// every mail leaves. Answers whether they are asked.
    @discardableResult
    func ask(_ invitation: SurveyInvitation, in tx: Transaction) throws -> Bool {
        guard let survey = try Survey.resource.find(invitation.survey, in: tx), survey.status == .active,
            let contact = try Contact.resource.find(invitation.contact, in: tx),
            contact.address(on: .email) != nil,
            try !tx.exists(
                """
                SELECT 1 FROM messages
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND topic = 'survey'
                    AND created_at > \(tx.now - .seconds(Self.restDays * 86_400))
                """)
        else { return false }
        let link = try outbox.services.links.url(
            .survey, tx.tenant, invitation.text, expiresAt: tx.now + .seconds(Self.linkDays * 86_400))
        let ticket = try invitation.ticket.flatMap { try Ticket.resource.find($0, in: tx) }
        let worded = try outbox.write(
            .survey, to: contact, in: contact.locale ?? tx.agency.tenant().locale,
            client: ticket?.clientID ?? contact.clientID,
            [
                "survey": [
                    "question": .string(survey.question), "name": .string(survey.name),
                    "url": .string(link),
                ]
            ], in: tx)
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: worded.subject, body: worded.body, by: .system,
            cause: .init("survey", survey.id), key: invitation.key)
        draft.template = worded.template
        draft.topic = "survey"
        let why: MessageWhy = invitation.ticket == nil ? .surveyOfAll : .surveyOfSolved
        draft.why = why.saying()
        try outbox.send(draft, in: tx)
        try tx.counters.count("surveys.\(survey.id).asked", 1)
        try tx.surveys.countInvitation("sent", ofClient: ticket?.clientID ?? contact.clientID)
        return true
    }
}

/// Asks whoever had a request how it went, some time after it was resolved.
struct SurveyAskJob: JobKind {
    struct Payload: Codable, Sendable { let survey: ID<Survey>, ticket: TicketID }

    static let kind = "survey.ask"
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let ticket = try Ticket.resource.find(payload.ticket, in: tx),
                ticket.isOver, ticket.mergedInto == nil, let contact = ticket.contactID
            else { return }
            try desk.ask(
                SurveyInvitation(survey: payload.survey, contact: contact, ticket: ticket.id), in: tx)
        }
    }
}

/// Asks all people of clients, a few at a time.
struct SurveyRoundJob: JobKind {
    struct Payload: Codable, Sendable {
        let survey: ID<Survey>
        let after: ContactID?
    }

    static let kind = "survey.round"
    private static let chunk = 100
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let old = try Survey.resource.find(payload.survey, in: tx),
                old.status == .active, old.asked == .regularly, let due = old.nextAt, due <= tx.now
            else { return }
            let round = String(due.microseconds)
            let people = try Contact.resource.all(
                where: "client_id IS NOT NULL AND id > \(payload.after ?? .unset)",
                suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
            for contact in people {
                try desk.ask(SurveyInvitation(survey: old.id, contact: contact.id, round: round), in: tx)
            }
            if people.count == Self.chunk, let last = people.last {
                try tx.jobs.enqueue(
                    SurveyRoundJob.self, .init(survey: payload.survey, after: last.id),
                    JobOptions(uniqueKey: "\(payload.survey)/\(round)/\(last.id)", subject: old.subject))
                return
            }
            var next = old
            next.nextAt = due + (old.every.flatMap { Duration(iso8601: $0) } ?? .seconds(90 * 86_400))
            try tx.update(old, to: &next, by: .system, action: "survey.asked")
        }
    }
}

extension SurveyStore where Base == Transaction {
    /// Has whoever asked be asked how it went.
    func askAbout(_ ticket: Ticket) throws {
        guard ticket.contactID != nil, ticket.mergedInto == nil else { return }
        for survey in try Survey.resource.all(
            where: "status = 'active' AND asked = 'after_ticket'", suffix: "ORDER BY id LIMIT 3", in: tx)
        {
            let delay = survey.delay.flatMap { Duration(iso8601: $0) } ?? Survey.delayStandard
            try tx.jobs.enqueue(
                SurveyAskJob.self, .init(survey: survey.id, ticket: ticket.id),
                JobOptions(
                    runAt: tx.now + delay, uniqueKey: "\(survey.id)/\(ticket.id)",
                    subject: ticket.subjectOfEvents))
        }
    }
}
