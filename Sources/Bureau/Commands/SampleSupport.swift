internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import People
internal import Records
internal import Support

/// The articles of the sample agency, the rules by which it answers, its incidents, and the visitors who ask on its
/// page: `Config/demo/support.json`. Their answers are up to the agents: one gets an answer, the other waits for a
/// person.
struct SampleSupport: Sendable {
    private let articles: [JSONObject]
    private let incidents: [JSONObject]
    private let rules: [JSON]
    private let visitors: [JSON]

    init(_ text: String) throws {
        let sample = try JSONParser.parse(text)
        articles = sample["articles"]?.array?.compactMap(\.object) ?? []
        incidents = sample["incidents"]?.array?.compactMap(\.object) ?? []
        rules = sample["rules"]?.array ?? []
        visitors = sample["visitors"]?.array ?? []
    }

    /// The public key of the chat on its page, where it is there already.
    static func chatKey(in reader: Reader) throws -> String? {
        try Integration.resource.first(
            where: "provider = \(Channel.webChat.rawValue)", suffix: "ORDER BY row LIMIT 1", in: reader)?
            .publicKey
    }

    func begin(with outbox: Outbox, in tx: Transaction, by owner: Actor) throws {
        for body in articles {
            _ = try tx.make(Article.self, from: body, by: owner)
        }
        for body in incidents {
            _ = try tx.make(ServiceIncident.self, from: body, by: owner)
        }
        for rule in rules {
            let name = rule["name"] ?? .null
            let macro = try tx.make(
                Macro.self, from: ["name": name, "reply": rule["reply"] ?? .null], by: owner)
            _ = try tx.make(
                TicketTrigger.self,
                from: [
                    "name": name, "words": rule["words"] ?? .null, "answers": true,
                    "macro_id": JSON(macro.id),
                ], by: owner)
        }
        var chat = Integration()
        (chat.provider, chat.capability) = (Channel.webChat.rawValue, .chat)
        chat.beginLife(id: tx.nextID(), now: tx.now)
        chat.hookToken = RandomToken.make(characters: 40)
        chat.publicKey = chat.hookToken
        try tx.create(&chat, by: owner)
        for visitor in visitors {
            let address = "\(chat.id)/\(RandomToken.make(characters: 24))"
            for text in visitor["says"]?.array?.compactMap(\.text) ?? [] {
                var said = ReceivedChat(.webChat, from: address, text)
                (said.name, said.integration) = (visitor["name"]?.text, chat.id)
                try Inbox(outbox).receive(said, in: tx)
            }
        }
    }
}
