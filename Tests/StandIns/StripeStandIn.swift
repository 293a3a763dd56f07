import Cryptography
package import JSON
import Synchronization

/// Stripe: opens and closes checkouts, pays them when told to, gives money back, knows what it was asked before by the
/// key, and signs its events.
package final class StripeStandIn: Sendable {
    package let secretKey = "sk_test_bureau", webhookSecret = "whsec_bureautestsecret"
    package let service: ServiceStandIn
    private let books: Books

    package init() throws {
        let (key, books) = (secretKey, Books())
        self.books = books
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(key)" else {
                return Self.failure(401, "invalid_request_error", "Invalid API Key provided: sk_****")
            }
            guard request.method == "POST" else { return books.answer(request.path, request) }
            guard let name = request.header("Idempotency-Key"), let form = request.form else {
                return Self.failure(
                    400, "invalid_request_error", "A form and an Idempotency-Key are expected here.")
            }
            return books.once(name, request.path, form)
        }
    }

    package static func failure(
        _ status: Int, _ type: String, _ message: String, code: String? = nil,
        headers: [(String, String)] = []
    ) -> StandInAnswer {
        var error: JSONObject = ["type": .string(type), "message": .string(message)]
        if let code { error.append("code", .string(code)) }
        return StandInAnswer(
            status, JSON.object(["error": .object(error)]).serialized,
            headers: [("Request-Id", "req_standin")] + headers)
    }

    // MARK: What happens there

    /// The client pays an open checkout; answers the session as it is then, or `nil` where it is not open.
    package func pay(_ session: String) -> JSON? { books.pay(session) }

    /// The number of checkouts that were opened, and the sum that was given back.
    package var opened: Int { books.state.withLock { $0.sessions.count } }
    package var refunded: Int64 { books.state.withLock { $0.refunds.values.reduce(0) { $0 + $1.amount } } }
    package func status(of session: String) -> String? {
        books.state.withLock { $0.sessions[session]?["status"]?.text }
    }

    // MARK: Events

    /// An event about an object, signed at a moment in seconds; `older` is a secret that was rolled.
    package func event(
        _ type: String, _ object: JSON, id: String, at seconds: Int64, livemode: Bool = false,
        older: String? = nil
    ) -> StandInHook {
        let body: JSON = [
            "id": .string(id), "object": "event", "api_version": "2026-06-24.dahlia",
            "created": .integer(seconds),
            "type": .string(type), "livemode": .bool(livemode), "data": ["object": object],
        ]
        return sign(body.bytes, at: seconds, older: older)
    }

    package func sign(_ body: [UInt8], at seconds: Int64, older: String? = nil) -> StandInHook {
        let secrets = [older, webhookSecret].compactMap(\.self)
        let signatures = secrets.map { secret in
            "v1=" + Hex.encode(HMAC.sha256(key: Array(secret.utf8), Array("\(seconds).".utf8) + body))
        }
        let header = (["t=\(seconds)"] + signatures + ["v0=00"]).joined(separator: ",")
        return StandInHook([("Content-Type", "application/json"), ("Stripe-Signature", header)], body)
    }
}

private final class Books: Sendable {
    struct State {
        var sessions: [String: JSON] = [:]
        var refunds: [String: (intent: String, amount: Int64, key: String)] = [:]
        /// The question and the answer under each key.
        var answers: [String: (form: [String: String], answer: StandInAnswer)] = [:]
    }

    let state = Mutex(State())

    func once(_ key: String, _ path: String, _ form: [String: String]) -> StandInAnswer {
        state.withLock { state in
            if let known = state.answers[key] {
                guard known.form == form else {
                    return StripeStandIn.failure(
                        400, "idempotency_error",
                        "Keys for idempotent requests can only be used with the same form.")
                }
                var answer = known.answer
                answer.headers.append(("Idempotent-Replayed", "true"))
                return answer
            }
            let answer = Self.post(path, form, &state)
            if answer.status == 200 { state.answers[key] = (form, answer) }
            return answer
        }
    }

