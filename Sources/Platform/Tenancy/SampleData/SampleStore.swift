internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The sample data: `tx.samples`.
package struct SampleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var samples: SampleStore<Self> { SampleStore(tx: self) }
}

extension SampleStore where Base == Transaction {
    /// Removes the sample data with all that hangs on it, but for what somebody has made their own: that stays with
    /// what it refers to, and is no sample any more.
    func remove(
        _ known: SampleData.Known, by actor: Actor
    ) throws -> (removed: [Subject], kept: [Subject]) {
        var family = SampleFamily(known, tx)
        try family.gather()
        let own = try family.own()
        var rest = family.members.filter { !own.contains($0.id) }, removed: [Subject] = []
        // A record that others still refer to goes in a later round; one that never can go is kept.
        while true {
            let before = rest.count
            rest = try rest.filter { member in
                let isGone = try delete(member, by: actor)
                if isGone { removed.append(member.subject) }
                return !isGone
            }
            if rest.isEmpty || rest.count == before { break }
        }
        for member in family.members where own.contains(member.id) && member.isSeed {
            try unmark(member.type, member.id)
        }
        try sweep(known, removed.map(\.id))
        let kept = family.members.filter { own.contains($0.id) } + rest
        try tx.auditLog.add(
            actor, "sample_data.removed", Subject(type: "tenant", id: tx.tenant.rawValue),
            ["removed": JSON(removed.count), "kept": JSON(kept.count)])
        return (removed, kept.map(\.subject))
    }

    private func delete(_ member: SampleFamily.Member, by actor: Actor) throws -> Bool {
        do {
            try tx.attempt { try delete(member.type, member.id, by: actor) }
            return true
        } catch let problem as any ProblemConvertible where problem.problem.type.status < 500 {
            return false
        }
    }

    private func delete<R: ManagedRecord>(_ type: R.Type, _ id: String, by actor: Actor) throws {
        guard let known = ID<R.Identity>(id), let record = try R.resource.find(known, in: tx) else { return }
        try tx.delete(record, by: actor)
    }

    /// Takes the mark from a record that stays.
    private func unmark<R: ManagedRecord>(_ type: R.Type, _ id: String) throws {
        guard let known = ID<R.Identity>(id), let old = try R.resource.find(known, in: tx),
            let tags = R.schema["tags"]
        else { return }
        var record = old
        tags.assign(&record, .array((tags.json(old).array ?? []).filter { $0.text != SampleData.mark }))
        try tx.update(old, to: &record, by: .system)
    }
}
