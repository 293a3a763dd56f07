internal import JSON

/// The reason why a model gave no answer that can be used; the cases differ by what can be done about it.
package enum ModelFailure: Error, Hashable, Sendable {
    /// Too many requests, or an overloaded or broken server: later, or elsewhere.
    case busy(status: Int, after: Duration?)
    /// No connection, or it broke, or the time was over.
    case unreachable(String)
    /// The account has no credit: not until somebody pays.
    case outOfCredit
    case badKey
    case unknownModel
    case tooLong
    /// The request is wrong in the backend's eyes.
    case rejected(String)
    /// The model, or its filter, declined.
    case declined(String)
    /// It ended in the middle, at the limit of tokens.
    case truncated
    /// An answer that cannot be read, or is not of the schema, after the attempt to have it repaired.
    case malformed(String)

    package var code: StaticString {
        switch self {
        case .busy: "model_busy"
        case .unreachable: "model_unreachable"
        case .outOfCredit: "insufficient_quota"
        case .badKey: "model_key_invalid"
        case .unknownModel: "model_not_found"
        case .tooLong: "context_too_long"
        case .rejected: "model_rejected"
        case .declined: "model_declined"
        case .truncated: "model_truncated"
        case .malformed: "model_malformed"
        }
    }

    /// Whether the same request to the same model may succeed soon.
    package var isPassing: Bool {
        switch self {
        case .busy, .unreachable: true
        default: false
        }
    }

    /// Without a key that a server may have repeated: what failed is shown and logged.
    func hiding(_ key: String) -> ModelFailure {
        guard !key.isEmpty else { return self }
        return switch self {
        case .unreachable(let why): .unreachable(why.replacing(key, with: "***"))
        case .rejected(let why): .rejected(why.replacing(key, with: "***"))
        case .declined(let why): .declined(why.replacing(key, with: "***"))
        case .malformed(let why): .malformed(why.replacing(key, with: "***"))
        default: self
        }
    }

    /// It stays so until somebody mends the configuration, or pays.
    package var isForPeople: Bool {
        switch self {
        case .outOfCredit, .badKey, .unknownModel: true
        default: false
        }
    }

    /// The server is ill, and not only busy with others or unwilling.
    package var blamesServer: Bool {
        switch self {
        case .busy(let status, _): status != 429
        case .unreachable: true
        default: false
        }
    }

    /// The time for which the server wants to be left alone.
    package var pause: Duration? { if case .busy(_, let after) = self { after } else { nil } }

    /// Reads the failure from an answer that is no success. Bodies come in several shapes, or from a proxy in none.
    package init(status: Int, header: (String) -> String?, body: [UInt8]) {
        let json = try? JSONParser.parse(body)
        let error = json?["error"]
        let code = error?["code"]?.text ?? error?["type"]?.text ?? json?["code"]?.text ?? ""
        let said =
            error?["message"]?.text ?? error?.text ?? json?["message"]?.text ?? json?["detail"]?.text ?? ""
        self.init(status: status, code: code, said: said, after: Self.pause(header))
    }

    init(status: Int, code: String, said: String, after: Duration?) {
        let lower = said.lowercased()
        switch (status, code) {
        case (_, "insufficient_quota"), (402, _), (_, "billing_hard_limit_reached"): self = .outOfCredit
        case (_, "invalid_api_key"), (401, _), (403, _): self = .badKey
        case (_, "model_not_found"), (404, _): self = .unknownModel
        case (_, "context_length_exceeded"), (413, _): self = .tooLong
        case (400, _) where lower.contains("context length") || lower.contains("max_model_len"):
            self = .tooLong
        case (_, "content_filter"): self = .declined("the model's content filter declined")
        case (408, _), (409, _), (429, _), (500..., _): self = .busy(status: status, after: after)
        default: self = .rejected(String(said.prefix(200)))
        }
    }

    private static func pause(_ header: (String) -> String?) -> Duration? {
        if let milliseconds = header("retry-after-ms").flatMap({ Double($0) }), milliseconds >= 0 {
            return .milliseconds(Int64(min(milliseconds, 86_400_000)))
        }
        guard let seconds = header("Retry-After").flatMap({ Double($0) }), seconds >= 0 else { return nil }
        return .milliseconds(Int64(min(seconds, 86_400) * 1000))
    }
}

extension ModelFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .busy(let status, _): "the model's server is busy or broken (\(status))"
        case .unreachable(let why): "the model's server cannot be reached: \(why)"
        case .outOfCredit: "the model's account has no credit left"
        case .badKey: "the model's key is not accepted"
        case .unknownModel: "the model is not known there"
        case .tooLong: "the text is too long for the model"
        case .rejected(let why): "the model's server refuses the request: \(why)"
        case .declined(let why): "the model declined: \(why)"
        case .truncated: "the model's answer ended at the limit of tokens"
        case .malformed(let why): "the model's answer cannot be used: \(why)"
        }
    }
}
