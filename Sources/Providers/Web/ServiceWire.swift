internal import Agents
internal import Cryptography
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// Requests to a service by its JSON, one at a time, and what an answer means.
struct ServiceWire: Sendable {
    /// The service's name, as people know it.
    let title: String
    let outbound: HTTPClient
    /// Real time: limits are given as moments.
    let now: @Sendable () -> Instant
    var deadline: Duration = .seconds(30)
    private static let answerBytesMax = 8 << 20

    struct Request {
        var method: String, url: String
        var headers: [(name: String, value: String)] = []
        var body: [UInt8]?
        var sizeMax = ServiceWire.answerBytesMax
        /// Whether it may have taken effect where the service gives an error of its own.
        var isDoubtful = false
    }

    /// Returns an answer that is no failure. One that refuses is read by `words`, whose text is kept.
    func send(
        _ request: Request, _ access: IntegrationAccess, _ reach: ConnectorCall,
        words: (JSON) -> (code: String?, detail: String)? = { _ in nil }
    ) async throws(ToolFailure) -> HTTPClientResponse {
        let response = try await exchange(request, access, reach)
        guard !(200..<300).contains(response.status) else { return response }
        throw refusal(response, request, words, access)
    }

    /// Returns an answer, whatever it says.
    func exchange(
        _ request: Request, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> HTTPClientResponse {
        let isRead = request.method == "GET", response: HTTPClientResponse
        do {
            var sent = HTTPClientRequest(
                request.method, try OutboundURL(request.url), headers: request.headers, body: request.body)
            (sent.deadline, sent.redirectsMax, sent.isSentOnce) = (deadline, 0, !isRead)
            sent.bodyLimit = .fail(request.sizeMax)
            reach.note(bytes: request.body?.count ?? 0)
            response = try await outbound.send(sent)
        } catch let error as HTTPClientError {
            throw failure(error, isRead: isRead, access)
        } catch {
            throw ToolFailure(
                "interrupted", "The request was interrupted.", isRetryable: true, isAmbiguous: !isRead)
        }
        note(response, in: reach)
        return response
    }

    /// Returns the JSON of an answer.
    func ask(
        _ request: Request, _ access: IntegrationAccess, _ reach: ConnectorCall,
        words: (JSON) -> (code: String?, detail: String)? = { _ in nil }
    ) async throws(ToolFailure) -> JSON {
        let response = try await send(request, access, reach, words: words)
        guard let body = try? JSONParser.parse(response.body), let object = body.object else {
            throw unreadable(request.method)
        }
        reach.note(fields: object.members.map(\.key))
        return body
    }

    /// The failure of an answer that is not the service's, or lacks what its answers always have: what was asked for
    /// may have been done.
    func unreadable(_ method: String = "GET") -> ToolFailure {
        ToolFailure(
            "invalid_answer", "The address does not answer like \(title): check base_url.", isRetryable: true,
            isAmbiguous: method != "GET", blamesProvider: true)
    }

    private func note(_ response: HTTPClientResponse, in reach: ConnectorCall) {
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        var limit = ServiceLimit(at: now()) { response.header($0) }
        if response.status == 429 { limit.pause = response.retryAfter ?? .seconds(30) }
        reach.note(limit)
    }

    /// Returns what a status means that is none of success.
    func refusal(
        _ response: HTTPClientResponse, _ request: Request,
        _ words: (JSON) -> (code: String?, detail: String)?, _ access: IntegrationAccess
    ) -> ToolFailure {
        let status = response.status, isRead = request.method == "GET"
        let said = (try? JSONParser.parse(response.body)).flatMap(words)
        let text = (said?.detail).map { " " + access.redacted(String($0.prefix(300))) } ?? ""
        let detail = "\(title) answers \(status).\(text)"
        return switch status {
        case 300..<400:
            ToolFailure("redirected", "\(detail) That is a redirect: check base_url.", isRetryable: false)
        case 401: ToolFailure(ToolFailure.refusesAccount, detail, isRetryable: false)
        case 403:
            ToolFailure(IntegrationCheck.permissionCode, detail, isRetryable: false)
        case 404, 410: ToolFailure("not_found", detail, isRetryable: false)
        case 429: ToolFailure("rate_limited", detail, isRetryable: true, retryAfter: response.retryAfter)
        case 503:
            ToolFailure(
                "unavailable", detail, isRetryable: true, retryAfter: response.retryAfter,
                blamesProvider: true)
        case 408, 500...:
            ToolFailure(
                "unavailable", detail, isRetryable: true, retryAfter: response.retryAfter,
                isAmbiguous: !isRead && (request.isDoubtful || status == 504), blamesProvider: true)
        default: ToolFailure(said?.code ?? "refused", detail, isRetryable: false)
        }
    }

    private func failure(_ error: HTTPClientError, isRead: Bool, _ access: IntegrationAccess) -> ToolFailure {
        let detail = access.redacted("\(error)")
        switch error {
        case .invalidURL, .invalidRequest, .refusedAddress:
            return ToolFailure(error.code.description, detail, isRetryable: false)
        default:
            return ToolFailure(
                error.code.description, detail, isRetryable: true,
                isAmbiguous: !isRead && !error.isBeforeSending, blamesProvider: true)
        }
    }

    /// Asks something that only those may ask whom the service knows; `judge` looks at its answer.
    func check(
        _ request: Request, _ access: IntegrationAccess, _ judge: (JSON) -> String?
    ) async -> IntegrationCheck {
        do throws(ToolFailure) {
            let answer = try await ask(request, access, access.reach)
            guard let good = judge(answer) else { throw unreadable() }
            return .good(good)
        } catch {
            return .failed(error)
        }
    }
}

extension ServiceWire {
    /// The header for a name and a password (RFC 7617).
    static func basic(_ name: String, _ password: String) -> (name: String, value: String) {
        ("Authorization", "Basic " + Base64.encode(Array("\(name):\(password)".utf8)))
    }
}

extension ServiceWire.Request {
    /// A request with a body of JSON.
    init(
        _ method: String, _ url: String, headers: [(name: String, value: String)], json: JSON? = nil,
        isDoubtful: Bool = false
    ) {
        var all = headers + [(name: "Accept", value: "application/json")]
        if json != nil { all.append((name: "Content-Type", value: "application/json")) }
        self.init(method: method, url: url, headers: all, body: json?.bytes, isDoubtful: isDoubtful)
    }
}
