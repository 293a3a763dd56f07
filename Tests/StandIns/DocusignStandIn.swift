package import Cryptography
package import JSON
import Synchronization

/// Docusign: gives tokens for signed assertions, takes envelopes, has them signed or declined when told to, and signs
/// the events of Connect.
package final class DocusignStandIn: Sendable {
    package let integrationKey = "ik-1", userID = "usr-1", hmacKey = "bureau-test-connect-hmac-key"
    package let key = SigningKey(generating: .rsa)
    package var privateKey: String { key.pem }
    package let service: ServiceStandIn
    package static let paper = Array("%PDF-1.7\n%signed envelope\n%%EOF\n".utf8)
    private let books = Books()

    package init() throws {
        let (books, key, client, user) = (books, key, integrationKey, userID)
        service = try ServiceStandIn { request in
            switch request.path {
            case "/oauth/token": return books.token(request, key, client, user)
            case "/oauth/userinfo":
                guard books.knows(request) else { return Self.failure(401, "AUTHORIZATION_INVALID_TOKEN") }
                let account: JSON = [
                    "account_id": "acc-1", "is_default": true, "account_name": "Acme",
                    "base_uri": "https://demo.docusign.net",
                ]
                let user: JSON = ["sub": .string(user), "email": "sender@acme.test", "accounts": [account]]
                return StandInAnswer(200, user.serialized)
            default:
                guard books.knows(request) else { return Self.failure(401, "AUTHORIZATION_INVALID_TOKEN") }
                return books.answer(request)
            }
        }
    }

    package static func failure(_ status: Int, _ code: String) -> StandInAnswer {
        let body: JSON = [
            "errorCode": .string(code), "message": .string("It is so: \(code)."), "referenceId": "r",
        ]
        return StandInAnswer(status, body.serialized, headers: [("Content-Type", "application/json")])
    }

    // MARK: What happens there

    package var envelopes: [JSON] {
        books.state.withLock { state in state.order.compactMap { state.envelopes[$0] } }
    }
    /// The envelopes of which somebody was reminded.
    package var reminded: [String] { books.state.withLock { $0.reminded } }
    package var tokens: Int { books.state.withLock { $0.issued } }
    /// Every token that was given is refused from now on.
    package func expireTokens() { books.state.withLock { $0.valid = [] } }
    /// The user's consent is missing.
    package func withdrawConsent() { books.state.withLock { $0.hasConsent = false } }

    package func change(_ id: String, _ status: String, _ more: JSONObject = [:]) {
        books.state.withLock { state in
            guard let envelope = state.envelopes[id] else { return }
            state.envelopes[id] = envelope.merging(["status": .string(status)]).merging(.object(more))
        }
    }

    // MARK: Connect

    package func event(
        _ event: String, _ id: String, at moment: String, retry: Int64 = 0, key: String? = nil
    ) -> StandInHook {
        let body: JSON = [
            "event": .string(event), "apiVersion": "v2.1",
            "uri": .string("/restapi/v2.1/accounts/acc-1/envelopes/\(id)"), "retryCount": .integer(retry),
            "configurationId": 1, "generatedDateTime": .string(moment),
            "data": ["accountId": "acc-1", "userId": .string(userID), "envelopeId": .string(id)],
        ]
        let code = Base64.encode(HMAC.sha256(key: Array((key ?? hmacKey).utf8), body.bytes))
        return StandInHook(
            [
                ("Content-Type", "application/json"), ("X-DocuSign-Signature-1", "bm90IHRoaXM="),
                ("X-DocuSign-Signature-2", code),
            ], body.bytes)
    }
}

private final class Books: Sendable {
    struct State {
        var valid: Set<String> = []
        var issued = 0
        var hasConsent = true
        var envelopes: [String: JSON] = [:]
        var order: [String] = []
        var transactions: [String: String] = [:]
        var reminded: [String] = []
    }

    let state = Mutex(State())

    func knows(_ request: ReceivedRequest) -> Bool {
        state.withLock { state in state.valid.contains { request.header("Authorization") == "Bearer \($0)" } }
    }

