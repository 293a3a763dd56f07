package import Database
internal import Jobs
package import Nouns
package import Records
package import Telemetry
package import Wording

/// The questions that the runtime asks the platform, which is built on it, about the tenant whose work it does.
package struct TenantQuestions: Sendable {
    /// Returns the time zone whose days and months quotas and budgets follow.
    package var timeZone: @Sendable (any Queryable) throws -> String = { _ in "UTC" }
    /// Returns the currency in which prices are counted.
    package var currency: @Sendable (any Queryable) throws -> String = { _ in "USD" }
    /// Returns what people call a person or a key; `nil` where there is none, and for any other actor.
    package var name: @Sendable (Actor, any Queryable) throws -> String? = { _, _ in nil }
    /// The permissions of an actor; `nil` for one that is bound by no role, say the system itself.
    package var permissions: @Sendable (Actor, any Queryable) throws -> Set<Permission>? = { _, _ in nil }

    /// Returns the brake that stops everything that would leave in the name of a client, or of the agency itself;
    /// `nil` where none does. The event `brakeReleased` says when one is released.
    package var brake: @Sendable (any Queryable, _ client: ClientID?) throws -> String? = { _, _ in nil }
    /// Returns the number of messages that have left, or were captured, since a time.
    package var sent: @Sendable (any Queryable, _ since: Instant) throws -> Int = { _, _ in 0 }
    /// Returns the ids of the agency's integrations, or models, that do what a tool does.
    package var connectors: @Sendable (any Queryable, _ tool: String) throws -> [String] = { _, _ in [] }
    /// Returns one of the agency's integrations, or models, as the gate knows it; `nil`: there is none of that id.
    package var connector: @Sendable (any Queryable, _ id: String) throws -> Connector? = { _, _ in nil }
    /// Returns the number of deliveries that may be on their way at once through an integration, as this process has
    /// learned it; `nil`: nothing has gone through it yet.
    package var lanes: @Sendable (_ connector: String) -> Int? = { _ in nil }
    /// Returns what the agency has won since a time from people whom an integration had reached before, in minor units
    /// of its currency.
    package var won: @Sendable (any Queryable, _ connector: String, _ since: Instant) throws -> Int64 = {
        _, _, _ in 0
    }
    /// Returns how many leads a connector has brought, told of or reached since a time, and how many of them qualified.
    package var leadsReached:
        @Sendable (any Queryable, _ connector: String, _ since: Instant) throws -> (all: Int, qualified: Int) =
            {
                _, _, _ in (0, 0)
            }
    /// Returns the words for whoever reads: in the language that they have chosen, else in one that the request accepts
    /// (`accepted`, the best first), else in the agency's.
    package var words: @Sendable (any Queryable, Actor, _ accepted: [String]) throws -> Wording = { _, _, _ in
        .english
    }
    package static let brakeReleased = "brake.released"

    /// The questions that modules above the runtime ask one another, by their type.
    private var others: [ObjectIdentifier: any Sendable] = [:]

    package init() {}

    /// Answers for some tools which integrations, or models, do what they do.
    package mutating func addConnectors<Noun>(
        of tools: [String], _ ids: @escaping @Sendable (any Queryable) throws -> [ID<Noun>]
    ) {
        let others = connectors
        connectors = { reader, tool in
            try tools.contains(tool) ? ids(reader).map(\.keyText) : others(reader, tool)
        }
    }

    /// The answers that a module gives to another's questions, which transactions find here; the runtime only keeps
    /// them.
    package subscript<Questions: Sendable>(_ type: Questions.Type) -> Questions? {
        get { others[ObjectIdentifier(type)] as? Questions }
        set { others[ObjectIdentifier(type)] = newValue.map { $0 as any Sendable } }
    }
}

extension Runtime {
    /// Returns what a module asks of another, as it is answered in this installation; `nil` where nobody answers.
    package func answers<Questions: Sendable>(to type: Questions.Type) -> Questions? { questions[type] }
}

extension Transaction {
    /// The tenant's zone.
    func zone() throws -> TimeZoneRules { try runtime.questions.zone(self) }
}

extension TenantQuestions {
    package func zone(_ reader: any Queryable) throws -> TimeZoneRules {
        TimeZoneRules(named: try timeZone(reader)) ?? .utc
    }
}
