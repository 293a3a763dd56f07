internal import Database
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
            SELECT id, created_at, status, industry, country, source, employee_count, pain_points FROM leads l
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
            SELECT id, closed_at, status, industry, country, source, employee_count, pain_points FROM leads
            WHERE tenant_id = \(tx.tenant) AND status IN ('won', 'lost') AND closed_at >= \(moment)
            ORDER BY closed_at DESC LIMIT \(Self.countedMax)
            """, LeadTraits.init)
    }
}

extension LeadTraits {
    fileprivate init(_ row: Row) {
        (id, at, isWon) = (LeadID(row, 0), row.instant(1), row.text(2) == Lead.Status.won.rawValue)
        (industry, country) = (row.optionalText(3), row.optionalText(4))
        (source, employees) = (row.optionalText(5), row.optionalInt(6))
        needs = JSON(stored: row.text(7)).array?.compactMap(\.text) ?? []
    }
}
