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
internal import Telemetry
internal import Tenancy

/// `/v1/content-calendar`: what is told when, and as a calendar for programs.
func calendarRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let read: Permission = "content_calendar:read", services = outbox.services
    routes.standard(CalendarRule.resource, read: read, write: "content_calendar:write")
    routes.schema("ContentCalendarEntry", CalendarEntry.schema)
    routes.schema(
        "ContentCalendar",
        .schema(
            ["entries": ["type": "array", "items": .reference("ContentCalendarEntry")]],
            required: ["entries"]))
    let day: JSON = ["type": "string", "format": "date"]
    let range = [
        ParameterDoc.query("from", "The first day.", day, isRequired: true),
        ParameterDoc.query("to", "The last day, at most a year later.", day, isRequired: true),
    ]
    routes.get(
        "/v1/content-calendar", .permission(read), "Get what is told on which day, and what fills it",
        query: range, .json(.reference("ContentCalendar"), "The entries, in the order of their days.")
    ) { call in
        let (first, last) = try call.days()
        return .read { reader in
            let entries = try reader.contentCalendar.entries(from: first, through: last)
            return .json(["entries": .array(entries.map(\.json))])
        }
    }
    routes.get(
        "/v1/content-calendar.ics", .permission(read), "Get the content calendar as iCalendar",
        named: "get_content_calendar_file", query: range, .media("text/calendar", "The calendar.")
    ) { call in
        let (first, last) = try call.days()
        return .read { try $0.contentCalendar.file(from: first, through: last) }
    }
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
        .media("text/calendar", "The calendar: three months back, and nine ahead.")
    ) { call in
        guard let link = services.links.open(.calendar, call.parameters["token"] ?? ""),
            let id = link.id(of: CalendarFeed.self)
        else { throw Problem(.notFound) }
        return .task {
            try services.database.read(link.tenant) { reader in
                guard try CalendarFeed.resource.find(id, in: reader) != nil else { throw Problem(.notFound) }
                let today = try reader.contentCalendar.today()
                return try reader.contentCalendar.file(
                    from: today.adding(days: -92), through: today.adding(days: 273))
            }
        }
    }
}

extension Call {
    /// The days that the query asks for.
    fileprivate func days() throws(Problem) -> (CivilDate, CivilDate) {
        try allowQuery("from", "to")
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

extension CalendarStore {
    /// Returns the entries as iCalendar.
    fileprivate func file(from first: CivilDate, through last: CivilDate) throws -> Response {
        let days = try entries(from: first, through: last).map { entry in
            CalendarDay(
                uid: "\(entry.slot.date.iso)-\(entry.slot.rule)@bureau", date: entry.slot.date,
                summary: entry.item?.title ?? entry.slot.theme,
                about: "\(entry.slot.theme)\n\(entry.slot.type.rawValue), \(entry.status.rawValue)")
        }
        return Response(
            status: 200, headers: [("Content-Type", "text/calendar; charset=utf-8")],
            body: .bytes(CalendarDay.written(days, named: try tx.agency.tenant().name, at: tx.now)))
    }
}
