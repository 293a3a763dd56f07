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
internal import Wording

/// Thanks clients for what was reached together. Nothing is said that has no record, and at most one such message in
/// thirty days. It is marketing to the outbox, which keeps it from leaving at a bad moment.
struct Gratitude {
    static let agent = "client_management"
    /// The topics that count for the rest: thanks for a referral do not.
    private static let topics = ["client_welcome"] + Occasion.Topic.allCases.map(\.rawValue)

    let services: DeliveryServices
    let client: Client
    let today: CivilDate
    let run: AgentRun

    /// Writes to a client for the best occasion there is; answers whether there is one. The choice is a decision about
    /// the person, once for each occasion and what was concluded.
    func thank(in tx: Transaction) throws -> Bool {
        let occasions = try Occasions(client: client, today: today, dependencies: services.dependencies)
            .all(in: tx)
        guard !occasions.isEmpty,
            var contact = try tx.contacts.addressee(
                client.contactID, email: client.contactEmail, named: client.name)
        else { return false }
        contact.clientID = client.id
        guard let channel = try outbox.channels.wayTo(contact, .marketing, in: tx) else { return false }
        var facts = GratitudeFacts(client: client.id, at: tx.now)
        facts.candidates = occasions.map { .init(topic: $0.topic, key: $0.key) }
        facts.lastAt = try lastThanks(to: contact, in: tx)
        let choice = GratitudeChoice(facts)
        guard let best = choice.best else { return false }
        let decision = try tx.decisions.conclude(
            for: Self.agent,
            on: "gratitude/\(best.key)/\(choice.chosen == nil ? GratitudeChoice.resting : "written")",
            Subject(contact.id), choice.conclusion, under: run.configuration.version)
        guard let chosen = choice.chosen, let occasion = occasions.first(where: { $0.key == chosen.key })
        else { return false }
        let tenant = try tx.agency.tenant()
        let words = try tx.wordings.find(contact.locale ?? tenant.locale)
        let worded = try outbox.write(
            StandardText(.gratitude), to: contact, in: contact.locale ?? tenant.locale, client: client.id,
            ["thanks": occasion.values(words, tier: client.tier)], in: tx)
        var draft = MessageDraft(
            channel, to: contact, .marketing, subject: channel == .email ? worded.subject : nil,
            body: worded.body, by: .agent(Self.agent), cause: .init("gratitude", client.id),
            key: occasion.key)
        (draft.run, draft.decision, draft.template) = (.agent(run.id), decision.id, worded.template)
        draft.topic = occasion.topic.rawValue
        draft.sources = .array(occasion.allSources.map(\.json))
        draft.why = occasion.topic.why.saying()
        return try outbox.offer(draft, in: tx) != nil
    }

    private var outbox: Outbox { services.outbox }

    /// When the person got such a message last, whatever the occasion.
    private func lastThanks(to contact: Contact, in tx: Transaction) throws -> Instant? {
        try tx.first(
            """
            SELECT max(created_at) FROM messages
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND direction = 'outbound'
                AND topic IN \(list: Self.topics) AND created_at > \(tx.now - GratitudeChoice.rest)
                AND status NOT IN ('cancelled', 'failed')
            """
        ) { $0.optionalInstant(0) } ?? nil
    }
}

/// A reason to write to a client, with what may be said of it.
struct Occasion {
    /// The best one first.
    enum Topic: String, CaseIterable, Sendable {
        case goalReached = "goal_reached"
        case campaignTarget = "campaign_target"
        case campaignThanks = "campaign_thanks"
        case projectCompleted = "project_completed"
        case anniversary = "client_anniversary"
        case upcoming = "upcoming_milestone"

        var why: MessageWhy {
            switch self {
            case .goalReached: .goalReached
            case .campaignTarget: .campaignTarget
            case .campaignThanks: .campaignThanks
            case .projectCompleted: .projectCompleted
            case .anniversary: .clientAnniversary
            case .upcoming: .upcomingMilestone
            }
        }
    }

    /// The length of a relationship, as texts tell it apart.
    enum Length: String {
        /// Up to the second year.
        case first
        /// From two years to four.
        case some
        /// Five years and more.
        case many

        init(years: Int) { self = years < 2 ? .first : years < 5 ? .some : .many }
    }

    let topic: Topic
    /// Names it among all: nobody is told twice.
    let key: String
    /// The records that it rests on.
    let sources: [Subject]
    /// Says it with its figures, as the reader's language writes them.
    let say: (Wording, TextLocale) -> (subject: String, text: String)
    /// The steps that are ahead, as far as any is known.
    let next: [NextStep]
    /// The time that the client has been one; `nil`: nobody knows, or the text says it.
    var length: Length?
    /// The number of goals reached and projects completed so far, where the text does not say it.
    var achieved = 0

    /// The records of all that is told, of what is ahead, too.
    var allSources: [Subject] {
        next.flatMap(\.sources).reduce(into: sources) { all, one in
            if !all.contains(one) { all.append(one) }
        }
    }

    /// The sentences that a text may use: what was reached, with its figures, and what may come next, as the client's
    /// tier, the length of the relationship and what was achieved before have it.
    func values(_ words: Wording, tier: Client.Tier) -> JSON {
        let locale = TextLocale(words.asked), (subject, text) = say(words, locale)
        // A first one has been told by the text.
        let past = achieved > 1 ? words("gratitude.achieved", ["count": .number(achieved)]) : nil
        return [
            "topic": .string(topic.rawValue), "tier": .string(tier.rawValue), "subject": .string(subject),
            "text": .string(text), "achieved": JSON(past),
            "relationship": JSON(
                length.map { words("gratitude.length", ["length": .text($0.rawValue)]) }),
            "next": JSON(next.isEmpty ? nil : next.map { $0.said(words, locale) }.joined(separator: " ")),
            "closing": .string(words("gratitude.closing", ["tier": .text(tier.rawValue)])),
        ]
    }
}
