internal import Agents
internal import Cryptography
internal import Database
internal import Delivery
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Support
internal import Telemetry
internal import Tenancy

/// The portal that one of the sample agency's clients finds: `Config/demo/portal.json`. Their invoice and their
/// contract are those of the deal that they came of.
struct SamplePortal: Sendable {
    private let told: JSON

    init(_ text: String) throws { told = try JSONParser.parse(text) }

    var email: String { told["person"]?["email"]?.text ?? "" }

    /// Somebody of the client, who can sign in with the password.
    func seed(_ app: App, _ tenant: TenantID, password: String, by owner: Actor) async throws {
        let hash = try await app.services.hash(password)
        let (outbox, desk) = (app.outbox, TicketDesk(app.outbox))
        try await app.database.write(tenant) { tx in
            guard let client = try client(in: tx) else { return }
            let contact = try welcome(to: client, hash, in: tx, by: owner)
            try work(for: client, in: tx, by: owner)
            try count(for: client, in: tx, by: owner)
            try report(to: client, in: tx, by: owner)
            try ask(contact, desk, in: tx, by: owner)
            try converse(contact, outbox, in: tx, by: owner)
        }
    }

    private func client(in tx: Transaction) throws -> Client? {
        try Client.resource.first(
            where: "name = \(told["client"]?.text ?? "")", suffix: "ORDER BY row LIMIT 1", in: tx)
    }

    private func welcome(
        to client: Client, _ passwordHash: String, in tx: Transaction, by owner: Actor
    ) throws -> Contact {
        let name = told["person"]?["name"]?.text ?? ""
        let id = try tx.clientPortal.portalContact(
            ofClient: client.id, name: name, email: email, by: owner)
        var user = User.new(id: tx.nextID(), now: tx.now)
        (user.name, user.email, user.role) = (name, email, BuiltInRole.client.rawValue)
        (user.clientID, user.contactID, user.passwordHash) = (client.id, id, passwordHash)
        try tx.create(&user, by: owner)
        return try Contact.resource.get(id, in: tx)
    }

    private func work(for client: Client, in tx: Transaction, by owner: Actor) throws {
        var body = told["project"]?.object ?? [:]
        body["client_id"] = JSON(client.id)
        let project = try tx.make(Project.self, from: body, by: owner)
        func bodies(_ name: String) -> [JSONObject] {
            (told[name]?.array ?? []).compactMap(\.object).map { body in
                var body = body
                body["project_id"] = JSON(project.id)
                return body
            }
        }
        for task in bodies("tasks") { _ = try tx.make(ProjectTask.self, from: task, by: owner) }
        for deliverable in bodies("deliverables") {
            let made = try tx.make(Deliverable.self, from: deliverable, by: owner)
            let submitted = try tx.deliverables.submit(made, notes: nil, by: owner)
            _ = try tx.deliverables.review(submitted, passed: true, notes: nil, by: owner)
        }
    }

    /// Four weeks of each figure, with more of it on working days.
    private func count(for client: Client, in tx: Transaction, by owner: Actor) throws {
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let today = zone.local(of: tx.now).date
        for told in told["figures"]?.array ?? [] {
            let (start, growth) = (told["start"]?.double ?? 0, told["growth"]?.double ?? 0)
            for ago in 1...28 {
                let day = today.adding(days: -ago)
                // The first day of all was a Thursday.
                let isWorkingDay = (day.daysSinceEpoch + 3) % 7 < 5
                let value = (start + growth * Double(28 - ago)) * (isWorkingDay ? 1 : 0.6)
                var figure = MetricValue.new(id: tx.nextID(), now: tx.now)
                (figure.clientID, figure.date, figure.value) = (client.id, day, value.rounded())
                (figure.source, figure.metric) = (told["source"]?.text ?? "", told["metric"]?.text ?? "")
                figure.unit = told["unit"]?.text
                _ = try tx.metrics.put(&figure, by: owner)
            }
        }
    }

    /// A report on two weeks, beside the two before, as a draft: a colleague reads it before the client does.
    private func report(to client: Client, in tx: Transaction, by owner: Actor) throws {
        guard let title = told["report"]?["title"]?.text else { return }
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let today = zone.local(of: tx.now).date
        var report = Report.new(id: tx.nextID(), now: tx.now)
        (report.clientID, report.title) = (client.id, title)
        (report.periodStart, report.periodEnd) = (today.adding(days: -14), today.adding(days: -1))
        try tx.reports.add(&report, by: owner)
    }

    /// Something that the client has asked for, and a question back.
    private func ask(
        _ contact: Contact, _ desk: TicketDesk, in tx: Transaction, by owner: Actor
    ) throws {
        guard let told = told["ticket"] else { return }
        var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
        (ticket.subject, ticket.body) = (told["subject"]?.text ?? "", told["body"]?.text ?? "")
        (ticket.source, ticket.clientID, ticket.contactID) = ("portal", contact.clientID, contact.id)
        try tx.create(&ticket, by: owner)
        try desk.say(told["answer"]?.text ?? "", in: ticket, by: owner, in: tx)
        let asked = try Ticket.resource.get(ticket.id, in: tx)
        var waiting = asked
        waiting.status = .waitingOnClient
        try tx.update(asked, to: &waiting, by: owner)
    }

    private func converse(_ contact: Contact, _ outbox: Outbox, in tx: Transaction, by owner: Actor) throws {
        guard let told = told["messages"] else { return }
        let said = try Inbox(outbox).receive(
            ReceivedChat(.portal, from: contact.id, told["client"]?.text ?? ""), from: contact, as: nil,
            in: tx)
        guard let id = said.conversationID,
            let conversation = try Conversation.resource.find(id, in: tx)
        else { return }
        var turn = OutgoingReply(
            told["agency"]?.text ?? "", by: owner, cause: .init("user", owner.id), key: said.id)
        turn.authorName = try owner.userID.flatMap { try User.resource.find($0, in: tx)?.name }
        try outbox.conversations.speak(turn, in: conversation, tx)
    }
}
