internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// The season as the agency's calendar has it: texts of the season are sent in the quarters for which the calendar has
/// a theme, and are silent in the others. The standard themes stand in English, so that only a theme of the agency's
/// own is told in its words.
struct SeasonEvidence: TextEvidence {
    let name = "season"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        let reader = reader.reading, today = try reader.contentCalendar.today()
        let quarter = (today.month + 2) / 3
        let rule = try CalendarRule.resource.first(
            where: "scope = 'seasonal' AND quarter = \(quarter) AND enabled = 1",
            suffix: "ORDER BY id LIMIT 1",
            in: reader)
        guard let rule else { return nil }
        var season: JSONObject = ["quarter": JSON(quarter), "month": JSON(today.month)]
        if !CalendarRule.isStandard(rule.theme) { season["theme"] = .string(rule.theme) }
        return .object(season)
    }
}
