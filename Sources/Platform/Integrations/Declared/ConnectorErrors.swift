internal import Agents
internal import HTTPClient
internal import JSON
internal import Records
internal import Telemetry

/// The meaning of an answer that refuses, where its status alone does not tell.
struct ConnectorErrorRule: Sendable {
    /// The statuses that it is about; `nil`: every one that is no success.
    let status: Int?
    /// A place of the answer's document and a text that it has to hold; `nil`: whatever the answer has.
    let at: ConnectorPointer?, holds: String?
    /// The whole of it, instead of a part.
    let equals: String?
    /// A header and its text, likewise.
    let header: String?
    let code: Code
    /// The time for which the service is to be left alone, or the place of that in milliseconds.
    let wait: Duration?, waitAt: ConnectorPointer?
    /// The header that has it, in seconds.
    let waitHeader: String?
    /// Its `Retry-After` says nothing.
    let ignoresRetryAfter: Bool
    /// The place of the name of the field that is refused.
    let field: ConnectorPointer?

    /// The meanings of refusals.
    enum Code: String, CaseIterable, Sendable {
        case rateLimited = "rate_limited"
        case quotaExhausted = "quota_exhausted"
        case unauthenticated
        case permissionMissing = "permission_missing"
        case notFound = "not_found"
        case conflict
        case invalidValue = "invalid_value"
        case refused, unavailable
    }

    func applies(to response: HTTPClientResponse, _ body: JSON) -> Bool {
        if let status, response.status != status { return false }
        if let header {
            return response.header(header).map(fits) ?? false
        }
        guard let at else { return fits(String(decoding: response.body, as: UTF8.self)) }
        guard let told = at.value(in: body), !told.isNull else { return false }
        return fits(told.identifier ?? told.serialized)
    }

    private func fits(_ text: String) -> Bool {
        (holds.map { text.contains($0) } ?? true) && (equals.map { text == $0 } ?? true)
    }

    /// Returns the failure that it means. The service's words are left out, since it may repeat what it was sent; a
    /// field is named where it is one of the connector's own.
    func failure(
        _ response: HTTPClientResponse, _ body: JSON, isRead: Bool, fields: [ConnectorField]
    ) -> ToolFailure {
        let status = response.status
        let refused = field?.value(in: body)
        let words = (refused?.array?.first ?? refused)?.text ?? refused?.object?.keys.first
        let name = words.flatMap { text in
            fields.first { $0.name == text || $0.at.description.hasSuffix("/\(text)") }?.name
        }
        let told = waitAt?.value(in: body)?.int.map { Duration.milliseconds(min(max($0, 0), 86_400_000)) }
        let header = waitHeader.flatMap { response.header($0) }.flatMap { Int64($0) }
            .map { Duration.seconds(min(max($0, 1), 86_400)) }
        let pause = told ?? (ignoresRetryAfter ? nil : response.retryAfter) ?? header ?? wait
        let detail = "the service answers \(status)" + (name.map { ": it does not take \($0)" } ?? "")
        return switch code {
        case .rateLimited:
            ToolFailure(code.rawValue, detail, isRetryable: true, retryAfter: pause ?? .seconds(30))
        case .quotaExhausted:
            ToolFailure(code.rawValue, detail, isRetryable: true, retryAfter: pause ?? .seconds(3600))
        case .unavailable:
            ToolFailure(code.rawValue, detail, isRetryable: true, retryAfter: pause, blamesProvider: true)
        case .conflict, .invalidValue, .notFound, .permissionMissing, .refused, .unauthenticated:
            ToolFailure(code.rawValue, detail, isRetryable: false)
        }
    }

    /// For how long it asks to be left alone, where it does.
    func pause(_ failure: ToolFailure) -> Duration? {
        code == .rateLimited || code == .quotaExhausted ? failure.retryAfter : nil
    }
}

/// The headers in which a service tells of its limits, where they have names of their own.
struct ConnectorLimitHeaders: Sendable {
    var limit: String?, left: String?
    /// Of seconds, or a moment; of milliseconds.
    var reset: String?, resetMilliseconds: String?
    /// Of what was used and how much there is, as `18/15000`.
    var used: String?

    var isEmpty: Bool { [limit, left, reset, resetMilliseconds, used].allSatisfy { $0 == nil } }

    func read(_ response: HTTPClientResponse, at now: Instant) -> ServiceLimit {
        guard !isEmpty else { return ServiceLimit(at: now) { response.header($0) } }
        func number(_ header: String?) -> Int? {
            header.flatMap { response.header($0) }.flatMap { Int($0.prefix { $0.isNumber }) }
        }
        var told = ServiceLimit()
        (told.limit, told.left) = (number(limit), number(left))
        if let used, let text = response.header(used) {
            let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
            if numbers.count >= 2 { (told.limit, told.left) = (numbers[1], max(0, numbers[1] - numbers[0])) }
        }
        if let seconds = number(reset) {
            told.resetsAfter = ServiceLimit.time(until: Int64(seconds), at: now)
        }
        if let milliseconds = number(resetMilliseconds) {
            told.resetsAfter = .milliseconds(min(milliseconds, 86_400_000))
        }
        return told
    }
}