    private static func post(_ path: String, _ form: [String: String], _ state: inout State) -> StandInAnswer
    {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.count, parts.dropFirst().first, parts.last) {
        case (3, "checkout", "sessions"):
            let id = "cs_\(state.sessions.count + 1)"
            guard let amount = form["line_items[0][price_data][unit_amount]"].flatMap({ Int64($0) }),
                amount > 0,
                form["mode"] == "payment", let success = form["success_url"], success.hasPrefix("http")
            else { return StripeStandIn.failure(400, "invalid_request_error", "Missing required param.") }
            let session: JSON = [
                "id": .string(id), "object": "checkout.session", "status": "open", "payment_status": "unpaid",
                "url": .string("https://checkout.stripe.test/c/\(id)"), "amount_total": .integer(amount),
                "currency": JSON(form["line_items[0][price_data][currency]"]), "payment_intent": nil,
                "client_reference_id": JSON(form["client_reference_id"]),
            ]
            state.sessions[id] = session
            return StandInAnswer(200, session.serialized)
        case (5, "checkout", "expire"):
            guard let session = state.sessions[parts[3]], session["status"] == "open" else {
                return StripeStandIn.failure(
                    400, "invalid_request_error",
                    "Only Checkout Sessions with a status in [\"open\"] can be expired.")
            }
            state.sessions[parts[3]] = session.merging(["status": "expired"])
            return StandInAnswer(200, state.sessions[parts[3]]?.serialized ?? "")
        case (2, "refunds", _): return refund(form, &state)
        default:
            return StripeStandIn.failure(404, "invalid_request_error", "Unrecognized request URL: \(path)")
        }
    }

    private static func refund(_ form: [String: String], _ state: inout State) -> StandInAnswer {
        let intent = form["payment_intent"] ?? "", amount = form["amount"].flatMap { Int64($0) } ?? 0
        let paid =
            state.sessions.values.first { $0["payment_intent"]?.text == intent }?["amount_total"]?.int ?? 0
        let before = state.refunds.values.filter { $0.intent == intent }.reduce(0) { $0 + $1.amount }
        guard amount > 0, before + amount <= paid else {
            return StripeStandIn.failure(
                400, "invalid_request_error", "Refund amount is greater than unrefunded amount on charge",
                code: "charge_already_refunded")
        }
        let id = "re_\(state.refunds.count + 1)"
        state.refunds[id] = (intent, amount, form["metadata[refund]"] ?? "")
        let answer: JSON = [
            "id": .string(id), "object": "refund", "status": "succeeded", "amount": .integer(amount),
            "charge": ["id": "ch_1", "amount_refunded": .integer(before + amount)],
        ]
        return StandInAnswer(200, answer.serialized)
    }

    func answer(_ path: String, _ request: ReceivedRequest) -> StandInAnswer {
        state.withLock { state in
            if path == "/v1/balance" {
                return StandInAnswer(200, #"{"object":"balance","livemode":false}"#)
            }
            if path == "/v1/refunds" {
                let found = state.refunds.filter { $0.value.intent == request.query("payment_intent") }
                let list = found.map { id, refund -> JSON in
                    [
                        "id": .string(id), "status": "succeeded", "metadata": ["refund": .string(refund.key)],
                        "charge": "ch_1",
                    ]
                }
                return StandInAnswer(200, JSON.object(["object": "list", "data": .array(list)]).serialized)
            }
            guard let session = state.sessions[String(path.split(separator: "/").last ?? "")] else {
                return StripeStandIn.failure(
                    404, "invalid_request_error", "No such object", code: "resource_missing")
            }
            return StandInAnswer(200, session.serialized)
        }
    }

    func pay(_ id: String) -> JSON? {
        state.withLock { state in
            guard let session = state.sessions[id], session["status"] == "open" else { return nil }
            let paid = session.merging([
                "status": "complete", "payment_status": "paid", "payment_intent": .string("pi_\(id)"),
                "customer_details": ["name": "Ann Example"],
            ])
            state.sessions[id] = paid
            return paid
        }
    }
}

extension ReceivedRequest {
    /// The fields of a form, decoded.
    package var form: [String: String]? {
        guard header("Content-Type") == "application/x-www-form-urlencoded" else { return nil }
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            fields[Self.decoded(halves[0])] = halves.count > 1 ? Self.decoded(halves[1]) : ""
        }
        return fields
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = [], rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
