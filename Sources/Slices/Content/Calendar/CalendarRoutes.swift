internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Mail
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy
internal import Wire

/// `/v1/content-calendar`: what is told when, and as a calendar for programs.
func calendarRoutes(
    _ routes: inout Routes, _ outbox: Outbox, _ dependencies: CalendarDependencies,
    _ content: ContentDependencies
) {
    let read: Permission = "content_calendar:read"
    routes.standard(CalendarRule.resource, read: read, write: "content_calendar:write")
    routes.schema("ContentCalendarEntry", CalendarEntry.schema)
    routes.schema("ContentCalendar", calendarSchema)
    routes.get(
        "/v1/content-calendar", .permission(read),
        "Get the content calendar: each day's slots, and their items",
        query: rangeParameters + [
            ParameterDoc.query("client_id", "Only what belongs to this client.", ["type": "string"]),
            ParameterDoc.query("campaign_id", "Only what belongs to this campaign.", ["type": "string"]),
            ParameterDoc.query("network", "Only posts on this network.", ["type": "string"]),
            countryParameter,
        ],
        .json(
            .reference("ContentCalendar"),
            "The days of the country, and the entries in the order of their days.")
    ) { call in
        try call.allowQuery("from", "to", "client_id", "campaign_id", "network", "country")
        let (first, last) = try call.days()
        let filter = try CalendarFilter(call)
        let country = try call.country()
        return .read { reader in
            let calendar = reader.contentCalendar
            let range = try calendar.range(from: first, through: last, filter)
            let slots = range.isFiltered ? [] : try calendar.entries(from: first, through: last, content)
            let planned = try calendar.planned(range, dependencies)
            let days = country.map { KeyDates.from(first, through: last, in: $0) } ?? []
            return .json(planned.written(after: days.map(\.json), beside: slots))
        }
    }
    routes.get(
        "/v1/content-calendar.ics", .permission(read), "Get the content calendar as iCalendar",
        named: "get_content_calendar_file", query: rangeParameters + [countryParameter],
        .media("text/calendar", "The calendar.")
    ) { call in
        try call.allowQuery("from", "to", "country")
        let (first, last) = try call.days()
        let country = try call.country()
        return .read {
            try $0.contentCalendar.file(from: first, through: last, dependencies, content, of: country)
        }
    }
    calendarFeedRoutes(&routes, outbox.services, dependencies, content)
}

/// Links to the calendar, which open without signing in.
private func calendarFeedRoutes(
    _ routes: inout Routes, _ services: PlatformServices, _ dependencies: CalendarDependencies,
    _ content: ContentDependencies
) {
    routes.standard(
        CalendarFeed.resource, read: "content_calendar:write", write: "content_calendar:write",
        notes: CreationNotes([
            "url": ["type": "string", "description": "The link, which opens without signing in; told once."]
        ]) { feed, tx in
            ["url": .string(try services.links.url(.calendar, tx.tenant, feed.id))]
        })
    routes.get(
        "/cal/{token}", .anyone, "Show a content calendar to whoever has its link",
        named: "read_content_calendar_feed",
        .media("text/calendar", "The calendar: three months back, nine ahead, and all that is planned later.")
    ) { call in
        guard let link = services.links.open(.calendar, call.parameters["token"] ?? ""),
            let id = link.id(of: CalendarFeed.self)
        else { throw Problem(.notFound) }
        return .task {
            try services.database.read(link.tenant) { reader in
                guard let feed = try CalendarFeed.resource.find(id, in: reader) else {
                    throw Problem(.notFound)
                }
                let today = try reader.contentCalendar.today()
                return try reader.contentCalendar.file(
                    from: today.adding(days: -92), through: today.adding(days: 273), dependencies,
                    content, of: feed.country.flatMap { Country($0) }, isOpenEnded: true)
            }
        }
    }
}

extension PlannedCalendar {
    /// Returns the calendar as JSON: a country's days, then slots and planned entries in the order of their days, the
    /// slots of a day first.
    fileprivate func written(after days: [JSON], beside slots: [CalendarEntry]) -> OutputBuffer {
        let output = OutputBuffer(capacity: 4096 + entries.count * 512)
        output.append("{\"entries\":[")
        let start = output.count
        func separate() { if output.count > start { output.append(",") } }
        var date: CivilDate?, day = "null"
        func write(_ places: Range<Int>) {
            for place in places {
                separate()
                if entries[place].date != date {
                    date = entries[place].date
                    day = date.map { "\"\($0.iso)\"" } ?? "null"
                }
                entries[place].write(to: output, day: day)
            }
        }
        for day in days {
            separate()
            day.write(to: output)
        }
        var place = entries.startIndex
        for slot in slots {
            let rest = entries[place...]
            let next = rest.firstIndex { $0.date.map { $0 >= slot.slot.date } ?? true } ?? rest.endIndex
            write(place..<next)
            place = next
            separate()
            slot.json.write(to: output)
        }
        write(place..<entries.endIndex)
        output.append("],\"conflicts\":")
        JSON.array(conflicts.map(\.json)).write(to: output)
        output.append(",\"gaps\":")
        JSON.array(gaps.map(\.json)).write(to: output)
        output.append("}")
        return output
    }
}

