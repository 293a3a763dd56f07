internal import Agents
internal import Cryptography
internal import Database
internal import Deals
internal import Discovery
internal import Integrations
internal import JSON
internal import Jobs
internal import Mail
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy

/// The sales of the sample agency, won and to come: `Config/demo/deals.json`, and among them how it keeps in touch and
/// looks after clients: `Config/demo/relations.json`. Its last year is lived through on a sandbox's clock: mails are
/// captured, under a mail service that is switched off by today; agents answer what people write, and documents are
/// accepted and signed as on their pages. Schedules begin with today: what agents do by the clock is asked of them.
/// Once it has come to today, the agency goes on by the machine's clock. The content of a client's portal comes about
/// last.
struct SampleDeals: Sendable {
    /// An action of somebody in a story, of another lead, or of the agency, and its time.
    private struct Step: Sendable {
        let at: Instant
        let story: Int?
        let email: String?
        let does: (verb: String, with: JSON)
    }

    private let asksFrom: JSON
    private let settings: JSONObject
    private let mailService: JSONObject
    private let stories: [JSON]
    private let relations: [JSON]

    init(_ text: String, relations: String?) throws {
        let sample = try JSONParser.parse(text)
        asksFrom = sample["asks_first"] ?? .null
        settings = sample["settings"]?.object ?? [:]
        mailService = sample["mail_service"]?.object ?? [:]
        stories = sample["stories"]?.array ?? []
        self.relations = try relations.map { try JSONParser.parse($0)["turns"]?.array ?? [] } ?? []
    }

    func live(
        _ app: App, _ tenant: TenantID, by owner: Actor, last: @Sendable () async throws -> Void,
        end: @Sendable () async throws -> Void
    ) async throws {
        let (database, sandboxes, runtime) = (app.database, app.runtime.sandboxes, app.runtime)
        let zone = try database.read(tenant) { TimeZoneRules(named: try $0.agency.tenant().timeZone) ?? .utc }
        let turns = turns(before: .wallClock(), in: zone)
        guard let first = turns.first else { return }
        let start = first.at + .seconds(-3600)
        try await database.write(tenant) { try $0.sandboxClock.begin(at: start, seed: 1) }
        try await database.write(tenant) { tx in
            try seed(in: tx, by: owner)
            try tx.agents.set("sales_automation", state: .active, autonomy: .autopilot, by: owner)
        }
        var leads: [Int: LeadID] = [:]
        for turn in turns {
            _ = try await sandboxes.advance(tenant, runtime) { max($0, turn.at) }
            guard turn.does.verb != "asks" else {
                try await SampleOffice.ask(turn.does.with.array ?? [], app, tenant, by: owner)
                continue
            }
            let lead =
                try turn.email.map { try self.lead(with: $0, of: tenant, in: database) }
                ?? turn.story.flatMap { leads[$0] }
            if let lead {
                try await step(of: lead, app, tenant, owner).take(turn.does.verb, turn.does.with)
            } else if let story = turn.story {
                leads[story] = try await begin(story, with: turn.does, app, tenant, by: owner)
            }
        }
        try await last()
        _ = try await sandboxes.advance(tenant, runtime) { max($0, .wallClock()) }
        try await end()
        try await database.write(tenant) { tx in
            try retireMailService(in: tx, by: owner)
            try tx.sandboxClock.goLive()
        }
    }

    private func step(of lead: LeadID, _ app: App, _ tenant: TenantID, _ owner: Actor) -> SampleStep {
        let services = DealsServices(app.services, app.outbox, app.composition.answers())
        return SampleStep(services: services, tenant: tenant, owner: owner, lead: lead)
    }

    /// Makes the lead of a story, and does what comes first with them: in one transaction, so that no agent writes to
    /// them before.
    private func begin(
        _ story: Int, with does: (verb: String, with: JSON), _ app: App, _ tenant: TenantID, by owner: Actor
    ) async throws -> LeadID {
        try await app.database.write(tenant) { tx in
            let lead = try makeLead(stories[story]["lead"]?.object ?? [:], in: tx, by: owner)
            try step(of: lead, app, tenant, owner).take(does.verb, does.with, in: tx)
            return lead
        }
    }

    private func lead(with email: String, of tenant: TenantID, in database: Database) throws -> LeadID {
        guard
            let lead = try database.read(
                tenant, { try Lead.resource.first(where: "email = \(email)", in: $0) })
        else { throw CommandFailure("Config/demo/relations.json: nobody has the address \(email)", nil) }
        return lead.id
    }

