package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Dropbox Sign: https://developers.hellosign.com/api. Papers are sent for signature by mail.
package struct DropboxSign: Signatures {
    package let name = "dropbox_sign"
    package let title = "Dropbox Sign"
    package let capabilities: Set<Capability> = [.signatures]
    package let credentials = [
        CredentialField("api_key", "The account's API key, which also proves the webhooks.")
    ]
    package let settings = [
        SettingField(
            "test_mode", .boolean,
            "Whether papers are sent in test mode, which costs nothing and binds nobody; no by default.")
    ]
    package let baseURL: String? = "https://api.hellosign.com"
    package var endpoint: (any HookEndpoint)? { self }

    private let wire: ServiceWire
    private static let paperMax = 40 << 20

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: "Dropbox Sign", outbound: outbound, now: now, deadline: deadline)
    }

    // MARK: Requests for signatures

    package func request(
        _ order: SignatureOrder, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding {
        var form = MultipartForm()
        form.add("title", order.title)
        form.add("subject", order.title)
        if !order.message.isEmpty { form.add("message", order.message) }
        form.add("signers[0][email_address]", order.email)
        form.add("signers[0][name]", order.name)
        form.add("signers[0][order]", "0")
        form.add("metadata[bureau_id]", order.id)
        if access.settings["test_mode"]?.flag == true { form.add("test_mode", "1") }
        form.add("files[0]", fileName: "contract.pdf", mediaType: "application/pdf", order.document)
        let (type, bytes) = form.encoded
        var request = ServiceWire.Request(
            "POST", url("signature_request/send", access),
            headers: [Self.key(access), (name: "Content-Type", value: type)], isDoubtful: true)
        request.body = bytes
        let answer = try await wire.ask(request, access, reach, words: Self.words)
        return try standing(in: answer["signature_request"], "POST")
    }

    package func find(
        _ order: String, since start: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding? {
        let path = "signature_request/list?page_size=100&query=\(order.percentEncoded)"
        let answer = try await get(path, access, reach)
        guard let requests = answer["signature_requests"]?.array else { throw wire.unreadable() }
        guard let found = requests.first(where: { $0["metadata"]?["bureau_id"]?.text == order }) else {
            return nil
        }
        return try standing(in: found)
    }

    package func standing(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> SignatureStanding {
        let answer = try await get("signature_request/\(request.percentEncoded)", access, reach)
        let standing = try standing(in: answer["signature_request"])
        guard standing.id == request else { throw wire.unreadable() }
        return standing
    }

    package func paper(
        of request: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [UInt8] {
        var question = ServiceWire.Request(
            "GET", url("signature_request/files/\(request.percentEncoded)?file_type=pdf", access),
            headers: [Self.key(access)])
        question.sizeMax = Self.paperMax
        let response: HTTPClientResponse
        do throws(ToolFailure) {
            response = try await wire.send(question, access, reach, words: Self.words)
        } catch {
            guard reach.status == 409 else { throw error }
            throw ToolFailure("not_ready", error.detail, isRetryable: true, retryAfter: .seconds(15))
        }
        guard response.body.starts(with: Array("%PDF-".utf8)) else { throw wire.unreadable() }
        return response.body
    }

    package func void(
        _ request: String, because reason: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let question = ServiceWire.Request(
            "POST", url("signature_request/cancel/\(request.percentEncoded)", access),
            headers: [Self.key(access)])
        _ = try await wire.send(question, access, reach, words: Self.words)
    }

    package let remindsByItself = false

    package func remind(
        _ request: String, _ email: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let question = ServiceWire.Request(
            "POST", url("signature_request/remind/\(request.percentEncoded)", access),
            headers: [Self.key(access)], json: ["email_address": .string(email)], isDoubtful: true)
        _ = try await wire.send(question, access, reach, words: Self.words)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let request = ServiceWire.Request("GET", url("account", access), headers: [Self.key(access)])
        return await wire.check(request, access) { answer in
            answer["account"]?["email_address"]?.words.map { "Signed in as \($0)." }
        }
    }

    // MARK: Answers

    private func get(
        _ path: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let request = ServiceWire.Request("GET", url(path, access), headers: [Self.key(access)])
        return try await wire.ask(request, access, reach, words: Self.words)
    }

    private func url(_ path: String, _ access: IntegrationAccess) -> String {
        "\(access.baseURL)/v3/\(path)"
    }

    private static func key(_ access: IntegrationAccess) -> (name: String, value: String) {
        ServiceWire.basic(access.credential("api_key"), "")
    }

    /// Returns what an error says: `{"error": {"error_msg", "error_path", "error_name"}}`.
    private static func words(_ answer: JSON) -> (code: String?, detail: String)? {
        guard let error = answer["error"], let text = error["error_msg"]?.words else { return nil }
        return (error["error_name"]?.words, text)
    }

    private func standing(
        in request: JSON?, _ method: String = "GET"
    ) throws(ToolFailure) -> SignatureStanding {
        guard let request, let id = request["signature_request_id"]?.words,
            let isComplete = request["is_complete"]?.flag
        else { throw wire.unreadable(method) }
        let signatures = request["signatures"]?.array ?? []
        func first(_ code: String) -> JSON? { signatures.first { $0["status_code"]?.text == code } }
        let course: SignatureStanding.Course
        if isComplete {
            let last = signatures.compactMap { $0["signed_at"]?.moment }.max()
            course = .signed(at: last, by: signatures.first?["signer_name"]?.words)
        } else if request["is_declined"]?.flag == true {
            course = .declined(reason: first("declined")?["decline_reason"]?.words)
        } else if first("expired") != nil {
            course = .expired
        } else if request["is_canceled"]?.flag == true {
            course = .voided(reason: nil)
        } else if request["has_error"]?.flag == true {
            course = .voided(reason: signatures.compactMap { $0["error"]?.words }.first)
        } else {
            let isViewed = signatures.contains { $0["last_viewed_at"]?.moment != nil }
            course = isViewed ? .viewed : .open
        }
        return SignatureStanding(id: id, course, signURL: request["signing_url"]?.words)
    }
}
