internal import Database
internal import Nouns
internal import Records
internal import Sequences

/// Returns some of a segment's people for sequences: contacts, leads and clients with somebody to write to, but for
/// leads that were put away.
@Sendable func segmentPeople(
    _ reader: any Queryable, _ id: SegmentID, _ after: String, _ limit: Int
) throws -> SegmentPeople? {
    let reader = reader.reading
    guard let segment = try Segment.resource.find(id, in: reader) else {
        return nil
    }
    let ids = try reader.segments.members(of: id, after: after, limit: limit)
    return SegmentPeople(
        name: segment.name, people: try reader.segments.people(ids, of: segment.kind),
        next: ids.count == limit ? ids.last : nil)
}

extension SegmentStore {
    fileprivate func people(_ ids: [String], of kind: Segment.Kind) throws -> [SegmentPeople.Person] {
        guard kind != .contacts else {
            return ids.compactMap { ContactID($0) }.map { SegmentPeople.Person(contact: $0, lead: nil) }
        }
        let present: SQL = kind == .leads ? " AND status <> 'archived'" : ""
        return try tx.all(
            """
            SELECT id, contact_id FROM \(trusted: kind.rawValue)
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids) AND contact_id IS NOT NULL
            """ + present + " ORDER BY id"
        ) { row in
            SegmentPeople.Person(
                contact: ContactID(row, 1), lead: kind == .leads ? LeadID(row, 0) : nil)
        }
    }
}
