internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Support
internal import Tenancy

/// The articles of the sample agency, the rules by which it answers, its teams, incidents and tickets, and the
/// visitors who ask on its page: `Config/demo/support.json`. Their answers are up to the agents: one gets an answer,
/// the other waits for a person.
struct SampleSupport: Sendable {
    private let articles: [JSONObject]
    private let incidents: [JSONObject]
    private let teams: [JSONObject], replies: [JSONObject]
    private let tickets: [JSON]
    private let rules: [JSON]
    private let visitors: [JSON]

    init(_ text: String) throws {
        let sample = try JSONParser.parse(text)
        func objects(_ name: String) -> [JSONObject] { sample[name]?.array?.compactMap(\.object) ?? [] }
        (articles, incidents) = (objects("articles"), objects("incidents"))
        (teams, replies) = (objects("teams"), objects("canned_replies"))
        tickets = sample["tickets"]?.array ?? []
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
        for body in replies {
            _ = try tx.make(CannedReply.self, from: body, by: owner)
        }
        try staff(by: owner, in: tx)
        try ask(TicketDesk(outbox), by: owner, in: tx)
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

    /// The teams, each with the owner in it.
    private func staff(by owner: Actor, in tx: Transaction) throws {
        for body in teams {
            var body = body
            body["members"] = [["user_id": .string(owner.id)]]
            _ = try tx.make(Team.self, from: body, by: owner)
        }
    }

    /// The tickets of the client who has the portal, and of strangers, each as far as it has come.
    private func ask(_ desk: TicketDesk, by owner: Actor, in tx: Transaction) throws {
        let person = try User.resource.first(
            where: "role = \(BuiltInRole.client.rawValue)", suffix: "ORDER BY row LIMIT 1", in: tx)
        for told in tickets {
            var ticket = Ticket.new(id: tx.nextID(), now: tx.now)
            (ticket.subject, ticket.body) = (told["subject"]?.text ?? "", told["body"]?.text ?? "")
            ticket.priority = told["priority"]?.text.flatMap { Ticket.Priority(rawValue: $0) }
            (ticket.category, ticket.source) = (told["category"]?.text, "portal")
            if told["client"] == .bool(true) {
                (ticket.clientID, ticket.contactID) = (person?.clientID, person?.contactID)
            } else {
                ticket.source = "form"
            }
            try tx.create(&ticket, by: owner)
            try settle(ticket.id, told, desk, by: owner, in: tx)
        }
    }

    private func settle(
        _ id: TicketID, _ told: JSON, _ desk: TicketDesk, by owner: Actor, in tx: Transaction
    ) throws {
        if let answer = told["answer"]?.text {
            try desk.say(answer, in: try Ticket.resource.get(id, in: tx), by: owner, in: tx)
        }
        guard let status = told["status"]?.text.flatMap({ Ticket.Status(rawValue: $0) }) else { return }
        let old = try Ticket.resource.get(id, in: tx)
        var new = old
        (new.status, new.resolution) = (status, told["resolution"]?.text)
        try tx.update(old, to: &new, by: owner)
    }
}
