internal import Agents
internal import JSON
package import Templates

/// One reason for a judgement.
package struct TriageFactor: Hashable, Sendable {
    package var name: String, value: String
    /// The amount that it adds.
    package var contribution: Double
    /// The words of the reason, in the language of whoever reads it.
    package var said: Saying

    package init(_ name: String, _ value: String, _ contribution: Double, _ said: Saying) {
        (self.name, self.value, self.contribution, self.said) = (name, value, contribution, said)
    }

    /// The reason as programs read it.
    package var evidence: String { said.english }

    var json: JSON {
        let factor: JSON = [
            "name": .string(name), "value": .string(value), "weight": .number(abs(contribution)),
            "contribution": .number(contribution),
        ]
        return factor.saying("evidence", said)
    }
}
