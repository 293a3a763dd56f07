internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Telemetry

/// A look into a service, from its beginning until it is kept.
struct ServiceRead: Sendable {
    private let tool: String
    private let integration: Integration
    private let clock: @Sendable () -> Instant
    private let start: Instant
    /// The items and the bytes brought so far.
    var found = 0, bytes = 0

    init(_ tool: String, into integration: Integration, _ runtime: Runtime) {
        (self.tool, self.integration) = (tool, integration)
        clock = runtime.configuration.steadyClock
        start = clock()
    }

    /// Ends it; what is answered keeps it, in the transaction that stores what it has brought.
    func ended(_ failure: ToolFailure? = nil) -> @Sendable (Transaction) throws -> Void {
        let (look, took) = (self, clock() - start)
        let end: ConnectorCallEnd = if let failure { .failed(failure) } else { .succeeded }
        return { tx in
            try tx.integrations.keepLook(
                look.tool, into: look.integration, end, found: look.found, bytes: look.bytes, took: took)
        }
    }
}

extension SendLookup {
    /// Why the service did not say whether it has a mail; `nil` where it answered.
    func failure(_ reach: ConnectorCall) -> ToolFailure? {
        guard case .unclear = self, reach.status != 200 else { return nil }
        guard let status = reach.status else {
            return ToolFailure("unreachable", "The service did not answer.", isRetryable: true)
        }
        return ToolFailure("http_\(status)", "The service answered \(status).", isRetryable: true)
    }
}

extension MailboxFailure {
    var ofCall: ToolFailure {
        switch self {
        case .signInRefused(let detail): ToolFailure("sign_in_refused", detail, isRetryable: false)
        case .unreachable(let detail):
            ToolFailure("unreachable", detail, isRetryable: true, blamesProvider: true)
        }
    }
}