    /// In their order. Each happens so many working days ago: nobody does business at weekends.
    private func turns(before now: Instant, in zone: TimeZoneRules) -> [Step] {
        let today = zone.local(of: now).date.daysSinceEpoch
        // The first day of all was a Thursday.
        let workingDays = (1...400).map { today - $0 }.filter { ($0 + 3) % 7 < 5 }
        let whens: Set = ["ago", "time", "of", "every", "until"]
        func turns(_ told: JSON, of story: Int?) -> [Step] {
            func number(_ name: String) -> Int? { told[name]?.int.map { Int($0) } }
            guard let does = told.object?.members.first(where: { !whens.contains($0.key) }),
                let ago = number("ago")
            else { return [] }
            // Entries that repeat do so every so many working days, and `until` is the last.
            let days = stride(from: ago, through: number("until") ?? ago, by: -(number("every") ?? 1))
            return days.filter { workingDays.indices.contains($0 - 1) }.map { ago in
                let day = CivilDate(daysSinceEpoch: workingDays[ago - 1])
                let time = (told["time"]?.text ?? "").split(separator: ":").compactMap { Int($0) } + [9, 0]
                let local = LocalTime(day, hour: time[0], minute: time[1])
                return Step(
                    at: zone.firstInstant(atOrAfter: local), story: story, email: told["of"]?.text,
                    does: (does.key, does.value))
            }
        }
        let told = stories.enumerated().flatMap { number, story in
            (story["turns"]?.array ?? []).flatMap { turns($0, of: number) }
        }
        let others = turns(asksFrom, of: 0) + relations.flatMap { turns($0, of: nil) }
        return (told + others).sorted { $0.at < $1.at }
    }

    private func seed(in tx: Transaction, by owner: Actor) throws {
        let old = try tx.agency.tenant()
        var new = old, faults = Faults()
        _ = Tenant.schema.patch(&new, with: settings, faults: &faults)
        try faults.throwIfAny()
        try tx.update(old, to: &new, by: owner)
        if !mailService.isEmpty { try tx.connect(mailService, by: owner) }
        // A request of Friday still waits on the Monday evening on which somebody looks around.
        var policy = try tx.approvals.policy()
        policy.expiresIn = .seconds(7 * 86_400)
        _ = try tx.approvals.setPolicy(policy, by: owner)
    }

    /// Its past is to be looked at; nothing may leave by it.
    private func retireMailService(in tx: Transaction, by owner: Actor) throws {
        guard let old = try Integration.resource.first(where: "capability = 'email_sending'", in: tx) else {
            return
        }
        var new = old
        (new.status, new.error) = (
            .disabled, "Nothing leaves the sample agency: connect a service of your own."
        )
        try tx.update(old, to: &new, by: owner)
    }

    private func makeLead(_ body: JSONObject, in tx: Transaction, by owner: Actor) throws -> LeadID {
        try tx.make(Lead.self, from: body, by: owner).id
    }
}

extension Transaction {
    /// A record as its creation over the API would make it.
    func make<T: ManagedRecord>(_ type: T.Type, from body: JSONObject, by actor: Actor) throws -> T {
        var record = T(), faults = Faults()
        T.schema.create(&record, from: body, faults: &faults)
        try faults.throwIfAny()
        record.beginLife(id: nextID(), now: now)
        try create(&record, by: actor)
        return record
    }
}

extension Transaction {
    /// Connects a service without credentials, as over the API.
    func connect(_ body: JSONObject, by actor: Actor) throws {
        var integration = Integration(), faults = Faults()
        Integration.schema.create(&integration, from: body, faults: &faults)
        try faults.throwIfAny()
        integration.beginLife(id: nextID(), now: now)
        integration.hookToken = RandomToken.make(characters: 40)
        try create(&integration, by: actor)
    }
}

/// One thing that the agency, or somebody whom it sells to, does in a story.
private struct SampleStep: Sendable {
    let services: DealsServices
    let tenant: TenantID
    let owner: Actor
    let lead: LeadID

    private static let visitor = Visitor(address: "192.0.2.17", userAgent: "Mozilla/5.0 (sample)")

    func take(_ verb: String, _ with: JSON) async throws {
        let database = services.platform.database
        switch verb {
        case "replies":
            // Reading takes longer than a transaction may.
            guard let arrival = try database.read(tenant, { try answer(with.text ?? "", in: $0) }) else {
                return
            }
            _ = try await database.write(tenant) { try Inbox(services.outbox).receive(arrival, in: $0) }
        case "signs":
            let contract = try database.read(tenant) { try newest(Contract.resource, in: $0) }
            _ = try await services.sign(
                contract.id, of: tenant, name: with.text ?? "", by: Self.visitor)
        default: try await database.write(tenant) { try take(verb, with, in: $0) }
        }
    }

