internal import Agents
internal import Database
internal import JSON
internal import Jobs
package import Messages
package import Nouns
package import Records
package import Social
package import Telemetry

/// Something that people have said to an account where everybody reads it, and how it sounds: one row of
/// `social_mentions`. Its words are those of the message.
package struct Mention: ManagedRecord {
    package enum Tone: String, Choice { case negative, neutral, positive }

    package var head = Head<Mention>()
    package var network = SocialNetwork.x
    package var accountID: SocialAccountID?
    package var clientID: ClientID?
    package var integrationID: IntegrationID?
    package var conversationID: ID<Conversation>?
    package var messageID: MessageID?
    package var day = CivilDate(daysSinceEpoch: 0)
    package var tone = Tone.neutral
    package var score = 0.0

    package init() {}

    /// The days for which the tone of a mention is known.
    static let keptDays = 730

    package static let idPrefix = "mention", noun = "social_mention"
    package static let resource = Resource<Mention>(
        "social_mentions", named: "SocialMention",
        console: ConsoleForm(
            columns: ["day", "network", "tone", "score", "conversation_id"],
            filters: ["network", "account_id", "tone"]),
        [
            .choice(
                "network", \.network, .readOnly, .filterable, .about("The network on which it was said.")),
            .id(
                "account_id", \.accountID, .readOnly, .filterable,
                .about("The account to which it was said; null: it is not among the agency's accounts.")),
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client whose account it is.")),
            .id(
                "integration_id", \.integrationID, .readOnly, .filterable,
                .about("The integration that has brought it.")),
            .id(
                "conversation_id", \.conversationID, .readOnly, .filterable,
                .about("The conversation that it is in; on a network each person has one of their own.")),
            .id("message_id", \.messageID, .readOnly, .about("The message with its words.")),
            .date(
                "day", \.day, .readOnly, .filterable, .sortable,
                .about("The day on which it was received, by the agency's clock.")),
            .choice(
                "tone", \.tone, .readOnly, .filterable, .about("Whether it sounds good, bad or neither.")),
            .number(
                "score", \.score, in: -1...1, .readOnly,
                .about("How good it sounds: 1 is praise, -1 is blame.")),
        ])
}

/// The mentions that are asked for: of an account, of all of a client or of the agency itself, on a network.
struct MentionFilter: Hashable, Sendable {
    var account: SocialAccountID?
    var client: ClientID?
    var network: SocialNetwork?
    var integration: IntegrationID?
    /// Whether only what is said to the agency's own accounts is.
    var isOwn = false

    /// The further conditions of a statement on `social_mentions`, each after AND; a reader who is limited sees their
    /// own clients' alone.
    func conditions(in reader: some Queryable) -> SQL {
        var sql: SQL = ""
        if let account { sql += " AND account_id = \(account)" }
        if let client { sql += " AND client_id = \(client)" }
        if isOwn { sql += " AND client_id IS NULL" }
        if let network { sql += " AND network = \(network.rawValue)" }
        if let integration { sql += " AND integration_id = \(integration)" }
        return sql + reader.limit(on: "social_mentions")
    }

    /// Names them in addresses.
    var query: String {
        var text = ""
        if let account { text += "&account_id=\(account)" }
        if let client { text += "&client_id=\(client)" }
        if let network { text += "&network=\(network.rawValue)" }
        return text
    }
}
