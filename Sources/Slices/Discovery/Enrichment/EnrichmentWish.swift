internal import Agents
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A wish for an enrichment: which fields, at which cost.
struct EnrichmentWish: Sendable {
    /// `nil`: all that the plan has.
    var fields: [String]?
    /// In millionths of a minor unit; `nil`: as the plan says.
    var costMax: Int64?
    /// Asks although what is known is fresh.
    var refreshes = false
    /// Only tells who would be asked, and what that would cost.
    var isDry = false
    /// Asks free sources only.
    var isFree = false
}

/// The outcome of asking one source, as the result of a run has it.
struct SourceAttempt: Sendable {
    enum Outcome: String, Choice { case found, empty, refused, failed, skipped }

    let source: String
    let outcome: Outcome
    var reason: String?
    var calls = 0
    /// In millionths of a minor unit.
    var cost: Int64 = 0
    /// The fields that it was asked for, and those that it knew.
    var asked: Set<String> = [], found: Set<String> = []

    init(_ source: String, _ outcome: Outcome, _ reason: String? = nil, calls: Int = 0, cost: Int64 = 0) {
        (self.source, self.outcome, self.reason, self.calls, self.cost) = (
            source, outcome, reason, calls, cost
        )
    }

    func json(_ currency: String) -> JSON {
        [
            "source": .string(source), "outcome": .string(outcome.rawValue), "reason": JSON(reason),
            "calls": JSON(calls), "cost": Money(micros: cost, currency: currency).json,
        ]
    }
}