    func take(_ verb: String, _ with: JSON, in tx: Transaction) throws {
        switch verb {
        case "reads": try note(.opened, with, in: tx)
        case "clicks": try note(.clicked, with, in: tx)
        case "enroll": try enroll(in: tx)
        case "deal": try open(with, in: tx)
        case "views":
            try tx.proposals.noteView(
                of: newest(Proposal.resource, in: tx).id, by: Self.visitor, isRead: true)
        case "accepts":
            _ = try tx.proposals.accept(
                newest(Proposal.resource, in: tx).id, name: with.text ?? "", by: Self.visitor)
        case "declines":
            _ = try tx.proposals.decline(
                newest(Proposal.resource, in: tx).id, reason: with.text, by: Self.visitor)
        case "pays": try pay(with.text, in: tx)
        case "sets": try tx.agents.set("sales_automation", autonomy: .approve, by: owner)
        default: throw CommandFailure("Config/demo/deals.json: nobody \(verb)", nil)
        }
    }

    /// The last document of its kind that the lead got.
    private func newest<T: ManagedRecord>(_ resource: Resource<T>, in reader: some Queryable) throws -> T {
        guard
            let found = try resource.first(
                where: "lead_id = \(lead)", suffix: "ORDER BY id DESC LIMIT 1", in: reader)
        else { throw CommandFailure("Config/demo/deals.json: \(T.noun) is missing for \(lead)", nil) }
        return found
    }

    /// Notes what a reader has done with the last mail that has left, of those on a topic where one is named; nothing
    /// where none has.
    private func note(_ kind: DeliveryEvent.Kind, _ topic: JSON, in tx: Transaction) throws {
        let named: SQL = if let topic = topic.text { "AND topic = \(topic)" } else { "" }
        guard let contact = try Lead.resource.get(lead, in: tx).contactID,
            let message = try Message.resource.first(
                where: """
                    contact_id = \(contact) AND direction = 'outbound' AND sent_at IS NOT NULL \(named)
                    """, suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        else { return }
        var event = DeliveryEvent(kind)
        event.messageID = message.id
        if kind == .clicked { event.detail = "https://www.lighthouse.example/journal" }
        try Inbox(services.outbox).hear(event, in: tx)
    }

    private func enroll(in tx: Transaction) throws {
        let sequence = try MessageSequence.resource.first(
            where: "kind = 'outreach'", suffix: "ORDER BY row LIMIT 1", in: tx)
        let contact = try Lead.resource.get(lead, in: tx).contactID
        guard let sequence, let contact = try contact.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        try tx.enrollments.enroll(
            EnrollmentRequest(
                sequence, contact, lead: lead, why: Saying("message.why_owner_chose")), by: owner)
    }

    private func open(_ body: JSON, in tx: Transaction) throws {
        var deal = Deal(), faults = Faults()
        let own: JSON = ["lead_id": JSON(lead)]
        Deal.schema.create(&deal, from: body.merging(own).object ?? [:], faults: &faults)
        try faults.throwIfAny()
        deal.beginLife(id: tx.nextID(), now: tx.now)
        try services.create(&deal, by: owner, in: tx)
    }

    /// An answer to the last mail that they got.
    private func answer(_ text: String, in reader: Reader) throws -> MailArrival? {
        let lead = try Lead.resource.get(lead, in: reader)
        guard let contact = lead.contactID, let address = lead.email.flatMap({ EmailAddress($0) }) else {
            return nil
        }
        let last = try Message.resource.first(
            where: "contact_id = \(contact) AND direction = 'outbound' AND sent_at IS NOT NULL",
            suffix: "ORDER BY id DESC LIMIT 1", in: reader)
        var mail = ReceivedMail()
        mail.from = Mailbox(address, name: lead.contactName.map { HeaderText(cleaning: $0) })
        mail.recipients = [last?.sender ?? ""]
        mail.messageID = InternetMessageID("<\(reader.now.microseconds)@\(address.domain)>")
        mail.inReplyTo = last?.internetID.flatMap { InternetMessageID($0) }
        mail.subject = last?.subject.map { SubjectLine.answering($0) } ?? ""
        mail.text = text
        let zone = TimeZoneRules(named: try reader.agency.tenant().timeZone) ?? .utc
        return MailArrival(mail, at: reader.now, in: zone)
    }

    /// Pays the open invoices of the client with the newest contract.
    private func pay(_ reference: String?, in tx: Transaction) throws {
        let client = try newest(Contract.resource, in: tx).clientID
        let open = try Invoice.resource.all(
            where: "client_id = \(client) AND status IN ('open', 'overdue')", suffix: "ORDER BY id",
            in: tx)
        for invoice in open {
            var payment = Payment()
            payment.beginLife(id: tx.nextID(), now: tx.now)
            (payment.invoiceID, payment.amount, payment.reference) = (invoice.id, invoice.due, reference)
            try tx.create(&payment, by: owner)
        }
    }
}
