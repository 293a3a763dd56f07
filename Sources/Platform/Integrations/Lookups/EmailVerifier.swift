package import Agents
package import JSON
package import Records

/// A service that tells whether mail to an address arrives. One instance serves every agency.
package protocol EmailVerifier: IntegrationProvider {
    /// Asks the service about an address. What it says in words goes nowhere.
    func verify(
        _ address: EmailAddress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> EmailVerdict
}

/// The facts that are known of an address; `nil` where nobody has told.
package struct EmailVerdict: Hashable, Sendable {
    package var deliverability = Deliverability.unknown
    /// The score from 0 to 1; `nil`: the service gives none.
    package var score: Double?
    package var format: Bool?, mx: Bool?, smtp: Bool?
    package var disposable: Bool?, role: Bool?, free: Bool?, catchAll: Bool?
    /// The address that was probably meant.
    package var suggestion: String?
    /// The owner of the address has forbidden the service to tell of it: nothing is sent there.
    package var isForbidden = false

    package init(_ deliverability: Deliverability = .unknown) { self.deliverability = deliverability }

    /// The verdict as it is kept; it names no address but the one that was meant.
    package init(_ json: JSON) {
        deliverability = json["deliverability"]?.text.flatMap { Deliverability(rawValue: $0) } ?? .unknown
        score = json["score"]?.double
        let checks = json["checks"]
        (format, mx, smtp) = (checks?["format"]?.flag, checks?["mx"]?.flag, checks?["smtp"]?.flag)
        (disposable, role) = (checks?["disposable"]?.flag, checks?["role"]?.flag)
        (free, catchAll) = (checks?["free"]?.flag, checks?["catch_all"]?.flag)
        suggestion = json["suggestion"]?.text
        isForbidden = json["forbidden"]?.flag ?? false
    }

    package var json: JSON {
        [
            "deliverability": .string(deliverability.rawValue), "score": score.map { .number($0) } ?? .null,
            "checks": checks, "suggestion": JSON(suggestion), "forbidden": .bool(isForbidden),
        ]
    }

    /// The outcome of each check, as answers show it.
    package var checks: JSON {
        func known(_ value: Bool?) -> JSON { value.map { .bool($0) } ?? .null }
        return [
            "format": known(format), "mx": known(mx), "smtp": known(smtp), "disposable": known(disposable),
            "role": known(role), "free": known(free), "catch_all": known(catchAll),
        ]
    }
}