private let calendarSchema = JSON.schema(
    [
        "entries": ["type": "array", "items": .reference("ContentCalendarEntry")],
        "conflicts": [
            "type": "array", "items": PlannedCalendar.Conflict.schema,
            "description": "Entries that are in each other's way.",
        ],
        "gaps": [
            "type": "array", "items": PlannedCalendar.Gap.schema,
            "description": "Slots of accounts' queues to come that no post is planned for.",
        ],
    ],
    required: ["entries", "conflicts", "gaps"])

private let countryParameter = ParameterDoc.query(
    "country", "With the days that this country knows, such as DE.", ["type": "string"])

private let rangeParameters: [ParameterDoc] = {
    let day: JSON = ["type": "string", "format": "date"]
    return [
        .query("from", "The first day.", day, isRequired: true),
        .query("to", "The last day, at most a year later.", day, isRequired: true),
    ]
}()

extension Call {
    /// The country whose days are asked for.
    fileprivate func country() throws(Problem) -> Country? {
        guard let text = query("country") else { return nil }
        guard let country = Country(text) else {
            throw Problem(.invalidParameter, "country must be a code of two letters, such as DE.")
        }
        return country
    }

    /// The days that the query asks for.
    fileprivate func days() throws(Problem) -> (CivilDate, CivilDate) {
        guard let first = query("from").flatMap({ CivilDate(iso: $0) }),
            let last = query("to").flatMap({ CivilDate(iso: $0) }), first <= last
        else {
            throw Problem(
                .invalidParameter, "from and to must be days, such as 2027-01-01, from before to.")
        }
        guard last.daysSinceEpoch - first.daysSinceEpoch <= 366 else {
            throw Problem(faults: [Fault("/to", "out_of_range", "to must be at most a year after from.")])
        }
        return (first, last)
    }
}

/// The part of the calendar that is asked for.
private struct CalendarFilter: Sendable {
    var client: ClientID?, campaign: CampaignID?, network: String?

    init() {}

    init(_ call: Call) throws(Problem) {
        client = try Self.id(call, "client_id")
        campaign = try Self.id(call, "campaign_id")
        network = call.query("network")
        guard let network, SocialNetwork(rawValue: network) == nil else { return }
        throw Problem(
            .invalidParameter, "network must be one of \(SocialNetwork.choices.joined(separator: ", ")).")
    }

    private static func id<Subject: Identified>(
        _ call: Call, _ name: String
    ) throws(Problem) -> ID<Subject>? {
        guard let text = call.query(name) else { return nil }
        guard let id = ID<Subject>(text) else {
            throw Problem(.invalidParameter, "\(name) must be the id of a \(Subject.noun).")
        }
        return id
    }
}

extension CalendarStore {
    fileprivate func range(
        from first: CivilDate, through last: CivilDate, _ filter: CalendarFilter = CalendarFilter(),
        isOpenEnded: Bool = false
    ) throws -> CalendarRange {
        let zone = try tx.agency.tenant().zone
        // Days without an end are planned for a century.
        let last = isOpenEnded ? last.adding(days: 36_525) : last
        var range = CalendarRange(
            first: first, last: last, begin: zone.firstInstant(atOrAfter: LocalTime(first, hour: 0)),
            end: isOpenEnded
                ? Instant(microseconds: .max / 2)
                : zone.firstInstant(atOrAfter: LocalTime(last.adding(days: 1), hour: 0)))
        (range.client, range.campaign, range.network) = (filter.client, filter.campaign, filter.network)
        return range
    }

    fileprivate func planned(
        _ range: CalendarRange, _ dependencies: CalendarDependencies
    ) throws -> PlannedCalendar {
        try PlannedCalendar(range, dependencies, zone: tx.agency.tenant().zone, in: tx)
    }

    /// Returns the entries as iCalendar, with the days that a country knows.
    fileprivate func file(
        from first: CivilDate, through last: CivilDate, _ dependencies: CalendarDependencies,
        _ content: ContentDependencies, of country: Country?, isOpenEnded: Bool = false
    ) throws -> Response {
        let known = country.map { KeyDates.from(first, through: last, in: $0) } ?? []
        let keyDates = known.map { day in
            CalendarDay(
                uid: "\(day.code)-\(day.date.iso)@bureau", date: day.date, summary: day.name, about: nil)
        }
        let slots = try entries(from: first, through: last, content).map { entry in
            CalendarDay(
                uid: "\(entry.slot.date.iso)-\(entry.slot.rule)@bureau", date: entry.slot.date,
                summary: entry.item?.title ?? entry.slot.theme,
                about: "\(entry.slot.theme)\n\(entry.slot.type.rawValue), \(entry.status.rawValue)")
        }
        let planned = try planned(range(from: first, through: last, isOpenEnded: isOpenEnded), dependencies)
        let days = planned.entries.map { entry in
            let words = [entry.text, "\(entry.network ?? entry.kind.rawValue), \(entry.status)"]
            let date = entry.date ?? first
            // A campaign may have several days; what has a moment keeps its name when it is moved.
            return CalendarDay(
                uid: entry.at == nil
                    ? "\(entry.id)-\(date.iso)-\(entry.title.percentEncoded)@bureau" : "\(entry.id)@bureau",
                date: date, summary: entry.title,
                about: words.compactMap(\.self).joined(separator: "\n"), at: entry.at)
        }
        return Response(
            status: 200, headers: [("Content-Type", "text/calendar; charset=utf-8")],
            body: .bytes(
                CalendarDay.written(
                    keyDates + slots + days, named: try tx.agency.tenant().name, at: tx.now)))
    }
}
