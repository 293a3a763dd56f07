package import Database
internal import JSON
package import Nouns
internal import Records
package import Telemetry

/// A lead as far as leads are counted: what it is like, and when it came in, or was won or lost.
package struct LeadTraits: Hashable, Sendable {
    package let id: LeadID
    package let at: Instant
    package let isWon: Bool
    package let industry: String?, country: String?, source: String?
    package let employees: Int?
    package let needs: [String]
}

extension LeadStore {
    private static var countedMax: Int { 100_000 }

    /// Returns the leads that came in since a moment, newest first. Those out of files came in some other time, and
    /// those that went up in others are the others.
    package func received(since moment: Instant) throws -> [LeadTraits] {
        try tx.all(
            """
            SELECT \(trusted: LeadTraits.columns.of("l", with: ["at": "l.created_at"])) FROM leads l
            WHERE tenant_id = \(tx.tenant) AND created_at >= \(moment) AND merged_into IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM lead_imports i
                    WHERE i.tenant_id = \(tx.tenant) AND i.lead_id = l.id AND i.action = 'created')
            ORDER BY created_at DESC LIMIT \(Self.countedMax)
            """, LeadTraits.init)
    }

    /// Returns the leads that were won or lost since a moment, newest first.
    package func closed(since moment: Instant) throws -> [LeadTraits] {
        try tx.all(
            """
            SELECT \(trusted: LeadTraits.columns.of("leads", with: ["at": "closed_at"])) FROM leads
            WHERE tenant_id = \(tx.tenant) AND status IN ('won', 'lost') AND closed_at >= \(moment)
            ORDER BY closed_at DESC LIMIT \(Self.countedMax)
            """, LeadTraits.init)
    }
}

extension LeadTraits: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, at, isWon) = (row.id("id"), row.instant("at"), row.text("status") == Lead.Status.won.rawValue)
        (industry, country) = (row.optionalText("industry"), row.optionalText("country"))
        (source, employees) = (row.optionalText("source"), row.optionalInt("employee_count"))
        needs = JSON(stored: row.text("pain_points")).array?.compactMap(\.text) ?? []
    }
}
