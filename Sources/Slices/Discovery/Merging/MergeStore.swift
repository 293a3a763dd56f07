internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Transfer

/// Contacts and companies that become one, by a person's hand: `tx.merging`.
struct MergeStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var merging: MergeStore<Self> { MergeStore(tx: self) }
}

extension MergeStore where Base == Transaction {
    /// Makes one record of several. What named the others names the kept one, which takes over what it lacked; the
    /// others are gone until that is undone. Answers the kept record, the merge, and how many rows moved, by table.
    func merge<R: Mergeable>(
        _ others: [ID<R.Identity>], into id: ID<R.Identity>, by actor: Actor
    ) throws -> (kept: R, merge: ID<RecordMerge>, moved: JSON) {
        let wide = tx.unlimited
        let old = try R.resource.get(id, in: tx)
        guard !others.isEmpty, !others.contains(id) else {
            let table = R.resource.table
            throw Problem(faults: [
                Fault(
                    "/merge", "unknown_reference",
                    "\(table) must name other \(table) than this one, each once.")
            ])
        }
        let gone = try others.map { try R.resource.get($0, in: tx) }
        guard Set(([old] + gone).compactMap(\.clientID)).count < 2 else {
            throw Problem(
                .conflict,
                "The records belong to different clients: give them the same client first, or none.")
        }
        var merge = RecordMerge.new(id: tx.nextID(), now: tx.now)
        old.keep(in: &merge)
        merge.keptBefore = R.schema.json(old).object ?? [:]
        merge.mergedBefore = .array(gone.map(R.schema.json))
        let said = try R.hasFacts ? wide.facts.sheets(of: ([old] + gone).map(\.subject)) : []
        var kept = old
        for other in gone {
            R.resource.fill(&kept, from: other, R.filled)
            kept.restrict(as: other)
            try wide.duplicates.forgetMatches(of: other)
            // Identifiers elsewhere leave the others before the kept one has them.
            try wide.contacts.indexExternalIDs(of: other.subject, from: other.externalIDs, to: [:])
        }
        try change(old, to: &kept, by: actor)
        var moved: [String: Int] = [:]
        for other in gone {
            var noted = JSONObject()
            var made = try kept.take(other, by: actor, in: wide) {
                noted = try wide.references.tell(other.subject, goesOnAs: kept.subject)
                moved.merge(
                    try wide.references.move(
                        from: other.subject, to: kept.subject, in: R.resource.table, under: merge.id),
                    uniquingKeysWith: +)
            }
            made["noted"] = .object(noted)
            merge.made[other.id.keyText] = .object(made)
            try tx.mergeAway(other, into: kept.subject, by: actor)
        }
        if !said.isEmpty { try wide.facts.merge(said) }
        try RecordMerge.resource.insert(&merge, in: wide)
        let told = JSON.object(
            JSONObject(moved.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
        try tx.auditLog.add(
            actor, "\(R.resource.noun).merged", kept.subject,
            [
                "merged": .array(others.map { .string($0.keyText) }), "merge_id": JSON(merge.id),
                "moved": told,
            ])
        return (kept, merge.id, told)
    }

    /// Takes a merge back: the others are there again, with what named them.
    func undo<R: Mergeable>(_ id: ID<RecordMerge>, of type: R.Type, by actor: Actor) throws -> R {
        let merge = try RecordMerge.resource.get(id, in: tx)
        guard let keptID = R.kept(in: merge) else { throw Problem(.notFound) }
        guard merge.undoneAt == nil else {
            throw Problem(.conflict, "The merge has already been undone.")
        }
        guard let old = try R.resource.find(keptID, in: tx) else {
            throw Problem(
                .conflict, "The kept record was merged into another one since: undo that merge first.")
        }
        let documents = merge.documents, gone: [R] = documents.map { R.resource.record(of: $0) }
        var kept = old
        try takeBack(merge, from: &kept)
        try change(old, to: &kept, by: actor, action: "\(R.resource.noun).unmerged")
        for var other in gone {
            for (system, value) in other.externalIDs.members
            where try tx.contacts.record(
                of: R.resource.noun, system: system, externalID: value.text ?? "") != nil
            {
                // Somebody else has come in under it since.
                other.externalIDs.remove(system)
            }
            try mendReferences(of: &other)
            try tx.bringBack(&other, by: actor)
            try tx.references.moveBack(to: other.subject, from: kept.subject, in: R.resource.table, under: id)
            let made = merge.made[other.id.keyText]?.object ?? [:]
            try tx.references.tell(other.subject, isApartFrom: kept.subject, made["noted"]?.object ?? [:])
            try kept.giveBack(other, made, by: actor, in: tx)
            if R.hasFacts { try tx.facts.unmerge(other.subject) }
        }
        // Each of them has their own data again, and may have it erased.
        var undone = merge
        (undone.keptBefore, undone.mergedBefore, undone.made) = ([:], [], [:])
        (undone.undoneAt, undone.version, undone.updatedAt) = (tx.now, merge.version + 1, tx.now)
        try RecordMerge.resource.update(merge, to: undone, in: tx)
        return kept
    }

    /// Takes back what a record was filled with, and what holds for it, by a merge; what it has of later ones stays.
    /// These began with what the merge had given, and do so no more.
    private func takeBack<R: Mergeable>(_ merge: RecordMerge, from kept: inout R) throws {
        let documents = merge.documents, gone: [R] = documents.map { R.resource.record(of: $0) }
        var before: R = R.resource.record(of: .object(merge.keptBefore))
        func takeBack(from record: inout R) {
            R.resource.empty(&record, to: R.schema.json(before).object ?? [:], of: documents, R.filled)
            record.relax(to: before, without: gone)
        }
        for later in try all(of: kept.id.keyText, after: merge) {
            var start: R = R.resource.record(of: .object(later.keptBefore)), changed = later
            takeBack(from: &start)
            changed.keptBefore = R.schema.json(start).object ?? [:]
            (changed.version, changed.updatedAt) = (later.version + 1, tx.now)
            try RecordMerge.resource.update(later, to: changed, in: tx)
            for document in later.documents {
                let other: R = R.resource.record(of: document)
                R.resource.fill(&before, from: other, R.filled)
                before.restrict(as: other)
            }
        }
        takeBack(from: &kept)
    }

    /// Has a record that comes back name what is there: the company into which its own was merged since, which gives it
    /// back, or nothing.
    private func mendReferences<R: Mergeable>(of record: inout R) throws {
        for reference in R.schema.references(of: record, replacing: nil) {
            guard try !tx.unknown(among: [reference]).isEmpty else { continue }
            let name = String(reference.pointer.dropFirst()), place = "\(R.resource.table).\(name)"
            var heir: ID<Company>?, id = reference.id
            while let merge = try of(id), let company = merge.companyID {
                try tx.references.note(record.id, in: place, named: id, under: merge.id)
                (heir, id) = (company, company.keyText)
            }
            R.schema[name]?.assign(&record, heir.map { JSON($0) } ?? .null)
        }
    }

    /// Stores the kept record. What follows records, such as segments, looks at it anew in any case.
    private func change<R: Mergeable>(
        _ old: R, to kept: inout R, by actor: Actor, action: String? = nil
    ) throws {
        guard try !tx.update(old, to: &kept, by: actor, action: action) else { return }
        try tx.unlimited.publish("\(R.resource.noun).updated", kept.subject, ["changed": []])
    }

    /// Forgets merges into records that go, or whose person is erased: they cannot be undone any more. Answers how
    /// many there were.
    @discardableResult
    func forget(into kept: [String]) throws -> Int {
        let merges = try all(into: kept).map(\.id)
        try tx.references.forget(merges)
        return try tx.run(
            "DELETE FROM record_merges WHERE tenant_id = \(tx.tenant) AND id IN \(list: merges)")
    }
}

extension MergeStore {
    /// Returns the merge by which a record is gone.
    fileprivate func of(_ gone: String) throws -> RecordMerge? {
        let quoted = "%\"" + gone + "\"%"
        return try RecordMerge.resource.all(
            where: "undone_at IS NULL AND merged_before LIKE \(quoted)", suffix: "ORDER BY row", in: tx
        ).first { $0.merged.contains { $0.id == gone } }
    }

    /// Returns the merges into a record that came after one, the oldest first.
    fileprivate func all(of kept: String, after merge: RecordMerge) throws -> [RecordMerge] {
        try RecordMerge.resource.all(
            where: """
                (contact_id = \(kept) OR company_id = \(kept)) AND undone_at IS NULL AND row > \(merge.head.row)
                """, suffix: "ORDER BY row", in: tx)
    }

    /// Whether something that a merge has made holds by another one, too.
    func isShared(_ made: some Key) throws -> Bool {
        let quoted = "%\"" + made.keyText + "\"%"
        let merges = try tx.all(
            "SELECT id FROM record_merges WHERE tenant_id = \(tx.tenant) AND made LIKE \(quoted) LIMIT 2"
        ) { $0.text(0) }
        return merges.count > 1
    }

    /// Returns the merges into some records, into those that were merged then, and so on.
    func all(into kept: [String]) throws -> [RecordMerge] {
        var found: [RecordMerge] = [], asked = kept
        while !asked.isEmpty {
            let more = try RecordMerge.resource.all(
                where: """
                    (contact_id IN \(list: asked) OR company_id IN \(list: asked))
                        AND id NOT IN \(list: found.map(\.id))
                    """, suffix: "ORDER BY id", in: tx)
            found += more
            asked = more.flatMap(\.merged).map(\.id)
        }
        return found
    }
}

extension RecordMerge {
    /// The records that were merged away, until the merge is undone.
    var merged: [Subject] {
        (mergedBefore.array ?? []).compactMap { document in
            document["id"]?.text.map {
                Subject(type: contactID == nil ? Company.noun : Contact.noun, id: $0)
            }
        }
    }
}
