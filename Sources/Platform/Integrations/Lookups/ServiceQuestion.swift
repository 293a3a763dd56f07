package import Agents
package import JSON
package import Nouns
internal import Records
package import Telemetry

/// A question to an outside service whose answer can be kept: an address to be judged, a company to be described.
package struct ServiceQuestion: Sendable {
    /// The tool as which the call is kept, counted, limited and switched off.
    package let tool: String
    /// The subject of the question, which names the answer: the `key` of a `kind`, such as an address.
    package let kind: String, key: String
    package var caller: ToolCaller
    /// The job that asks, where no run does.
    package var job: JobID?
    /// Asks although an answer is fresh.
    package var refreshes = false
    /// The age up to which an answer will do; `nil`: as long as it is fresh.
    package var ageMax: Duration?
    /// The most that the call may cost, in millionths of a minor unit; `nil`: whatever it costs.
    package var costMax: Int64?

    package init(tool: String, kind: String, key: String, for caller: ToolCaller) {
        (self.tool, self.kind, self.key, self.caller) = (tool, kind, key, caller)
    }
}

/// A service's answer as its connector has read it, and how long it is good for.
package struct ServiceReply: Sendable {
    package let value: JSON
    package let lifetime: Duration
    /// Whether the agency's `cache_for` may keep it longer; an answer such as "not known" passes.
    package let isFirm: Bool

    package init(_ value: JSON, lifetime: Duration, isFirm: Bool = true) {
        (self.value, self.lifetime, self.isFirm) = (value, lifetime, isFirm)
    }
}

/// An answer, asked for now or kept.
package struct ServiceAnswer: Sendable {
    package let value: JSON
    package let askedAt: Instant, freshUntil: Instant
    package let isKept: Bool

    /// Returns whether it serves only because nobody can be asked.
    package func isStale(at now: Instant) -> Bool { freshUntil <= now }
}

/// The outcome of asking one service.
package struct ServiceAttempt: Sendable {
    package enum Outcome: String, Sendable {
        case answered
        /// A kept answer was fresh: nobody was asked.
        case kept
        case failed
        /// It may not be asked now.
        case skipped
    }

    /// The provider's name.
    package let source: String
    /// `nil`: asked with the installation's key.
    package let integrationID: IntegrationID?
    package let outcome: Outcome
    /// The reason for which it was not asked, or has failed: `fresh`, `quota_exhausted`, `unauthenticated`, …
    package let reason: String?
    package let calls: Int
    /// The cost in millionths of a minor unit of the agency's currency.
    package let cost: Int64
    /// The time from which it may be asked, where that is known.
    package let until: Instant?
    /// The service's answer; where it could not be asked, the last that it gave, however old.
    package let answer: ServiceAnswer?

    init(
        _ connection: ServiceConnection, _ outcome: Outcome, _ reason: String? = nil, calls: Int = 0,
        cost: Int64 = 0, until: Instant? = nil, answer: ServiceAnswer? = nil
    ) {
        (source, integrationID) = (connection.provider.name, connection.integrationID)
        (self.outcome, self.reason, self.calls, self.cost) = (outcome, reason, calls, cost)
        (self.until, self.answer) = (until, answer)
    }

    /// A kept answer of a service to which there is no way, as in a sandbox.
    package init(kept answer: ServiceAnswer, of service: String) {
        (source, integrationID, outcome, reason) = (service, nil, .kept, "fresh")
        (calls, cost, until, self.answer) = (0, 0, nil, answer)
    }

    /// The answer, unless it is older than it should be.
    package var freshAnswer: ServiceAnswer? {
        switch outcome {
        case .answered, .kept: answer
        case .failed, .skipped: nil
        }
    }
}

/// One of the ways in which an agency can ask a service: an integration of its own, or the installation's key.
package struct ServiceConnection: Sendable {
    package let provider: any IntegrationProvider
    /// `nil`: the installation's key.
    package let integrationID: IntegrationID?
    package let connector: Connector
    package let why: CallReason?
    let integration: Integration?
    let shared: SharedConnection?

    /// The time for which the agency wants answers kept; `nil`: as long as each is good for.
    var cacheFor: Duration? { integration?.cacheFor }

    /// The number of calls that it takes at once, and their pace, as the agency has it.
    package var pace: ServicePace {
        var pace = provider.pace
        if let most = integration?.settings["max_concurrent"]?.int { pace.concurrent = Int(most) }
        if let rate = integration?.settings["calls_per_second"]?.double, rate > 0 {
            pace.interval = .microseconds(Int64(1_000_000 / rate))
        }
        return pace
    }
}

extension Integration {
    var cacheFor: Duration? { settings[CommonSetting.cacheFor]?.text.flatMap { Duration(iso8601: $0) } }
}
