internal import Agents
package import Integrations
internal import JSON
internal import Nouns
package import Records
package import Telemetry

/// The judgement on an address, and whose word it is.
package struct EmailCheck: Sendable {
    /// The address as it was given, or as it is written in full.
    package let email: String
    package let verdict: EmailVerdict
    /// `local`, or the name of the provider.
    package let source: String
    /// Whether a service said it earlier.
    package let isCached: Bool
    package let attempts: [ServiceAttempt]
    package let checkedAt: Instant, expiresAt: Instant

    static let local = "local"

    package var deliverability: Deliverability { verdict.deliverability }

    /// In millionths of a minor unit.
    var cost: Int64 { attempts.reduce(0) { $0 + $1.cost } }

    func json(_ currency: String) -> JSON {
        [
            "email": .string(email), "deliverability": .string(deliverability.rawValue),
            "quality_score": verdict.score.map { .number(($0 * 100).rounded() / 100) } ?? .null,
            "checks": verdict.checks, "suggestion": JSON(verdict.suggestion), "source": .string(source),
            "cached": .bool(isCached), "cost": Money(micros: cost, currency: currency).json,
            "tried": .array(attempts.map { $0.json(currency) }),
            "checked_at": .string(checkedAt.description), "expires_at": .string(expiresAt.description),
        ]
    }

    static let schema: JSON = .record([
        "email": .anyText, "deliverability": ["type": "string", "enum": JSON(Deliverability.choices)],
        "quality_score": [
            "type": ["number", "null"], "minimum": 0, "maximum": 1,
            "description": "How good the address is; null where the service that was asked gives none.",
        ],
        "checks": .record(
            JSONObject(
                ["format", "mx", "smtp", "disposable", "role", "free", "catch_all"].map {
                    ($0, ["type": ["boolean", "null"], "description": "null: nobody has told."])
                })),
        "suggestion": .textOrNull,
        "source": ["type": "string", "description": "local, or the provider whose word it is."],
        "cached": [
            "type": "boolean", "description": "Whether it was asked earlier, and the answer is kept.",
        ],
        "cost": .anyObject,
        "tried": [
            "type": "array", "description": "The services in the order in which they came into question.",
            "items": .record([
                "source": .anyText, "integration_id": .textOrNull,
                "outcome": ["type": "string", "enum": ["found", "failed", "skipped"]], "reason": .textOrNull,
                "calls": .anyInteger, "cost": .anyObject,
            ]),
        ],
        "checked_at": .anyInstant, "expires_at": .anyInstant,
    ])
}

extension ServiceAttempt {
    fileprivate func json(_ currency: String) -> JSON {
        let told =
            switch outcome {
            case .answered: "found"
            case .kept, .skipped: "skipped"
            case .failed: "failed"
            }
        return [
            "source": .string(source), "integration_id": JSON(integrationID), "outcome": .string(told),
            "reason": JSON(reason), "calls": JSON(calls),
            "cost": Money(micros: cost, currency: currency).json,
        ]
    }
}
