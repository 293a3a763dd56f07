package import Database
internal import Jobs
package import Nouns
package import Records
package import Telemetry
package import Wording

/// The questions that the runtime asks the platform, which is built on it, about the tenant whose work it does.
package struct TenantQuestions: Sendable {
    /// Returns the time zone whose days and months quotas and budgets follow.
    @ModuleNeed("the time zone of a tenant", for: "quotas and budgets")
    package var timeZone: @Sendable (any Queryable) throws -> String
    /// Returns the currency in which prices are counted.
    @ModuleNeed("the currency of a tenant", for: "prices and budgets")
    package var currency: @Sendable (any Queryable) throws -> String
    /// Returns what people call a person or a key; `nil` where there is none, and for any other actor.
    @ModuleNeed("the names of people and keys", for: "messages about them")
    package var name: @Sendable (Actor, any Queryable) throws -> String?
    /// The permissions of an actor; `nil` for one that is bound by no role, say the system itself.
    @ModuleNeed("the permissions of an actor", for: "the gate of tools")
    package var permissions: @Sendable (Actor, any Queryable) throws -> Set<Permission>?

    /// Returns the brake that stops everything that would leave in the name of a client, or of the agency itself;
    /// `nil` where none does. The event `brakeReleased` says when one is released.
    @ModuleNeed("the brakes that are on", for: "the gate of tools")
    package var brake: @Sendable (any Queryable, _ client: ClientID?) throws -> String?
    /// Returns the number of messages that have left, or were captured, since a time.
    @ModuleNeed("how many messages have left", for: "quotas")
    package var sent: @Sendable (any Queryable, _ since: Instant) throws -> Int
    /// Returns one of the agency's integrations, or models, as the gate knows it; `nil`: there is none of that id.
    @ModuleNeed("an integration or model by its id", for: "the gate of tools")
    package var connector: @Sendable (any Queryable, _ id: String) throws -> Connector?
    /// Returns the number of deliveries that may be on their way at once through an integration, as this process has
    /// learned it; `nil`: nothing has gone through it yet.
    @ModuleNeed("how many deliveries may be on their way at once", for: "readings of integrations")
    package var lanes: @Sendable (_ connector: String) -> Int?
    /// Returns what the agency has won since a time from people whom an integration had reached before, in minor units
    /// of its currency.
    @ModuleNeed("what an integration has won", for: "readings of integrations")
    package var won: @Sendable (any Queryable, _ connector: String, _ since: Instant) throws -> Int64
    /// Returns the leads that a connector has brought, told of or reached since a time.
    @ModuleNeed("the leads that an integration has brought", for: "readings of integrations")
    package var leadsReached:
        @Sendable (any Queryable, _ connector: String, _ since: Instant) throws -> ReachedLeads
    /// Returns the words for whoever reads: in the language that they have chosen, else in one that the request accepts
    /// (`accepted`, the best first), else in the agency's.
    @ModuleNeed("the words of a reader", for: "texts for people")
    package var words: @Sendable (any Queryable, Actor, _ accepted: [String]) throws -> Wording
    package static let brakeReleased = "brake.released"

    /// The questions that modules above the runtime ask one another, by their type.
    private var others: [ObjectIdentifier: any Sendable] = [:]

    /// The integrations, or models, of some tools; a module adds those of its own.
    private var connectorSources: [(tools: [String], ids: @Sendable (any Queryable) throws -> [String])] = []
    private let needs: NeedList

    /// Makes the questions, of which none is answered yet.
    package init() {
        let needs = NeedList()
        self = Need.$asked.withValue(needs) { TenantQuestions(noting: needs) }
    }

    private init(noting needs: NeedList) { self.needs = needs }

    /// Throws `UnmetNeeds` where no module has answered one of the questions. The brake is among them: a product that
    /// cannot be stopped is not started.
    package func requireAnswers() throws(UnmetNeeds) {
        let unmet = needs.unmet.map { "the runtime needs \($0.name), for \($0.purpose)" }
        guard unmet.isEmpty else { throw UnmetNeeds(unmet) }
    }

    /// Returns the ids of the agency's integrations, or models, that do what a tool does.
    package func connectors(_ reader: any Queryable, _ tool: String) throws -> [String] {
        try connectorSources.last { $0.tools.contains(tool) }?.ids(reader) ?? []
    }

    /// Answers for some tools which integrations, or models, do what they do.
    package mutating func addConnectors<Noun>(
        of tools: [String], _ ids: @escaping @Sendable (any Queryable) throws -> [ID<Noun>]
    ) {
        connectorSources.append((tools, { try ids($0).map(\.keyText) }))
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

    /// The number of deliveries that may be on their way at once through an integration, as this process has learned.
    package func lanes(of connector: some Key) -> Int? { questions.lanes(connector.keyText) }

    /// Returns the leads that an integration has brought, told of or reached since a time.
    package func leads(
        reachedBy connector: String, since start: Instant, in reader: some Queryable
    ) throws -> ReachedLeads { try questions.leadsReached(reader, connector, start) }

    /// Returns what the agency has won since a time from people whom an integration had reached before, in minor units.
    package func won(
        through connector: String, since start: Instant, in reader: some Queryable
    ) throws -> Int64 {
        try questions.won(reader, connector, start)
    }
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
