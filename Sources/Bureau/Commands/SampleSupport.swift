internal import Cryptography
internal import Database
internal import JSON
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Support

/// What the sample agency has written down, and who asks on its page: `Config/demo/support.json`. What they are
/// answered is up to the agents: one is, the other waits for a person.
struct SampleSupport: Sendable {
    private let articles: [JSONObject]
    private let visitors: [JSON]

    init(_ text: String) throws {
        let sample = try JSONParser.parse(text)
        articles = sample["articles"]?.array?.compactMap(\.object) ?? []
        visitors = sample["visitors"]?.array ?? []
    }

    func begin(with outbox: Outbox, in tx: Transaction, by owner: Actor) throws {
        for body in articles {
            var article = Article(), faults = Faults()
            Article.schema.create(&article, from: body, faults: &faults)
            try faults.throwIfAny()
            article.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&article, by: owner)
        }
        var chat = Integration()
        (chat.provider, chat.capability) = (Channel.webChat.rawValue, .chat)
        chat.beginLife(id: tx.nextID(), now: tx.now)
        chat.hookToken = RandomToken.make(characters: 40)
        chat.publicKey = chat.hookToken
        try tx.create(&chat, by: owner)
        for visitor in visitors {
            let address = "\(chat.id.text)/\(RandomToken.make(characters: 24))"
            for text in visitor["says"]?.array?.compactMap(\.text) ?? [] {
                var said = ReceivedChat(.webChat, from: address, text)
                (said.name, said.integration) = (visitor["name"]?.text, chat.id)
                try outbox.receive(said, in: tx)
            }
        }
    }
}
