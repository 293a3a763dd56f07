internal import Agents
internal import Cryptography
internal import HTTPClient
internal import JSON
internal import Records
internal import Telemetry

/// Requests to a service as a connector declares them, one at a time, and what an answer means.
struct ConnectorWire: Sendable {
    private let auth: ConnectorAuth
    private let access: IntegrationAccess
    private let outbound: HTTPClient
    private let deadline: Duration = .seconds(30)
    private static let answerBytesMax = 8 << 20

    init(_ auth: ConnectorAuth, _ access: IntegrationAccess, _ outbound: HTTPClient) {
        (self.auth, self.access, self.outbound) = (auth, access, outbound)
    }

    /// An answer that is what was asked for.
    struct Answer {
        let body: JSON
        /// The next page's address, by the header `Link`.
        let next: String?
    }

    func ask(
        _ question: ConnectorQuestion, _ values: [String: String],
        also more: [(name: String, value: String)] = [],
        body: JSON? = nil, key: String? = nil, _ reach: ConnectorCall = ConnectorCall()
    ) async throws(ToolFailure) -> Answer {
        guard let path = question.path.filled(with: values, escaping: \.percentEncoded) else {
            throw ToolFailure(
                "invalid_request", "the path of the connector lacks a value", isRetryable: false)
        }
        var query: [(name: String, value: String)] = []
        // A parameter whose value is not known yet is left out.
        for (name, text) in question.query {
            if let value = text.filled(with: values) { query.append((name, value)) }
        }
        query += more
        if case .query(let parameter, let credential) = auth {
            query.append((parameter, access.credential(credential)))
        }
        let written = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        let url = access.baseURL + path + (written.isEmpty ? "" : "?" + written.joined(separator: "&"))
        return try await send(question.method, url, body: body, key: key, reach)
    }

    /// Asks for what lies at an address that the service has named; it must be one of its own.
    func follow(_ link: String, _ reach: ConnectorCall) async throws(ToolFailure) -> Answer {
        let isOwn: Bool
        do throws(HTTPClientError) {
            isOwn = try OutboundURL(link).isWithin(OutboundURL(access.baseURL))
        } catch {
            isOwn = false
        }
        guard isOwn else {
            throw ToolFailure(
                "invalid_answer", "the next page's address is not under \(access.baseURL)", isRetryable: false
            )
        }
        return try await send("GET", link, body: nil, key: nil, reach)
    }

    private func send(
        _ method: String, _ url: String, body: JSON?, key: String?, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Answer {
        let isRead = method == "GET"
        let response: HTTPClientResponse
        do {
            var headers = self.headers + [(name: "Accept", value: "application/json")]
            if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
            if let key { headers.append((name: "Idempotency-Key", value: key)) }
            var request = HTTPClientRequest(
                method, try OutboundURL(url), headers: headers, body: body?.bytes)
            (request.deadline, request.redirectsMax, request.isSentOnce) = (deadline, 0, !isRead)
            request.bodyLimit = .fail(Self.answerBytesMax)
            reach.note(bytes: request.body?.count ?? 0)
            response = try await outbound.send(request)
        } catch let error as HTTPClientError {
            throw failure(error, isRead: isRead)
        } catch {
            throw ToolFailure(
                "interrupted", "the request was interrupted", isRetryable: true, isAmbiguous: !isRead)
        }
        note(response, in: reach)
        if let failure = refusal(response, isRead: isRead) { throw failure }
        return try answer(response, isRead: isRead, reach)
    }

    private var headers: [(name: String, value: String)] {
        switch auth {
        case .bearer(let name): [("Authorization", "Bearer \(access.credential(name))")]
        case .header(let header, let name): [(header, access.credential(name))]
        case .basic(let username, let password):
            [
                (
                    "Authorization",
                    "Basic "
                        + Base64.encode(
                            Array("\(access.credential(username)):\(access.credential(password))".utf8))
                )
            ]
        case .query, .none: []
        }
    }

    private func note(_ response: HTTPClientResponse, in reach: ConnectorCall) {
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        var limit = ServiceLimit(at: .wallClock()) { response.header($0) }
        if response.status == 429 { limit.pause = response.retryAfter ?? .seconds(30) }
        reach.note(limit)
    }

    /// Returns the failure that a status means. The service's words are left out, since it may repeat what it was sent.
    private func refusal(_ response: HTTPClientResponse, isRead: Bool) -> ToolFailure? {
        let status = response.status, detail = "the service answers \(status)"
        return switch status {
        case 200..<300: nil
        case 300..<400:
            ToolFailure(
                "redirected", "\(detail), a redirect: check base_url", isRetryable: false)
        case 401:
            ToolFailure(
                "unauthenticated", "\(detail): it does not accept the credentials", isRetryable: false)
        case 403:
            ToolFailure(
                IntegrationCheck.permissionCode, "\(detail): the credentials do not permit this",
                isRetryable: false)
        case 404: ToolFailure("not_found", "\(detail): there is no such record or path", isRetryable: false)
        case 429:
            ToolFailure(
                "rate_limited", "\(detail): it wants to be asked later", isRetryable: true,
                retryAfter: response.retryAfter)
        case 408, 500...:
            ToolFailure(
                "unavailable", detail, isRetryable: true, retryAfter: response.retryAfter,
                isAmbiguous: !isRead && status == 504, blamesProvider: true)
        default: ToolFailure("refused", detail, isRetryable: false)
        }
    }

    private func answer(
        _ response: HTTPClientResponse, isRead: Bool, _ reach: ConnectorCall
    ) throws(ToolFailure) -> Answer {
        let link = response.header("Link").flatMap(Self.next)
        if response.body.isEmpty, !isRead { return Answer(body: .null, next: link) }
        guard let body = try? JSONParser.parse(response.body) else {
            throw ToolFailure(
                "invalid_answer", "the answer is no JSON", isRetryable: isRead, isAmbiguous: !isRead,
                blamesProvider: true)
        }
        if let object = body.object { reach.note(fields: object.members.map(\.key)) }
        return Answer(body: body, next: link)
    }

    private func failure(_ error: HTTPClientError, isRead: Bool) -> ToolFailure {
        switch error {
        case .invalidURL, .invalidRequest, .refusedAddress, .tooLarge:
            ToolFailure(error.code.description, access.redacted(error.description), isRetryable: false)
        default:
            ToolFailure(
                error.code.description, access.redacted(error.description), isRetryable: true,
                isAmbiguous: !isRead && !error.isBeforeSending, blamesProvider: true)
        }
    }

    /// The address of the next page (RFC 8288).
    private static func next(_ header: String) -> String? {
        for link in header.split(separator: ",") {
            let parts = link.split(separator: ";").map { String($0).trimmed }
            guard let target = parts.first, target.hasPrefix("<"), target.hasSuffix(">") else { continue }
            let isNext = parts.dropFirst().contains { part in
                part.lowercased().replacing("\"", with: "").replacing(" ", with: "") == "rel=next"
            }
            if isNext { return String(target.dropFirst().dropLast()) }
        }
        return nil
    }
}
