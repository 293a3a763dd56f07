package import ChangeSets
package import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// A source's statement of one field of a record, before it is judged.
package struct Observation: Sendable {
    /// A field of the record, or one of `FactField`.
    package let field: String
    /// The value as the record's API takes it.
    package let value: JSON
    package let source: FactSource
    /// The words of the source, as they stand there.
    package var quote: String?
    /// The address at which the words stand.
    package var url: String?
    /// 0–1: how likely it is that this is true of the record.
    package var confidence: Double
    package var cost: Money?
    /// `nil`: now.
    package var observedAt: Instant?
    /// The time at which the fact becomes stale; `nil`: never.
    package var expiresAt: Instant?

    package init(
        _ field: String, _ value: JSON, from source: FactSource, quote: String? = nil, at url: String? = nil,
        confidence: Double, cost: Money? = nil, observedAt: Instant? = nil, expiresAt: Instant? = nil
    ) {
        (self.field, self.value, self.source) = (field, value, source)
        (self.quote, self.url, self.confidence) = (quote, url ?? source.url, confidence)
        (self.cost, self.observedAt, self.expiresAt) = (cost, observedAt, expiresAt)
    }
}

/// The end of an observation: whether the record has it now.
package struct FactOutcome: Sendable {
    package enum Result: Hashable, Sendable {
        /// The record has the value now, or had it already.
        case filled
        /// The record keeps what it has; the observation is listed beside it.
        case kept(KeptReason)
        /// The observation is not listed at all: no such record could have the value.
        case invalid
    }

    package enum KeptReason: String, Choice {
        case person, fresh, rejected
        case lowerConfidence = "lower_confidence"
    }

    package let subject: Subject
    package let observation: Observation
    package let result: Result
    /// The fact that was stored; `nil` for what was refused.
    package let factID: ID<Fact>?
}

/// The ends of some observations, and the change set that changed the records.
package struct FactReport: Sendable {
    package var outcomes: [FactOutcome] = []
    package internal(set) var changeSetID: ID<ChangeSet>?

    package init() {}
}

extension Observation {
    /// Returns the observation with the value as the record takes it.
    package func saying(_ value: JSON) -> Observation {
        Observation(
            field, value, from: source, quote: quote, at: url, confidence: confidence, cost: cost,
            observedAt: observedAt, expiresAt: expiresAt)
    }
}
