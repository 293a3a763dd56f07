import Cryptography
package import JSON

/// Trello: the cards of a board. Many of its refusals are plain text.
package final class TrelloStandIn: Sendable {
    package let key = "trello-key", token = "trello-token", secret = "bureau-trello-secret"
    package let board = "5abbe4b7ddc1b351ef961413", list = "5abbe4b7ddc1b351ef961414"
    package let service: ServiceStandIn
    package let cards: StandInRecords

    package init() throws {
        let cards = StandInRecords(from: 1) { String(repeating: "0", count: 24 - "\($0)".count) + "\($0)" }
        let sign = #"OAuth oauth_consumer_key="\#(key)", oauth_token="\#(token)""#
        let (board, list) = (board, list)
        self.cards = cards
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == sign else { return StandInAnswer(401, "invalid token") }
            let call = StandInCall(request)
            guard call.segments.first == "1" else { return Self.missing }
            let rest = Array(call.segments.dropFirst())
            switch (call.method, rest.first, rest.count) {
            case ("GET", "members", 3): return .json(200, [["name": "B", "url": "x", "closed": false]])
            case ("GET", "boards", 3) where rest[1] == board && rest[2] == "cards":
                let isAll = call.query["filter"] == "all", hasFiles = call.query["attachments"] == "true"
                let found = cards.all.filter { isAll || $0.fields["closed"]?.flag != true }
                return .json(200, .array(found.map { Self.shown($0, withFiles: hasFiles) }))
            case ("POST", "cards", 1):
                guard call.body["idList"]?.text == list else {
                    return StandInAnswer(400, "invalid value for idList")
                }
                return .json(200, Self.shown(cards.add(call.body.object ?? [:])))
            case ("POST", "webhooks", 1): return .json(200, ["id": "w1", "active": true])
            case (_, "cards", 2):
                guard rest[1].count == 24 else { return StandInAnswer(400, "invalid id") }
                guard let card = cards[rest[1]] else { return Self.missing }
                switch call.method {
                case "GET": return .json(200, Self.shown(card))
                case "PUT":
                    return .json(
                        200, cards.change(card.id, call.body.object ?? [:]).map { Self.shown($0) } ?? nil)
                default: return Self.missing
                }
            default: return Self.missing
            }
        }
    }

    private static let missing = StandInAnswer(404, "The requested resource was not found.")

    private static func shown(_ card: StandInRecords.Record, withFiles: Bool = false) -> JSON {
        let standards: JSON = ["desc": "", "due": nil, "dueComplete": false, "closed": false]
        var shown = standards.adding(card.fields).adding([
            "id": .string(card.id), "dateLastActivity": .string(card.changedAt),
            "url": .string("https://trello.com/c/\(card.id)"),
        ])
        let source = card.fields["urlSource"]
        if withFiles {
            shown = shown.adding(["attachments": source.map { [["id": "a1", "url": $0]] } ?? []])
        }
        return shown
    }

    package static let tooFast = StandInAnswer.json(
        429, ["error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"])

    /// A hook as it is signed for the address that it was created with.
    package func hook(_ body: JSON, to url: String, secret: String? = nil) -> StandInHook {
        let code = HMAC.sha1(key: Array((secret ?? self.secret).utf8), body.bytes + Array(url.utf8))
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Trello-Webhook", Base64.encode(code))], body.bytes)
    }

    package static func changed(_ card: String, action: String) -> JSON {
        [
            "action": ["id": .string(action), "type": "updateCard", "data": ["card": ["id": .string(card)]]],
            "model": ["id": "5b2"],
        ]
    }
}