    /// An assertion is three parts, the last of which signs the others; RSA signs the same bytes the same way.
    func token(
        _ request: ReceivedRequest, _ key: SigningKey, _ client: String, _ user: String
    ) -> StandInAnswer {
        func refusal(_ error: String) -> StandInAnswer {
            StandInAnswer(400, JSON.object(["error": .string(error)]).serialized)
        }
        let form = request.form ?? [:]
        let parts = (form["assertion"] ?? "").split(separator: ".").map(String.init)
        guard form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer", parts.count == 3,
            let claims = Base64.decodeURL(parts[1]).flatMap({ try? JSONParser.parse($0) }),
            Base64.decodeURL(parts[2]) == key.sign(Array("\(parts[0]).\(parts[1])".utf8))
        else { return refusal("invalid_grant") }
        guard claims["iss"]?.text == client, claims["sub"]?.text == user,
            claims["scope"]?.text == "signature impersonation", claims["aud"]?.text == request.header("Host"),
            let begins = claims["iat"]?.int, let ends = claims["exp"]?.int, ends - begins <= 3600
        else { return refusal("invalid_request") }
        return state.withLock { state in
            guard state.hasConsent else { return refusal("consent_required") }
            state.issued += 1
            let token = "token-\(state.issued)"
            state.valid.insert(token)
            let answer: JSON = ["access_token": .string(token), "token_type": "Bearer", "expires_in": 3600]
            return StandInAnswer(200, answer.serialized)
        }
    }

    func answer(_ request: ReceivedRequest) -> StandInAnswer {
        let root = "/restapi/v2.1/accounts/acc-1/envelopes"
        guard request.path.hasPrefix(root) else {
            return DocusignStandIn.failure(404, "ENVELOPE_DOES_NOT_EXIST")
        }
        let parts = request.path.dropFirst(root.count).split(separator: "/").map(String.init)
        return state.withLock { state in
            guard let id = parts.first else {
                return request.method == "POST" ? Self.take(request, &state) : Self.list(request, state)
            }
            guard let envelope = state.envelopes[id] else {
                return DocusignStandIn.failure(404, "ENVELOPE_DOES_NOT_EXIST")
            }
            switch (request.method, parts.dropFirst().first) {
            case ("PUT", nil):
                guard ["sent", "delivered"].contains(envelope["status"]?.text) else {
                    return DocusignStandIn.failure(400, "ENVELOPE_CANNOT_VOID_INVALID_STATE")
                }
                if request.query("resend_envelope") == "true" {
                    state.reminded.append(id)
                    return StandInAnswer(200, "{}")
                }
                state.envelopes[id] = envelope.merging((try? JSONParser.parse(request.body)) ?? .null)
                return StandInAnswer(200, "{}")
            case (_, "recipients"):
                return Self.json(["signers": envelope["recipients"]?["signers"] ?? []])
            case (_, "documents"):
                guard envelope["status"] == "completed" else {
                    return DocusignStandIn.failure(400, "NOT_COMPLETED")
                }
                var answer = StandInAnswer(200, "", headers: [("Content-Type", "application/pdf")])
                answer.body = DocusignStandIn.paper
                return answer
            default: return Self.json(envelope)
            }
        }
    }

    private static func take(_ request: ReceivedRequest, _ state: inout State) -> StandInAnswer {
        guard let body = try? JSONParser.parse(request.body), body["status"] == "sent",
            let signer = body["recipients"]?["signers"]?.array?.first,
            signer["email"]?.text?.contains("@") == true,
            let paper = body["documents"]?.array?.first?["documentBase64"]?.text.flatMap({ Base64.decode($0) }
            ),
            paper.starts(with: Array("%PDF-".utf8)), signer["tabs"]?["signHereTabs"]?.array?.isEmpty == false
        else { return DocusignStandIn.failure(400, "INVALID_REQUEST_PARAMETER") }
        if let hook = body["eventNotification"],
            hook["deliveryMode"] != "SIM" || hook["includeHMAC"] != "true"
        {
            return DocusignStandIn.failure(400, "INVALID_REQUEST_PARAMETER")
        }
        let transaction = body["transactionId"]?.text ?? ""
        let id = state.transactions[transaction] ?? "env-\(state.order.count + 1)"
        if state.envelopes[id] == nil {
            state.order.append(id)
            state.envelopes[id] = body.merging(["envelopeId": .string(id)])
            state.transactions[transaction] = id
        }
        return json(
            ["envelopeId": .string(id), "uri": .string("/envelopes/\(id)"), "status": "sent"], status: 201)
    }

    private static func list(_ request: ReceivedRequest, _ state: State) -> StandInAnswer {
        guard request.query("from_date") != nil else {
            return DocusignStandIn.failure(400, "INVALID_REQUEST_PARAMETER")
        }
        let wanted = request.query("custom_field")?.replacing("bureau_id%3D", with: "")
        let found = state.order.compactMap { state.envelopes[$0] }.filter { envelope in
            envelope["customFields"]?["textCustomFields"]?.array?.contains { $0["value"]?.text == wanted }
                == true
        }
        let size: JSON = .string("\(found.count)")
        return json(
            found.isEmpty ? ["resultSetSize": "0"] : ["resultSetSize": size, "envelopes": .array(found)])
    }

    private static func json(_ body: JSON, status: Int = 200) -> StandInAnswer {
        StandInAnswer(status, body.serialized, headers: [("Content-Type", "application/json")])
    }
}
