internal import Database
package import Nouns
internal import Records

/// A member of a segment, as somebody to write to.
package struct SegmentReader: Sendable {
    package let record: String
    /// `nil`: there is nobody to write to.
    package var contact: ContactID?
    /// Whether the record was put away, as archived leads are.
    package var isPutAway = false
}

extension SegmentStore {
    /// Of leads that were put away: a segment that asks for them finds them, and what is sent to many passes them by.
    static var putAway: String { "archived" }

    /// Returns those behind a segment's members from a place on, the empty one to begin with, and the next place, where
    /// more may follow; `nil` where there is no such segment.
    package func readers(
        of id: SegmentID, after place: String, limit: Int
    ) throws -> (readers: [SegmentReader], next: String?)? {
        guard let segment = try Segment.resource.find(id, in: tx) else { return nil }
        let readers = try readers(of: segment, after: place, limit: limit)
        return (readers, readers.count == limit ? readers.last?.record : nil)
    }

    func readers(of segment: Segment, after place: String, limit: Int) throws -> [SegmentReader] {
        let ids = try members(of: segment.id, after: place, limit: limit)
        guard segment.kind != .contacts else {
            return ids.map { SegmentReader(record: $0, contact: ContactID($0)) }
        }
        let table = segment.kind.rawValue
        let state: SQL = segment.kind == .leads ? "status" : "''"
        let found = try tx.all(
            "SELECT id, contact_id, " + state + """
                 FROM \(trusted: table)
                WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids)
                """
        ) {
            SegmentReader(
                record: $0.text(0), contact: $0.id(1, of: Nouns.Contact.self),
                isPutAway: $0.text(2) == Self.putAway)
        }
        let byID = Dictionary(found.map { ($0.record, $0) }) { first, _ in first }
        return ids.map { byID[$0] ?? SegmentReader(record: $0) }
    }
}
