internal import Database
internal import Nouns
internal import Records
internal import Telemetry

/// A content item as a calendar shows it: of its row only what is shown, without what is written in it.
private struct PlannedItem: StoredRow {
    let entry: PlannedEntry

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        let id: ContentItemID = row.id("id")
        let (title, status) = (row.text("title"), row.text("status"))
        var entry = PlannedEntry(.item, id: id, title: title, status: status)
        (entry.at, entry.version) = (row.optionalInstant("planned_at"), row.int("version"))
        (entry.client, entry.campaign) = (row.optionalID("client_id"), row.optionalID("campaign_id"))
        entry.isOpen = status != ContentItem.Status.published.rawValue
        entry.moves = entry.isOpen
        self.entry = entry
    }
}

extension ContentStore {
    /// Returns the content items that are planned for some days.
    func planned(in range: CalendarRange) throws -> [PlannedEntry] {
        var query: SQL = """
            SELECT \(PlannedItem.columns) FROM content_items
            WHERE tenant_id = \(tx.tenant) AND planned_at >= \(range.begin) AND planned_at < \(range.end)
                AND status <> 'archived'
            """
        if let client = range.client { query += " AND client_id = \(client)" }
        if let campaign = range.campaign { query += " AND campaign_id = \(campaign)" }
        query += " ORDER BY planned_at, id LIMIT \(CalendarRange.entriesMax)"
        return try tx.all(query) { try PlannedItem($0).entry }
    }
}
