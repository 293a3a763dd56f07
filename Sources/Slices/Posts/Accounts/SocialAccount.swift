internal import Agents
package import Database
internal import Integrations
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Social
internal import Telemetry
internal import Tenancy

/// An account on a social network, at which posts stand: one row of `social_accounts`.
package struct SocialAccount: ManagedRecord {
    package enum Status: String, Choice {
        case connected
        /// Nothing is connected: a person publishes.
        case manual
        /// The network does not know us any more by what we got in with.
        case needsReconnect = "needs_reconnect"
        case disabled
    }

    package var head = Head<Nouns.SocialAccount>()
    package var network = SocialNetwork.x
    package var name = ""
    package var integrationID: IntegrationID?
    package var clientID: ClientID?
    package var timeZone: String?
    package var queue = Parts<QueueSlot>()
    package var isEnabled = true
    package var status = Status.manual
    /// Tells how old a post is each time its figures are read.
    package var readings = SocialAccount.usualReadings
    package var trendsPlace: Int?
    package var readsSpaces = false

    package init() {}

    static let usualReadings = ["PT1H", "PT6H", "P1D", "P3D", "P7D", "P28D"]

    package static let resource = Resource<SocialAccount>(
        "social_accounts", named: "SocialAccount",
        console: ConsoleForm(
            columns: ["network", "status", "client_id", "updated_at"],
            form: ["name", "network", "integration_id", "client_id", "time_zone", "queue", "enabled"],
            filters: ["network", "status"]),
        [
            .choice(
                "network", \.network, .required, .writeOnce, .filterable,
                .about("The network on which the account is.")),
            .text(
                "name", \.name, max: 200, .required, .line, .filterable, .sortable, .searchable,
                .example("Acme on X"), .about("The name of the account, for colleagues.")),
            .id(
                "integration_id", \.integrationID, .filterable,
                .about("The integration by which posts leave; null: a person publishes them.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client whose account it is; null: the agency's own.")),
            .timeZone(
                "time_zone", \.timeZone,
                .about("The time zone of the queue's hours; the agency's own unless given.")),
            .parts(
                "queue", \.queue, max: 100,
                .about("The hours of the week at which posts of the queue leave, one at each.")),
            .boolean(
                "enabled", \.isEnabled, .standard(true), .filterable,
                .about("Whether posts leave by the account.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether it is connected, published by hand, to be connected again, or off.")),
            .texts(
                "readings", \.readings, max: 12, length: 20, .added(in: 1200),
                .about(
                    "How old a post is each time its figures are read, as durations that grow; none: they are "
                        + "not read, and cost nothing.")),
            .integer(
                "trends_place", \.trendsPlace, in: 1...2_000_000_000, .added(in: 1343), .example(23_424_829),
                .about(
                    "Where it is read every two hours what people speak of, by the WOEID of the place; 1 is the "
                        + "world. Null: it is not read, and costs nothing. X alone tells it.")),
            .boolean(
                "reads_spaces", \.readsSpaces, .standard(false), .added(in: 1344),
                .about(
                    "Whether the account's Spaces are read every half hour, for the calendar and for drafts about "
                        + "them. X alone has them.")),
        ])

    package mutating func prepare(replacing old: SocialAccount?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if let id = integrationID, old?.integrationID != id || old?.clientID != clientID {
            checkIntegration(try Integration.resource.find(id, in: tx), &faults)
        }
        for (index, slot) in queue.list.enumerated() where slot.secondsOfDay == nil {
            faults.add("/queue/\(index)/at", "invalid_time", "at must be an hour of the day, such as 09:00.")
        }
        checkReadings(&faults)
        if trendsPlace != nil, network != .x {
            faults.add(
                "/trends_place", "conflict", "\(network.title) tells no trends: leave trends_place out.")
        }
        if readsSpaces, network != .x {
            faults.add(
                "/reads_spaces", "conflict", "\(network.title) has no Spaces: leave reads_spaces out.")
        }
        try faults.throwIfAny()
        let mayStay = old?.integrationID == integrationID && status == .needsReconnect
        status =
            !isEnabled
            ? .disabled : integrationID == nil ? .manual : mayStay ? .needsReconnect : .connected
    }

    /// A network is asked no sooner than people have seen a post, nor for longer than networks tell.
    private static let readingsMin: Duration = .seconds(600), readingsMax: Duration = .seconds(365 * 86_400)

    private func checkReadings(_ faults: inout Faults) {
        var last: Duration = .zero
        for (index, text) in readings.enumerated() {
            guard let age = Duration(iso8601: text), age >= Self.readingsMin, age <= Self.readingsMax,
                age > last
            else {
                faults.add(
                    "/readings/\(index)", "invalid_duration",
                    "readings must be durations that grow, from PT10M to P365D, such as PT6H.")
                continue
            }
            last = age
        }
    }

    /// Returns when the figures of a post are read next; `nil`: not any more. A reading that was missed is not made up
    /// for.
    func nextReading(of published: Instant, after moment: Instant) -> Instant? {
        readings.lazy.compactMap { Duration(iso8601: $0) }.map { published + $0 }.first { $0 > moment }
    }

    /// Tells what an integration is connected for by which posts leave.
    private static let capability = "social_publishing"

    private func checkIntegration(_ integration: Integration?, _ faults: inout Faults) {
        guard let integration, integration.clientID == nil || integration.clientID == clientID else {
            return faults.add(
                "/integration_id", "unknown_reference", "The integration does not exist: name another.")
        }
        if integration.provider != network.rawValue || integration.capability.rawValue != Self.capability {
            faults.add(
                "/integration_id", "conflict",
                "The integration does not publish on \(network.title): name another.")
        }
    }

    package func saved(replacing old: SocialAccount?, by actor: Actor, in tx: Transaction) throws {
        let isNew = old?.trendsPlace != trendsPlace || old?.integrationID != integrationID
        if trendsPlace != nil, integrationID != nil, isNew || old?.isEnabled != isEnabled {
            try tx.networkTrends.wake(of: id)
        }
        let readsAnew = old?.readsSpaces != true || old?.integrationID != integrationID
        if readsSpaces, integrationID != nil, readsAnew || old?.isEnabled != isEnabled {
            try tx.networkSpaces.wake(of: id)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if try tx.posts.areThere(of: id) {
            throw Problem(.conflict, "Posts of the account are kept: switch it off instead.")
        }
    }

    func zone(in reader: some Queryable) throws -> TimeZoneRules {
        try timeZone.flatMap(TimeZoneRules.init(named:)) ?? reader.agency.zone()
    }
}

/// An hour of the week at which one post of the queue leaves.
package struct QueueSlot: Part {
    package var weekday = 1
    package var at = ""

    package init() {}

    package static let schema = Schema<QueueSlot>(
        "QueueSlot",
        [
            .integer("weekday", \.weekday, in: 1...7, .required, .about("1 is Monday.")),
            .text(
                "at", \.at, max: 5, .required, .example("09:00"),
                .about("The hour of the day, by the clock of the account's time zone.")),
        ])

    package var secondsOfDay: Int? {
        let parts = at.split(separator: ":", omittingEmptySubsequences: false)
        guard at.count == 5, parts.count == 2, parts.allSatisfy({ $0.allSatisfy(\.isASCII) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        else { return nil }
        return hour * 3600 + minute * 60
    }
}
