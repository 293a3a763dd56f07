internal import Agents
internal import Cryptography
internal import Database
internal import HTTPClient
internal import JSON
internal import Records
internal import Telemetry

/// Requests to a service as a connector declares them, one at a time, and what an answer means.
struct ConnectorWire: Sendable {
    let connector: ConnectorDocument
    let access: IntegrationAccess
    private let outbound: HTTPClient
    private let deadline: Duration = .seconds(30)
    private static let answerBytesMax = 8 << 20

    init(_ connector: ConnectorDocument, _ access: IntegrationAccess, _ outbound: HTTPClient) {
        (self.connector, self.access, self.outbound) = (connector, access, outbound)
    }

    /// An answer that is what was asked for.
    struct Answer {
        let body: JSON
        /// The next page's address, by the header `Link`.
        let next: String?
        /// The service has no such record, which was to be known.
        var isAbsent = false
    }

    /// A request beside what its question says.
    struct Extra {
        var query: [(name: String, value: String)] = []
        var body: JSON?
        /// The values at places of the body, set last.
        var places: [(ConnectorPointer, JSON)] = []
        var key: String?
        /// Whether 404 is an answer: there is no such record.
        var mayBeAbsent = false
        /// The fields of which a refusal may speak.
        var fields: [ConnectorField] = []
    }

    func ask(
        _ question: ConnectorQuestion, _ values: ConnectorNames, _ extra: Extra = Extra(),
        _ reach: ConnectorCall = ConnectorCall()
    ) async throws(ToolFailure) -> Answer {
        let names = own(values)
        guard let path = question.path.filled(with: names, escaping: \.percentEncoded) else {
            throw ToolFailure(
                "invalid_request", "the path of the connector lacks a value", isRetryable: false)
        }
        var query: [(name: String, value: String)] = []
        // A parameter whose value is not known yet is left out.
        for (name, text) in question.query {
            if let value = text.filled(with: names) { query.append((name, value)) }
        }
        query += extra.query
        if case .query(let parameters) = connector.auth, !hasToken {
            query += parameters.map { ($0.name, access.credential($0.credential)) }
        }
        var body = question.body?.filled(with: names)
        if let record = extra.body { body = body.map { $0.deepened(by: record) } ?? record }
        for (place, value) in extra.places { body = place.setting(value, in: body ?? [:]) }
        let written = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
        let url = access.baseURL + path + (written.isEmpty ? "" : "?" + written.joined(separator: "&"))
        // A question in a body is a question all the same, whatever its method.
        let isRead = question.method == "GET" || extra.key == nil
        return try await send(question.method, url, body: body, isRead: isRead, extra, reach)
    }

