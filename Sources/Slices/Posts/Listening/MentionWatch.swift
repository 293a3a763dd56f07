internal import Agents
package import Database
internal import Integrations
internal import Intelligence
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

/// Hears what people say to accounts where everybody reads it: how each word sounds is kept by the day.
struct MentionWatch: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "message.received", let id = event.subject.id(of: Nouns.Message.self),
            let network = JSON(stored: event.data)["channel"]?.text.flatMap(Channel.init(rawValue:))?.network,
            let message = try Message.resource.find(id, in: tx.unlimited)
        else { return }
        try tx.unlimited.mentions.hear(message, on: network)
    }
}

extension Channel {
    /// The network whose comments come over it; `nil`: none do.
    fileprivate var network: SocialNetwork? {
        switch self {
        case .x: .x
        case .linkedin: .linkedin
        case .youtube: .youtube
        case .instagram: .instagram
        case .messenger: .facebook
        case .email, .whatsapp, .telegram, .sms, .slack, .webChat, .portal: nil
        }
    }
}

/// Mentions of the agency and its clients on networks, and their mood: `tx.mentions`.
package struct MentionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var mentions: MentionStore<Self> { MentionStore(tx: self) }
}

extension MentionStore where Base == Transaction {
    /// Keeps how a message sounds that everybody reads; what somebody writes to an account alone is not counted.
    fileprivate func hear(_ message: Message, on network: SocialNetwork) throws {
        guard !message.isAutomatic, !message.text.isEmpty, let id = message.integrationID,
            let own = message.sender.flatMap({ CommentAddress.own(of: $0) })
        else { return }
        let client = try Integration.resource.find(id, in: tx)?.clientID
        let sentiment = Sentiment.read(message.text)
        var mention = Mention.new(id: tx.nextID(), now: tx.now)
        (mention.network, mention.integrationID, mention.clientID) = (network, id, client)
        mention.accountID = try account(called: own, on: network, of: client)
        (mention.messageID, mention.conversationID) = (message.id, message.conversationID)
        mention.day = try tx.agency.zone().local(of: tx.now).date
        mention.tone = Mention.Tone(rawValue: sentiment.tone.rawValue) ?? .neutral
        mention.score = sentiment.score
        try Mention.resource.insert(&mention, in: tx)
        try wakeMood(of: id)
    }

    /// Returns the account to which something was said: the one whose integration has the network's name for it, else
    /// the only one that its client has there.
    private func account(
        called own: String, on network: SocialNetwork, of client: ClientID?
    ) throws -> SocialAccountID? {
        var condition: SQL = "network = \(network.rawValue)"
        condition += client.map { id -> SQL in " AND client_id = \(id)" } ?? " AND client_id IS NULL"
        let accounts = try SocialAccount.resource.all(
            where: condition, suffix: "ORDER BY id LIMIT 100", in: tx)
        let named = try accounts.first { account in
            guard let id = account.integrationID,
                let integration = try Integration.resource.find(id, in: tx)
            else { return false }
            return integration.settings.members.contains { $0.value.text == own }
        }
        return (named ?? (accounts.count == 1 ? accounts[0] : nil))?.id
    }

    /// Has the mood around an account looked at, now or at a later moment.
    func wakeMood(of integration: IntegrationID, at moment: Instant? = nil) throws {
        if moment == nil, let job = try tx.jobs.live(WatchMoodJob.self, uniqueKey: integration) {
            try tx.jobs.hasten(job)
        }
        try tx.jobs.enqueue(
            WatchMoodJob.self, .init(integration: integration),
            JobOptions(
                runAt: moment, uniqueKey: integration, uniqueness: .untilStarted,
                subject: Subject(integration)))
    }
}
