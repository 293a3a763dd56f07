internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

extension SupportQueueStore {
    /// Today, on the agency's clock.
    func localDay() throws -> CivilDate { try localDay(of: tx.now) }

    /// A moment's day, on the agency's clock.
    func localDay(of moment: Instant) throws -> CivilDate {
        (TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc).local(of: moment).date
    }

    /// From counters alone, however many tickets there are.
    func forecast() throws -> QueueForecast {
        let today = try localDay(), staff = try supportStaff()
        let past = PastDays(before: today), figures = "tickets.figures.day."
        let days = try known(past, "\(figures)created.")
        func history(_ figure: String) throws -> [Int] {
            let counts = try tx.counters.all(
                prefix: "\(figures)\(figure).", from: past.first, through: past.last)
            return past.days.prefix(days).map { counts["\(figures)\(figure).\($0)"] ?? 0 }
        }
        // Tickets that were merged or deleted wait no more; reopened ones do.
        let resolved = try zip(history("resolution.count"), zip(history("left"), history("reopened")))
            .map { max(0, $0 + $1.0 - $1.1) }
        let whole = QueuePart(
            place: .queue, name: "all", open: max(0, try tx.counters.find("tickets.open")),
            capacity: staff.capacity,
            came: DailyRate(try history("created")), went: DailyRate(resolved))
        return QueueForecast(
            today: today, weeksKnown: min(days / 7, DailyRate.weeksMax), whole: whole,
            parts: try parts(past, staff))
    }

    private func parts(_ past: PastDays, _ staff: SupportStaff) throws -> [QueuePart] {
        let prefix = "tickets.daily."
        let days = try known(past, prefix)
        let flows = try tx.counters.all(prefix: prefix, from: past.first, through: past.last)
        func rate(_ flow: QueueFlow, _ place: QueuePlace) -> DailyRate? {
            DailyRate(past.days.prefix(days).map { flows["\(prefix)\($0).\(flow.rawValue).\(place)"] ?? 0 })
        }
        return try [QueuePlace.Kind.category, .team, .assignee].flatMap { kind in
            let prefix = "tickets.open.\(kind.rawValue)."
            let counts = try tx.counters.all(prefix: prefix)
            return counts.sorted { $0.key < $1.key }.compactMap { key, open -> QueuePart? in
                let place = QueuePlace(kind, String(key.dropFirst(prefix.count)))
                guard let name = kind == .category ? place.id : staff.names[place] else { return nil }
                return QueuePart(
                    place: place, name: name, open: max(0, open), capacity: staff.capacities[place],
                    freest: staff.freest(beside: place) { max(0, counts["\(prefix)\($0.id)"] ?? 0) },
                    came: rate(.came, place), went: rate(.went, place))
            }
        }
    }

    /// Returns the number of past days that are known: those since the first that was ever counted.
    private func known(_ past: PastDays, _ prefix: String) throws -> Int {
        guard let first = try tx.counters.first(prefix: prefix) else { return 0 }
        let day = String(first.dropFirst(prefix.count).prefix(past.last.count))
        return past.days.count { $0 >= day }
    }

    /// The teams, and whoever of them is there.
    private func supportStaff() throws -> SupportStaff {
        let teams = try Team.resource.all(where: "id > ''", suffix: "ORDER BY id LIMIT 200", in: tx)
        let members = teams.flatMap(\.members.list).filter(\.isAvailable)
        let ids = Array(Set(members.map(\.userID)).sorted().prefix(SupportStaff.peopleMax))
        let people = try User.resource.all(
            where: "id IN \(list: ids) AND status = 'active'",
            suffix: "ORDER BY row LIMIT \(SupportStaff.peopleMax)", in: tx)
        return SupportStaff(teams, people)
    }
}

/// The people and teams of support, with how many tickets each could have at a time.
private struct SupportStaff {
    static let peopleMax = 500

    private(set) var names: [QueuePlace: String] = [:]
    private(set) var capacities: [QueuePlace: Int] = [:]
    /// The members who share a team, by member.
    private var mates: [QueuePlace: Set<QueuePlace>] = [:]
    /// Of all together, each counted once; `nil` where there are no teams.
    private(set) var capacity: Int?

    init(_ teams: [Team], _ people: [User]) {
        for user in people { names[QueuePlace(.assignee, user.id)] = user.name }
        for team in teams {
            let place = QueuePlace(.team, team.id)
            names[place] = team.name
            capacities[place] = 0
            for member in team.members.list where member.isAvailable {
                let person = QueuePlace(.assignee, member.userID)
                guard names[person] != nil else { continue }
                capacities[place, default: 0] += member.capacity
                capacities[person] = max(capacities[person] ?? 0, member.capacity)
            }
        }
        for team in teams {
            let people = Set(
                team.members.list.filter(\.isAvailable).map {
                    QueuePlace(.assignee, $0.userID)
                }
            ).filter { names[$0] != nil }
            for person in people { mates[person, default: []].formUnion(people.subtracting([person])) }
        }
        guard !teams.isEmpty else { return }
        capacity = capacities.filter { $0.key.kind == .assignee }.reduce(0) { $0 + $1.value }
    }
}

extension SupportStaff {
    /// Returns the member of the same teams who has the least work for their capacity.
    func freest(beside person: QueuePlace, open: (QueuePlace) -> Int) -> QueuePart.Teammate? {
        (mates[person] ?? []).sorted { $0.id < $1.id }.map {
            QueuePart.Teammate(name: names[$0] ?? "", open: open($0), capacity: capacities[$0] ?? 0)
        }.min { $0.share < $1.share }
    }
}

/// The days of the last eight weeks that are over, yesterday first, as counters name them.
private struct PastDays {
    let days: [String]

    init(before today: CivilDate) {
        days = (1...7 * DailyRate.weeksMax).map {
            CivilDate(daysSinceEpoch: today.daysSinceEpoch - $0).iso
        }
    }

    var first: String { days[days.count - 1] }
    var last: String { days[0] }
}
