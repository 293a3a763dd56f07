package import Agents
internal import Records

/// The outcome of a try.
package enum IntegrationCheck: Sendable {
    case good(String)
    /// It works, but not as it is meant to: a person is told, and nothing is switched off.
    case doubtful(code: String, detail: String)
    /// It will not work before somebody changes something.
    case bad(code: String, detail: String)
    /// It could not be told now.
    case unclear(code: String, detail: String)

    /// The code of what a service refuses to whom it knows, whatever the service.
    package static let permissionCode = ProblemType.permissionMissing.code

    /// Returns the outcome of a try that failed.
    package static func failed(_ failure: ToolFailure) -> IntegrationCheck {
        failure.isRetryable
            ? .unclear(code: failure.code, detail: failure.detail)
            : .bad(code: failure.code, detail: failure.detail)
    }

    /// Returns the outcome without the secrets that the service may have repeated.
    func redacted(by access: IntegrationAccess) -> IntegrationCheck {
        switch self {
        case .good(let detail): .good(access.redacted(detail))
        case .doubtful(let code, let detail): .doubtful(code: code, detail: access.redacted(detail))
        case .bad(let code, let detail): .bad(code: code, detail: access.redacted(detail))
        case .unclear(let code, let detail): .unclear(code: code, detail: access.redacted(detail))
        }
    }

    /// Whether the service takes the credentials.
    var isTaken: Bool {
        switch self {
        case .good, .doubtful: true
        case .bad, .unclear: false
        }
    }
}
