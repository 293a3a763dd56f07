internal import Database
internal import Nouns
internal import Records
internal import Telemetry

extension ContentStore {
    /// Returns the content items that are planned for some days.
    func planned(in range: CalendarRange) throws -> [PlannedEntry] {
        var condition: SQL = """
            planned_at >= \(range.begin) AND planned_at < \(range.end) AND status <> 'archived'
            """
        if let client = range.client { condition += " AND client_id = \(client)" }
        if let campaign = range.campaign { condition += " AND campaign_id = \(campaign)" }
        return try ContentItem.resource.all(
            where: condition, suffix: "ORDER BY planned_at, id LIMIT \(CalendarRange.entriesMax)", in: tx
        ).map { item in
            var entry = PlannedEntry(.item, id: item.id, title: item.title, status: item.status.rawValue)
            (entry.at, entry.client, entry.campaign) = (item.plannedAt, item.clientID, item.campaignID)
            entry.isOpen = item.status != .published
            (entry.version, entry.moves) = (item.version, entry.isOpen)
            return entry
        }
    }
}
