internal import Telemetry
internal import Templates

/// The forecast of the tickets of the next seven days, and of where a backlog will build up.
struct QueueForecast: Sendable {
    let today: CivilDate
    /// Whole weeks of tickets behind the forecast, eight at most.
    let weeksKnown: Int
    let whole: QueuePart
    /// Categories, teams and people.
    let parts: [QueuePart]

    /// The soonest first.
    var bottlenecks: [Bottleneck] {
        ([whole] + parts).compactMap(\.bottleneck).enumerated()
            .sorted { ($0.element.daysAhead, $0.offset) < ($1.element.daysAhead, $1.offset) }.map(\.element)
    }

    func date(_ daysAhead: Int) -> CivilDate {
        CivilDate(daysSinceEpoch: today.daysSinceEpoch + daysAhead)
    }
}

/// A place, what waits there now, and what comes there and leaves.
struct QueuePart: Sendable {
    let place: QueuePlace
    let name: String
    let open: Int
    /// Tickets at a time, by the capacities of people; `nil` where nobody has said one.
    var capacity: Int?
    /// The member of a person's team who has the least work for their capacity.
    var freest: Teammate?
    /// `nil` where too little is known.
    var came: DailyRate?, went: DailyRate?

    /// A member of the team, to compare a person's work with.
    struct Teammate: Sendable {
        let name: String, open: Int, capacity: Int

        var share: Double { Double(open) / Double(max(1, capacity)) }
    }

    /// The differences, in share of capacity and in tickets, from which on work is unevenly divided.
    private static let unevenShare = 0.5, unevenTickets = 3

    private var isUneven: Bool {
        guard let capacity, let freest else { return false }
        return Double(open) / Double(max(1, capacity)) - freest.share >= Self.unevenShare
            && open - freest.open >= Self.unevenTickets
    }

    /// Fewer more than today are no pile.
    private static let surplusMin = 3.0

    /// The number that is open at the end of each of the next days, tomorrow first.
    var openByDay: [Double] {
        guard let came, let went else { return [] }
        var open = Double(open)
        return zip(came.days, went.days).map { came, went in
            open = max(0, open + came.expected - went.expected)
            return open
        }
    }

    /// More is open than people can have at a time, or will be within seven days; or so much more comes than is
    /// resolved that a whole day's work has piled up by then.
    var bottleneck: Bottleneck? {
        if let capacity, open > capacity { return Bottleneck(self, .overCapacity, daysAhead: 0) }
        if isUneven { return Bottleneck(self, .uneven, daysAhead: 0) }
        let expected = openByDay
        if let capacity, let day = expected.firstIndex(where: { $0 > Double(capacity) }) {
            return Bottleneck(self, .willExceedCapacity, daysAhead: day + 1)
        }
        let pile = max(Self.surplusMin, went?.mean ?? 0)
        return expected.firstIndex { $0 - Double(open) >= pile }.map {
            Bottleneck(self, .outpaced, daysAhead: $0 + 1)
        }
    }
}

/// A place with a backlog of tickets, and what to do about it.
struct Bottleneck: Sendable {
    enum Reason: String, Sendable {
        case overCapacity = "over_capacity"
        case willExceedCapacity = "will_exceed_capacity"
        case outpaced
        /// Somebody in the team has far less to do.
        case uneven
    }

    let part: QueuePart
    let reason: Reason
    /// Until it tips: 0 is today.
    let daysAhead: Int

    fileprivate init(_ part: QueuePart, _ reason: Reason, daysAhead: Int) {
        (self.part, self.reason, self.daysAhead) = (part, reason, daysAhead)
    }

    /// The number that is open by then.
    var open: Double { daysAhead == 0 ? Double(part.open) : part.openByDay[daysAhead - 1] }

    var title: Saying {
        let place = Saying(
            "queue.place", ["kind": .text(part.place.kind.rawValue), "name": .text(part.name)])
        return Saying(
            "queue.bottleneck",
            [
                "reason": .text(reason.rawValue), "place": .saying(place), "open": .number(part.open),
                "capacity": .number(part.capacity ?? 0), "freest": .text(part.freest?.name ?? ""),
                "freest_open": .number(part.freest?.open ?? 0),
            ])
    }

    /// The action that a person should take.
    var action: Saying {
        switch (part.place.kind, reason) {
        case (_, .uneven): Saying("queue.reassign_to", ["name": .text(part.freest?.name ?? "")])
        case (.assignee, _): Saying("queue.reassign")
        case (.team, _): Saying("queue.strengthen_team")
        case (.queue, .outpaced), (.category, _): Saying("queue.plan_more")
        case (.queue, _): Saying("queue.strengthen_teams")
        }
    }
}
