internal import JSON

/// One reason for a judgement.
package struct TriageFactor: Hashable, Sendable {
    package var name: String, value: String
    /// The amount that it adds.
    package var contribution: Double
    package var evidence: String

    package init(_ name: String, _ value: String, _ contribution: Double, _ evidence: String) {
        (self.name, self.value, self.contribution, self.evidence) = (name, value, contribution, evidence)
    }

    var json: JSON {
        [
            "name": .string(name), "value": .string(value), "weight": .number(abs(contribution)),
            "contribution": .number(contribution), "evidence": .string(evidence),
        ]
    }
}
