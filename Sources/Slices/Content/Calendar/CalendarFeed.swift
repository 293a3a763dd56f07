internal import Agents
internal import JSON
internal import Jobs
internal import Nouns
package import Records

/// The content calendar for calendar programs, under a link that opens without signing in until it is deleted: one row
/// of `content_calendar_feeds`.
package struct CalendarFeed: ManagedRecord {
    package var head = Head<CalendarFeed>()
    package var name: String?
    package var country: String?

    package init() {}

    package static let idPrefix = "cfeed", noun = "content_calendar_feed"
    package static let resource = Resource<CalendarFeed>(
        "content_calendar_feeds", named: "ContentCalendarFeed", path: "content-calendar/feeds",
        console: ConsoleForm(columns: ["created_at"], form: ["name", "country"]),
        [
            .text(
                "name", \.name, max: 200, .line, .example("Anna's phone"),
                .about("The name of the person whose calendar program reads it.")),
            .country(
                "country", \.country, .added(in: 1640), .example("DE"),
                .about("The country whose days the calendar has, too; null: none.")),
        ])
}
