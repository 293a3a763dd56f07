import Cryptography
import JSON
import Synchronization

/// Dropbox Sign: takes papers, has them signed, declined or let lapse when told to, and posts its events.
package final class DropboxSignStandIn: Sendable {
    package let apiKey = "bureau-test-dropbox-sign-key"
    package let service: ServiceStandIn
    /// The signed paper of every request.
    package static let paper = Array("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".utf8)
    private let books: Books

    package init() throws {
        let (books, key) = (Books(), Base64.encode(Array("\(apiKey):".utf8)))
        self.books = books
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Basic \(key)" else {
                return Self.failure(401, "unauthorized", "Unauthorized api key")
            }
            return books.answer(request)
        }
    }

    package static func failure(_ status: Int, _ name: String, _ message: String) -> StandInAnswer {
        let error: JSON = ["error": ["error_msg": .string(message), "error_name": .string(name)]]
        return StandInAnswer(status, error.serialized, headers: [("Content-Type", "application/json")])
    }

    // MARK: What happens there

    package var requests: [String] { books.state.withLock { $0.order } }
    /// The requests of which somebody was reminded.
    package var reminded: [String] { books.state.withLock { $0.reminded } }
    package func isCancelled(_ id: String) -> Bool {
        books.state.withLock { $0.requests[id]?["is_canceled"] == true }
    }

    /// Has whoever was asked sign; `isReady`: the paper can be fetched.
    package func sign(_ id: String, isReady: Bool = true, at second: Int64) {
        books.state.withLock { if isReady { $0.ready.insert(id) } }
        books.change(id, ["is_complete": true], ["status_code": "signed", "signed_at": .integer(second)])
    }
    package func decline(_ id: String, _ reason: String) {
        books.change(
            id, ["is_declined": true], ["status_code": "declined", "decline_reason": .string(reason)])
    }
    package func expire(_ id: String) { books.change(id, [:], ["status_code": "expired"]) }
    package func view(_ id: String, at second: Int64) {
        books.change(id, [:], ["last_viewed_at": .integer(second)])
    }
    package func finishPaper(_ id: String) { books.state.withLock { _ = $0.ready.insert(id) } }

    // MARK: Events

    /// An event as it is posted; only its time and type are signed.
    package func event(
        _ type: String, _ id: String, at second: Int64, key: String? = nil
    ) -> StandInHook {
        let hash = HMAC.sha256(key: Array((key ?? apiKey).utf8), "\(second)\(type)")
        let body: JSON = [
            "event": [
                "event_time": .string("\(second)"), "event_type": .string(type),
                "event_hash": .string(Hex.encode(hash)),
                "event_metadata": [
                    "related_signature_id": .string("s_\(id)"), "reported_for_account_id": "a1",
                ],
            ],
            "signature_request": ["signature_request_id": .string(id), "is_complete": true],
        ]
        var form = StandInForm()
        form.add("json", body.bytes)
        return StandInHook([form.header], form.body)
    }
}

private final class Books: Sendable {
    struct State {
        var requests: [String: JSON] = [:]
        var order: [String] = []
        var ready: Set<String> = []
        var reminded: [String] = []
    }

    let state = Mutex(State())

    func change(_ id: String, _ members: JSONObject, _ signature: JSONObject) {
        state.withLock { state in
            guard let request = state.requests[id], let first = request["signatures"]?.array?.first else {
                return
            }
            state.requests[id] = request.merging(.object(members)).merging([
                "signatures": [first.merging(.object(signature))]
            ])
        }
    }

    func answer(_ request: ReceivedRequest) -> StandInAnswer {
        let parts = request.path.split(separator: "/").map(String.init)
        let last = parts.last ?? ""
        return state.withLock { state in
            switch (request.method, parts.dropFirst().first, parts.dropFirst(2).first) {
            case ("GET", "account", _):
                return Self.json(["account": ["account_id": "a1", "email_address": "owner@agency.example"]])
            case ("POST", "signature_request", "send"): return Self.take(request, &state)
            case ("GET", "signature_request", "list"):
                let wanted = request.query("query")
                let found = state.order.reversed().compactMap { state.requests[$0] }
                    .filter { wanted == nil || $0["metadata"]?["bureau_id"]?.text == wanted }
                return Self.json(["list_info": ["num_pages": 1], "signature_requests": .array(found)])
            case ("POST", "signature_request", "cancel"):
                guard let known = state.requests[last], known["is_complete"] != true else {
                    return DropboxSignStandIn.failure(400, "bad_request", "Already complete")
                }
                state.requests[last] = known.merging(["is_canceled": true])
                return StandInAnswer(200, "")
            case ("POST", "signature_request", "remind"):
                let email = (try? JSONParser.parse(request.body))?["email_address"]?.text
                guard let known = state.requests[last], known["is_complete"] != true,
                    known["signatures"]?.array?.first?["signer_email_address"]?.text == email
                else { return DropboxSignStandIn.failure(400, "bad_request", "Nobody to remind") }
                state.reminded.append(last)
                return Self.json(["signature_request": known])
            case ("GET", "signature_request", "files"):
                guard state.ready.contains(last) else {
                    return DropboxSignStandIn.failure(409, "conflict", "Files are still being processed")
                }
                var answer = StandInAnswer(200, "", headers: [("Content-Type", "application/pdf")])
                answer.body = DropboxSignStandIn.paper
                return answer
            case ("GET", "signature_request", _):
                guard let known = state.requests[last] else {
                    return DropboxSignStandIn.failure(404, "not_found", "Not found")
                }
                return Self.json(["signature_request": known])
            default: return DropboxSignStandIn.failure(404, "not_found", "Not found")
            }
        }
    }

    private static func take(_ request: ReceivedRequest, _ state: inout State) -> StandInAnswer {
        guard let email = request.formField("signers[0][email_address]"), email.contains("@"),
            let name = request.formField("signers[0][name]"), request.formFile("files[0]")?.isEmpty == false
        else { return DropboxSignStandIn.failure(400, "bad_request", "This value should not be blank") }
        let id = "sr_\(state.order.count + 1)"
        let made: JSON = [
            "signature_request_id": .string(id), "test_mode": true, "title": JSON(request.formField("title")),
            "is_complete": false, "is_declined": false, "has_error": false,
            "metadata": ["bureau_id": JSON(request.formField("metadata[bureau_id]"))],
            "signing_url": .string("https://app.hellosign.com/sign/\(id)"),
            "signatures": [
                [
                    "signature_id": .string("s_\(id)"), "signer_email_address": .string(email),
                    "signer_name": .string(name), "order": 0, "status_code": "awaiting_signature",
                    "signed_at": nil, "last_viewed_at": nil,
                ]
            ],
        ]
        state.requests[id] = made
        state.order.append(id)
        return json(["signature_request": made])
    }

    private static func json(_ body: JSON) -> StandInAnswer {
        StandInAnswer(200, body.serialized, headers: [("Content-Type", "application/json")])
    }
}
