internal import Agents
package import Database
internal import Jobs
package import Nouns
internal import People
internal import Records
internal import Telemetry

/// Segments and who is in them: `tx.segments`.
package struct SegmentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var segments: SegmentStore<Self> { SegmentStore(tx: self) }
}

extension SegmentStore {
    func count() throws -> Int64 {
        try tx.int("SELECT count(*) FROM segments WHERE tenant_id = \(tx.tenant)") ?? 0
    }

    /// Returns whether a content item is meant for a segment.
    func isUsed(_ id: SegmentID) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM content_items WHERE tenant_id = \(tx.tenant) AND segment_id = \(id)")
    }

    /// Returns the number of a segment's members.
    func members(of id: SegmentID) throws -> Int { try tx.counters.find(id.counter) }

    /// Returns the members of a segment behind an id, the empty one to begin with.
    package func members(of id: SegmentID, after last: String, limit: Int) throws -> [String] {
        try tx.all(
            """
            SELECT record_id FROM segment_members
            WHERE tenant_id = \(tx.tenant) AND segment_id = \(id) AND record_id > \(last)
            ORDER BY record_id LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Returns the segments without a filter that a record is in.
    func byHand(of record: String) throws -> [SegmentID] {
        try Segment.resource.all(
            where: """
                id IN (
                    SELECT segment_id FROM segment_members
                    WHERE tenant_id = \(tx.tenant) AND record_id = \(record))
                """, suffix: "ORDER BY id", in: tx
        ).filter(\.isStatic).map(\.id)
    }

    /// Returns which of some records exist, and were not put away unless those count, too.
    func existing(
        _ ids: [String], of kind: Segment.Kind, evenPutAway: Bool = false
    ) throws -> Set<String> {
        guard !ids.isEmpty else { return [] }
        return Set(
            try tx.all(
                """
                SELECT id FROM \(trusted: kind.rawValue) WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids)
                """ + (evenPutAway ? "" : kind.present)
            ) { $0.text(0) })
    }

    /// Returns how many records a filter finds, and the newest of them.
    func preview(
        _ filter: SegmentFilter, of kind: Segment.Kind, _ registry: RecordRegistry, limit: Int
    ) throws -> (count: Int64, sample: [String]) {
        let sample = limit > 0 ? try newest(filter, of: kind, registry, limit: limit) : []
        guard sample.count == limit else { return (Int64(sample.count), sample) }
        // The sample comes first, so that no record is looked at twice where few are found.
        let older: SQL = sample.last.map { " AND id < \($0)" } ?? ""
        let count: SQL = "SELECT count(*) FROM \(trusted: kind.rawValue) WHERE "
        return (Int64(limit) + (try tx.int(count + whole(filter, of: kind, registry) + older) ?? 0), sample)
    }

    /// Returns the newest records that a filter finds.
    func newest(
        _ filter: SegmentFilter, of kind: Segment.Kind, _ registry: RecordRegistry, limit: Int
    ) throws -> [String] {
        let found = whole(filter, of: kind, registry)
        return try tx.all(
            "SELECT id FROM \(trusted: kind.rawValue) WHERE " + found + " ORDER BY id DESC LIMIT \(limit)"
        ) { $0.text(0) }
    }

    /// Returns which of some records a filter finds.
    fileprivate func matching(
        _ filter: SegmentFilter, of kind: Segment.Kind, _ registry: RecordRegistry, among ids: [String]
    ) throws -> Set<String> {
        let found = whole(filter, of: kind, registry)
        return Set(
            try tx.all(
                "SELECT id FROM \(trusted: kind.rawValue) WHERE id IN \(list: ids) AND " + found
            ) { $0.text(0) })
    }

    /// The condition on the tenant's rows; what was merged into another record is nobody of its own. A filter that
    /// names the status says itself whether it wants what was put away.
    private func whole(_ filter: SegmentFilter, of kind: Segment.Kind, _ registry: RecordRegistry) -> SQL {
        let fields = registry.records(in: kind.rawValue)?.fields ?? []
        let alone: SQL = fields.contains { $0.name == "merged_into" } ? " AND merged_into IS NULL" : ""
        let own: SQL = "\(trusted: kind.rawValue).tenant_id = \(tx.tenant)"
        let present = filter.asksStatus ? "" : kind.present
        return own + alone + present + " AND " + filter.condition(on: kind, in: tx)
    }

    /// Returns when what time alone changes about some records changes next.
    fileprivate func changes(
        _ filter: SegmentFilter, of kind: Segment.Kind, among ids: [String]
    ) throws -> [String: Instant] {
        var next: [String: Instant] = [:]
        for condition in filter.passing {
            guard let within = condition.within else { continue }
            let table = kind.rawValue, person = "\(kind.rawValue).\(kind.personColumn)"
            try tx.each(
                """
                SELECT \(trusted: table).id, min(did.at) FROM \(trusted: table)
                JOIN contact_activities AS did ON did.tenant_id = \(trusted: table).tenant_id
                    AND did.contact_id = \(trusted: person)
                WHERE \(trusted: table).tenant_id = \(tx.tenant) AND \(trusted: table).id IN \(list: ids)
                    AND did.type = \(condition.kind.activity.rawValue) AND did.source = 'human'
                    AND did.at > \(tx.now - within)
                GROUP BY \(trusted: table).id
                """
            ) { row in
                let end = row.instant(1) + within
                next[row.text(0)] = min(next[row.text(0)] ?? end, end)
            }
        }
        return next
    }
}

extension SegmentStore where Base == Transaction {
    /// The number of records of one transaction.
    static var chunk: Int { 1000 }

    /// Finds the members of a segment whose filter is new: the first of many at once, the others in the background.
    func begin(filling segment: Segment) throws { try fill(segment, goingOnAfter: "") }

    /// Looks at the records behind an id, and leaves those that may follow to a job.
    func fill(_ segment: Segment, goingOnAfter place: String) throws {
        guard let last = try fill(segment, after: place) else { return }
        try tx.jobs.enqueue(
            SegmentFillJob.self, .init(segment: segment.id, after: last),
            JobOptions(uniqueKey: "\(segment.id)/\(segment.version)/\(last)", subject: segment.subject))
    }

    /// Looks at the records behind an id; answers the last one's, where more may follow.
    private func fill(_ segment: Segment, after place: String) throws -> String? {
        let ids = try tx.all(
            """
            SELECT id FROM \(trusted: segment.kind.rawValue)
            WHERE tenant_id = \(tx.tenant) AND id > \(place) ORDER BY id LIMIT \(Self.chunk)
            """
        ) { $0.text(0) }
        try judge(ids, by: segment)
        return ids.count == Self.chunk ? ids.last : nil
    }

    /// Puts those of some records into a segment that its filter finds, and takes the others out.
    func judge(_ ids: [String], by segment: Segment) throws {
        guard !ids.isEmpty,
            let filter = try SegmentFilter(
                stored: segment.filter, of: segment.kind, tx.runtime.records, in: tx)
        else { return }
        let found = try matching(filter, of: segment.kind, tx.runtime.records, among: ids)
        let present = Set(
            try tx.all(
                """
                SELECT record_id FROM segment_members
                WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment.id) AND record_id IN \(list: ids)
                """
            ) { $0.text(0) })
        try add(found.subtracting(present).sorted(), to: segment.id)
        try remove(present.subtracting(found).sorted(), from: segment.id)
        if !filter.passing.isEmpty { try schedule(filter, segment, ids) }
    }

    /// Keeps when the filter's answer about some records changes by time alone.
    private func schedule(_ filter: SegmentFilter, _ segment: Segment, _ ids: [String]) throws {
        let next = try changes(filter, of: segment.kind, among: ids)
        try tx.run(
            """
            DELETE FROM segment_changes
            WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment.id) AND record_id IN \(list: ids)
            """)
        for (id, due) in next.sorted(by: { $0.key < $1.key }) {
            let due = due.rounded(upTo: SegmentChangeJob.step)
            try tx.run(
                """
                INSERT INTO segment_changes (tenant_id, segment_id, record_id, due_at)
                VALUES (\(tx.tenant), \(segment.id), \(id), \(due))
                """)
        }
        for due in Set(next.values.map { $0.rounded(upTo: SegmentChangeJob.step) }).sorted() {
            try tx.jobs.enqueue(
                SegmentChangeJob.self, .init(), JobOptions(runAt: due, uniqueKey: "\(due.microseconds)"))
        }
    }

    /// Comes back when the next of what time changes is due: a copy has the changes, and not the jobs.
    func awaitNextChange() throws {
        let next = try tx.first("SELECT min(due_at) FROM segment_changes WHERE tenant_id = \(tx.tenant)") {
            $0.optionalInstant(0)
        }
        guard let due = next ?? nil else { return }
        try tx.jobs.enqueue(
            SegmentChangeJob.self, .init(), JobOptions(runAt: due, uniqueKey: "\(due.microseconds)"))
    }

    /// Judges the records whose time has come; answers how many there were.
    func judgeDue(limit: Int) throws -> Int {
        let due = try tx.all(
            """
            SELECT segment_id, record_id FROM segment_changes
            WHERE tenant_id = \(tx.tenant) AND due_at <= \(tx.now) ORDER BY due_at LIMIT \(limit)
            """
        ) { (segment: SegmentID($0, 0), record: $0.text(1)) }
        for (id, records) in Dictionary(grouping: due, by: \.segment) {
            try tx.run(
                """
                DELETE FROM segment_changes
                WHERE tenant_id = \(tx.tenant) AND segment_id = \(id) AND record_id IN \(list: records.map(\.record))
                """)
            guard let segment = try Segment.resource.find(id, in: tx) else { continue }
            try judge(records.map(\.record), by: segment)
        }
        return due.count
    }

    /// Keeps the segments in step with records that have changed.
    func judge(changed ids: [String], of kind: Segment.Kind, onlyActivity: Bool) throws {
        let segments = try Segment.resource.all(where: "of = \(kind.rawValue)", in: tx)
        guard !segments.isEmpty else { return }
        let there = try existing(ids, of: kind, evenPutAway: true)
        let gone = Set(ids).subtracting(there).sorted()
        if !gone.isEmpty { try forget(gone) }
        let putAway = there.subtracting(try existing(there.sorted(), of: kind)).sorted()
        for segment in segments {
            guard !segment.isStatic else {
                try remove(putAway, from: segment.id)
                continue
            }
            if onlyActivity,
                try SegmentFilter(stored: segment.filter, of: kind, tx.runtime.records, in: tx)?.asksActivity
                    != true
            {
                continue
            }
            try judge(ids, by: segment)
        }
    }

    /// Returns the records of a kind that are about some people.
    func records(of people: [String], _ kind: Segment.Kind) throws -> [String] {
        guard kind != .contacts else { return people }
        return try tx.all(
            """
            SELECT id FROM \(trusted: kind.rawValue)
            WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: people)
            """
        ) { $0.text(0) }
    }

    // MARK: Members

    func add(_ ids: [String], to segment: SegmentID) throws {
        var added = 0
        for id in ids {
            added += try tx.run(
                """
                INSERT INTO segment_members (tenant_id, segment_id, record_id, added_at)
                VALUES (\(tx.tenant), \(segment), \(id), \(tx.now))
                ON CONFLICT (tenant_id, segment_id, record_id) DO NOTHING
                """)
        }
        if added > 0 { try tx.counters.count(segment.counter, added) }
    }

    func remove(_ ids: [String], from segment: SegmentID) throws {
        guard !ids.isEmpty else { return }
        let removed = try tx.run(
            """
            DELETE FROM segment_members
            WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment) AND record_id IN \(list: ids)
            """)
        if removed > 0 { try tx.counters.count(segment.counter, -removed) }
    }

    /// Takes records that are gone out of all segments.
    private func forget(_ gone: [String]) throws {
        let places = try tx.all(
            """
            SELECT segment_id, record_id FROM segment_members
            WHERE tenant_id = \(tx.tenant) AND record_id IN \(list: gone)
            """
        ) { (segment: SegmentID($0, 0), record: $0.text(1)) }
        for (segment, records) in Dictionary(grouping: places, by: \.segment) {
            try remove(records.map(\.record), from: segment)
        }
        try tx.run(
            "DELETE FROM segment_changes WHERE tenant_id = \(tx.tenant) AND record_id IN \(list: gone)")
    }

    /// Takes away what belongs to a segment that is deleted.
    func forget(_ segment: Segment) throws {
        try tx.run(
            "DELETE FROM segment_members WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment.id)")
        try tx.run(
            "DELETE FROM segment_changes WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment.id)")
        try tx.counters.count(segment.id.counter, -(try members(of: segment.id)))
    }
}

extension SegmentID {
    fileprivate var counter: String { "segment.members.\(text)" }
}

extension Instant {
    /// The next whole step, counted from the epoch.
    fileprivate func rounded(upTo step: Duration) -> Instant {
        let size = step.components.seconds * 1_000_000
        let rest = microseconds % size
        return rest == 0 ? self : self + .microseconds(size - rest)
    }
}

extension Segment.Kind {
    /// The condition that a record is there for anybody: leads that were put away are in no segment that does not ask
    /// for their status.
    fileprivate var present: SQL { self == .leads ? " AND leads.status <> 'archived'" : "" }
}
