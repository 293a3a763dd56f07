import Cryptography
import Foundation
package import JSON
import Synchronization

/// The lead forms of a page of Facebook, as the Graph API has them.
package final class MetaLeadShelf: Sendable {
    package static let secret = "bureau-test-app-secret", verifyToken = "verify-1"
    private static let forms = ["8001": "Ask for a quote"]

    private struct State {
        var leads: [(id: String, at: Double, fields: JSONObject)] = []
        var subscriptions: [String] = []
    }

    private let state = Mutex(State())

    /// The page's messages to its app.
    package var subscriptions: [String] { state.withLock { $0.subscriptions } }

    /// Somebody fills in the form of the page.
    package func fill(
        _ id: String, _ fields: [(String, String)], more: JSONObject = [:], ago seconds: Double = 60
    ) {
        let at = Date().timeIntervalSince1970 - seconds
        let time = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: at))
        var lead: JSONObject = [
            "id": .string(id), "form_id": "8001", "created_time": .string(time.replacing("Z", with: "+0000")),
            "field_data": .array(
                fields.map { ["name": .string($0.0), "values": [.string($0.1)]] }),
        ]
        for (name, value) in more.members { lead[name] = value }
        state.withLock { $0.leads.append((id, at, lead)) }
    }

    /// Answers what is asked of forms; `nil`: it is something else.
    func answer(_ request: ReceivedRequest, _ node: String, _ edge: String, page: String) -> StandInAnswer? {
        state.withLock { state in
            switch (request.method, edge) {
            case ("GET", "leadgen_forms") where node == page:
                let forms = Self.forms.map { id, name -> JSON in
                    ["id": .string(id), "name": .string(name), "status": "ACTIVE"]
                }
                return .json(200, ["data": .array(forms)])
            case ("POST", "subscribed_apps") where node == page:
                state.subscriptions.append(request.form?["subscribed_fields"] ?? "")
                return .json(200, ["success": true])
            case ("GET", "leads") where Self.forms[node] != nil: return Self.list(request, state)
            case ("GET", "") where Self.forms[node] != nil:
                return .json(200, ["id": .string(node), "name": JSON(Self.forms[node])])
            case ("GET", ""):
                return state.leads.first { $0.id == node }.map { .json(200, .object($0.fields)) }
            default: return nil
            }
        }
    }

    private static func list(_ request: ReceivedRequest, _ state: State) -> StandInAnswer {
        guard let text = request.query("filtering")?.removingPercentEncoding,
            let filter = try? JSONParser.parse(Array(text.utf8)).array?.first,
            filter["field"] == "time_created", filter["operator"] == "GREATER_THAN",
            let since = filter["value"]?.int
        else { return GraphPublishingStandIn.refusal(400, 100, nil, "(#100) Invalid parameter") }
        let all = state.leads.filter { $0.at > Double(since) }
        let offset = request.query("after").flatMap { Int($0) } ?? 0
        let page = all.dropFirst(offset).prefix(2).map { JSON.object($0.fields) }
        var answer: JSONObject = ["data": .array(page)]
        if offset + page.count < all.count {
            answer["paging"] = [
                "cursors": ["after": .string("\(offset + page.count)")], "next": "https://graph.example/next",
            ]
        }
        return .json(200, .object(answer))
    }

    /// A notice of a lead, as it is signed.
    package func notice(_ id: String, page: String = "555") -> StandInHook {
        let body: JSON = [
            "object": "page",
            "entry": [
                [
                    "id": .string(page), "time": 1_767_225_600,
                    "changes": [
                        [
                            "field": "leadgen",
                            "value": [
                                "leadgen_id": .string(id), "page_id": .string(page), "form_id": "8001",
                                "created_time": 1_767_225_600,
                            ],
                        ]
                    ],
                ]
            ],
        ]
        let code = Hex.encode(HMAC.sha256(key: Array(Self.secret.utf8), body.bytes))
        return StandInHook(
            [("Content-Type", "application/json"), ("X-Hub-Signature-256", "sha256=\(code)")], body.bytes)
    }
}
