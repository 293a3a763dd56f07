package import Records

/// What a caller can do about a request that the runtime refuses.
package enum RuntimeError: Error, Equatable, Sendable {
    case notFound
    case unknownAgent(String)
    /// The agent stands by or is disabled; the text says why.
    case agentNotActive(agent: String, reason: String)
    case invalidTransition(from: String, allowed: [String])
    case invalidCron(String)
    case invalidTimeZone(String)
    /// Faults of a configuration or of parameters.
    case invalidValues([ValueFault])
    case versionMismatch
    /// An agent wanted to do what it has no permission for.
    case forbidden(agent: String, Permission)
    case conflict(String)
}

/// What is wrong with one value of a document.
package struct ValueFault: Hashable, Sendable {
    /// A JSON Pointer (RFC 6901).
    package let pointer: String
    /// As in the API: `required`, `wrong_type`, `out_of_range`, `unknown_field`, …
    package let code: String
    package let detail: String
    /// Of an `invalid_choice`.
    package let choices: [String]?

    package init(pointer: String, code: String, detail: String, choices: [String]? = nil) {
        (self.pointer, self.code, self.detail, self.choices) = (pointer, code, detail, choices)
    }
}
