internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// One request to a service that answers questions in JSON. What comes back is its answer, whatever its status; the
/// service's words are kept nowhere, since some repeat what they were sent.
struct LookupWire: Sendable {
    /// The service's name, for people.
    let title: String
    let outbound: HTTPClient
    /// Real time: limits are given as moments.
    let now: @Sendable () -> Instant
    var deadline: Duration = .seconds(30)

    private static let answerBytesMax = 4 << 20

    /// An answer, read as far as it can be.
    struct Answer: Sendable {
        let status: Int
        /// Null where the answer is no JSON.
        let body: JSON
        let retryAfter: Duration?
        let headers: [(name: String, value: String)]

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        var isGood: Bool { (200..<300).contains(status) }
    }

    /// `content`: a body of another kind than JSON or a form, with its media type. `changes`: the request has an effect
    /// at the service, so that nobody knows what an answer would have said that was lost.
    func ask(
        _ url: String, _ access: IntegrationAccess, _ reach: ConnectorCall, method: String = "GET",
        headers: [(name: String, value: String)] = [], body: JSON? = nil, form: String? = nil,
        content: (mediaType: String, bytes: [UInt8])? = nil, changes: Bool = false
    ) async throws(ToolFailure) -> Answer {
        let response: HTTPClientResponse
        do {
            var headers = headers
            if !headers.contains(where: { $0.name == "Accept" }) {
                headers.append((name: "Accept", value: "application/json"))
            }
            if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
            if form != nil {
                headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
            }
            if let content { headers.append((name: "Content-Type", value: content.mediaType)) }
            var request = HTTPClientRequest(
                method, try OutboundURL(url), headers: headers,
                body: content?.bytes ?? body?.bytes ?? form.map { Array($0.utf8) })
            (request.deadline, request.redirectsMax) = (deadline, 0)
            // A second one would be counted, too.
            request.isSentOnce = true
            request.bodyLimit = .fail(Self.answerBytesMax)
            reach.note(bytes: request.body?.count ?? 0)
            response = try await outbound.send(request)
        } catch let error as HTTPClientError {
            var failure = failure(error, access)
            failure.isAmbiguous = changes && !error.isBeforeSending
            throw failure
        } catch {
            throw ToolFailure(
                "interrupted", "the request was interrupted", isRetryable: true, isAmbiguous: changes)
        }
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        reach.note(ServiceLimit(at: now()) { response.header($0) })
        let read = (try? JSONParser.parse(response.body)) ?? .null
        if (200..<300).contains(response.status), let members = read.object {
            reach.note(fields: members.members.map(\.key))
        }
        return Answer(
            status: response.status, body: read, retryAfter: response.retryAfter, headers: response.headers)
    }

    private func failure(_ error: HTTPClientError, _ access: IntegrationAccess) -> ToolFailure {
        let isOurs =
            switch error {
            case .invalidURL, .invalidRequest, .refusedAddress: true
            default: false
            }
        return ToolFailure(
            error.code.description, access.redacted(error.description), isRetryable: !isOurs,
            blamesProvider: !isOurs)
    }

    // MARK: Failures

    /// Returns the failure that a status means with most services; `nil` where it is an answer.
    func usualFailure(_ answer: Answer, _ reach: ConnectorCall) -> ToolFailure? {
        switch answer.status {
        case 200..<300: nil
        case 401: unauthenticated
        case 403:
            ToolFailure(
                IntegrationCheck.permissionCode, "\(title) does not permit this with the present key",
                isRetryable: false)
        case 404: ToolFailure("not_found", "\(title) knows nothing of it", isRetryable: false)
        case 429: pause(reach, for: answer.retryAfter ?? .seconds(30))
        case 408, 500...: unavailable(answer)
        case 300..<400:
            ToolFailure(
                "redirected", "\(title) answers with a redirect: check base_url", isRetryable: false)
        default: ToolFailure("refused", "\(title) answers \(answer.status)", isRetryable: false)
        }
    }

    var unauthenticated: ToolFailure {
        ToolFailure("unauthenticated", "\(title) does not accept the key", isRetryable: false)
    }

    /// Leaves the service alone for a while, since it has been asked too often.
    func pause(_ reach: ConnectorCall, for pause: Duration) -> ToolFailure {
        note(pause, in: reach)
        return ToolFailure(
            "rate_limited", "\(title) wants to be asked later", isRetryable: true, retryAfter: pause)
    }

    /// Leaves the service alone until the month is over by its clock: its plan has no calls left.
    func exhausted(_ reach: ConnectorCall) -> ToolFailure {
        let now = now(), pause = TimeSpan.month.bounds(around: now, .utc).end - now
        note(pause, in: reach)
        return ToolFailure(
            "quota_exhausted", "\(title) has no calls left for this month", isRetryable: true,
            retryAfter: pause)
    }

    private func note(_ pause: Duration, in reach: ConnectorCall) {
        var limit = ServiceLimit()
        limit.pause = pause
        reach.note(limit)
    }

    func unavailable(_ answer: Answer) -> ToolFailure {
        ToolFailure(
            "unavailable", "\(title) answers \(answer.status)", isRetryable: true,
            retryAfter: answer.retryAfter, blamesProvider: true)
    }

    /// The failure of an answer that has not the shape that the service's answers have.
    var unreadable: ToolFailure {
        ToolFailure(
            "invalid_answer", "the address does not answer like \(title): check base_url", isRetryable: true,
            blamesProvider: true)
    }

    // MARK: Tests

    /// Returns the outcome of a test; `judge` throws what the answer to a sample call means.
    func check(_ judge: () async throws(ToolFailure) -> String) async -> IntegrationCheck {
        do throws(ToolFailure) {
            return .good(try await judge())
        } catch {
            switch error.code {
            // The key is known; only there is nothing left, or not now.
            case "quota_exhausted": return .doubtful(code: error.code, detail: error.detail)
            default: return .failed(error)
            }
        }
    }

    /// Asks about an address that there is not: no call names the account.
    func check(_ verifier: some EmailVerifier, _ access: IntegrationAccess) async -> IntegrationCheck {
        await check { () async throws(ToolFailure) in
            guard let address = EmailAddress("test@example.com") else { throw unreadable }
            _ = try await verifier.verify(address, access, ConnectorCall())
            return "The key is known."
        }
    }
}