    /// Asks for what lies at an address that the service has named; it must be one of its own.
    func follow(
        _ link: String, _ extra: Extra, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Answer {
        // Some name only the path.
        let isPath = link.hasPrefix("/") && !link.hasPrefix("//")
        let (link, root) = (isPath ? origin + link : link, isPath ? origin : access.baseURL)
        let isOwn: Bool
        do throws(HTTPClientError) {
            isOwn = try OutboundURL(link).isWithin(OutboundURL(root))
        } catch {
            isOwn = false
        }
        guard isOwn else {
            throw ToolFailure(
                "invalid_answer", "the next page's address is not under \(access.baseURL)", isRetryable: false
            )
        }
        return try await send("GET", link, body: nil, isRead: true, extra, reach)
    }

    /// The scheme, host and port of the service.
    private var origin: String {
        guard let start = access.baseURL.firstRange(of: "://")?.upperBound,
            let end = access.baseURL[start...].firstIndex(of: "/")
        else { return access.baseURL }
        return String(access.baseURL[..<end])
    }

    /// Returns a document of the connector with the values that it names.
    func fill(_ template: ConnectorTemplate, _ values: ConnectorNames) -> JSON? {
        template.filled(with: own(values))
    }

    /// The values that every text may name, beside those of the request.
    private func own(_ values: ConnectorNames) -> ConnectorNames {
        var names = values
        for (name, value) in connector.standards { names["settings.\(name)"] = .string(value) }
        for (name, value) in access.settings.members { names["settings.\(name)"] = value }
        for (name, value) in access.credentials { names["credentials.\(name)"] = .string(value) }
        names["tenant"] = (access.tenant?.rawValue).map { .string($0) }
        return names
    }

    private func send(
        _ method: String, _ url: String, body: JSON?, isRead: Bool, _ extra: Extra, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Answer {
        let response: HTTPClientResponse
        do {
            var headers = self.headers
            if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
            if let key = extra.key { headers.append((name: "Idempotency-Key", value: key)) }
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
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        var limit = connector.told.read(response, at: .wallClock())
        defer { reach.note(limit) }
        if response.status == 404 || response.status == 410, extra.mayBeAbsent {
            return Answer(body: .null, next: nil, isAbsent: true)
        }
        if let refused = refusal(response, isRead: isRead, extra.fields) {
            if let pause = refused.pause { limit.pause = pause }
            throw refused.failure
        }
        return try answer(response, isRead: isRead, reach)
    }

    /// Whether we come by a token that the service gives for a while.
    private var hasToken: Bool {
        connector.consent != nil && !access.credential(OAuthCredential.access).isEmpty
    }

    private var headers: [(name: String, value: String)] {
        let names = own(ConnectorNames(now: .wallClock()))
        let more = connector.headers.compactMap { name, text in
            text.filled(with: names).map { (name: name, value: $0) }
        }
        return authorization + [(name: "Accept", value: "application/json")] + more
    }

    private var authorization: [(name: String, value: String)] {
        if hasToken { return [("Authorization", "Bearer \(access.credential(OAuthCredential.access))")] }
        switch connector.auth {
        case .bearer(let name): return [("Authorization", "Bearer \(access.credential(name))")]
        case .header(let header, let text):
            let credentials = access.credentials.mapValues { JSON.string($0) }
            return text.filled(with: ConnectorNames(credentials, now: .wallClock())).map { [(header, $0)] }
                ?? []
        case .basic(let username, let password):
            let pair = "\(access.credential(username)):\(access.credential(password))"
            return [("Authorization", "Basic " + Base64.encode(Array(pair.utf8)))]
        case .query, .none: return []
        }
    }

    /// Returns the failure that an answer means, and how long the service wants to be left alone. Its words are left
    /// out, since it may repeat what it was sent.
    private func refusal(
        _ response: HTTPClientResponse, isRead: Bool, _ fields: [ConnectorField]
    ) -> (failure: ToolFailure, pause: Duration?)? {
        let status = response.status, detail = "the service answers \(status)"
        guard !(200..<300).contains(status) else { return nil }
        let body = (try? JSONParser.parse(response.body)) ?? .null
        if let rule = connector.errors.first(where: { $0.applies(to: response, body) }) {
            let failure = rule.failure(response, body, isRead: isRead, fields: fields)
            return (failure, rule.pause(failure))
        }
        switch status {
        case 300..<400:
            return (
                ToolFailure("redirected", "\(detail), a redirect: check base_url", isRetryable: false), nil
            )
        case 401:
            return (
                ToolFailure(
                    "unauthenticated", "\(detail): it does not accept the credentials", isRetryable: false),
                nil
            )
        case 403:
            return (
                ToolFailure(
                    IntegrationCheck.permissionCode, "\(detail): the credentials do not permit this",
                    isRetryable: false), nil
            )
        case 404:
            return (
                ToolFailure("not_found", "\(detail): there is no such record or path", isRetryable: false),
                nil
            )
        case 409: return (ToolFailure("conflict", "\(detail): it has such a record", isRetryable: false), nil)
        case 429:
            let pause = response.retryAfter ?? .seconds(30)
            return (
                ToolFailure(
                    "rate_limited", "\(detail): it wants to be asked later", isRetryable: true,
                    retryAfter: response.retryAfter), pause
            )
        case 408, 500...:
            return (
                ToolFailure(
                    "unavailable", detail, isRetryable: true, retryAfter: response.retryAfter,
                    isAmbiguous: !isRead && status == 504, blamesProvider: true), nil
            )
        default: return (ToolFailure("refused", detail, isRetryable: false), nil)
        }
    }

    private func answer(
        _ response: HTTPClientResponse, isRead: Bool, _ reach: ConnectorCall
    ) throws(ToolFailure) -> Answer {
        let link = response.header("Link").flatMap(Self.next)
        if response.body.isEmpty, !isRead { return Answer(body: .null, next: link) }
        guard let body = try? JSONParser.parse(response.body) else {
            throw ToolFailure(
                "invalid_answer", "the answer is not JSON", isRetryable: isRead, isAmbiguous: !isRead,
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
