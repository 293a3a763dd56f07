internal import Agents
package import Database
internal import JSON
package import Jobs
package import Nouns
internal import Records

package extension FactStore where Base == Transaction {
    /// Reads what is said of records that are about to be merged into another, whose values are about to change.
    func sheets(of subjects: [Subject]) throws -> [FactSheet] {
        try subjects.map { try sheet(of: $0, tx.runtime) }
    }

    /// Gives a record the facts of those that were merged into it. What it shows now is current; the others' values
    /// stand beside it. `before`: the sheets as they were before the merge, the kept record's first.
    func merge(_ before: [FactSheet]) throws {
        guard let kept = before.first?.subject, let records = tx.runtime.records.records(of: kept.id) else {
            return
        }
        let record = try records.get(kept.id, tx)
        var shown: Set<String> = Set(
            before[0].facts.filter { $0.status == .current && $0.row > 0 }.map(\.field))
        for sheet in before.dropFirst() {
            for known in sheet.facts where known.row > 0 || known.status == .current {
                var fact = known.stored(tx)
                let isHeld =
                    record[known.field].map { $0.saysSame(as: known.value) }
                    ?? !sheet.columns.contains(known.field)
                let isShown = known.wasCurrentOrUnstored && isHeld
                if isShown, !shown.contains(known.field) {
                    shown.insert(known.field)
                } else if fact.status == .current || fact.status == .expired && known.wasCurrent {
                    fact.status = .alternative
                }
                (fact.subjectID, fact.movedFrom) = (kept.id, sheet.subject.id)
                try save(fact)
            }
        }
    }

    /// Gives a record that was merged away its facts back. One that it showed then is current again where it still says
    /// what the record holds.
    func unmerge(_ subject: Subject) throws {
        guard let records = tx.runtime.records.records(of: subject.id) else { return }
        let record = try records.get(subject.id, tx)
        var shown: Set<String> = []
        let moved = try Fact.resource.all(
            where: "moved_from = \(subject.id)", suffix: "ORDER BY id", in: tx)
        for known in moved {
            var fact = known
            (fact.subjectID, fact.movedFrom) = (subject.id, nil)
            if fact.status == .alternative, record[fact.field].map({ $0.saysSame(as: fact.value) }) ?? true,
                !shown.contains(fact.field)
            {
                fact.status = .current
            }
            if fact.status == .current { shown.insert(fact.field) }
            try save(fact)
        }
    }

    /// Takes away what is said of records that are gone.
    @discardableResult
    func forget(_ subjects: [some Key]) throws -> Int {
        guard !subjects.isEmpty else { return 0 }
        let subjects = subjects.map(\.keyText)
        return try tx.run(
            "DELETE FROM facts WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects)")
    }
}

extension Fact {
    fileprivate var wasCurrentOrUnstored: Bool { wasCurrent || row == 0 }
}

/// The facts about a person, which go with them.
struct FactData: PersonalData {
    let name = "facts"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try Fact.resource.all(
            where: "subject_id IN \(list: subjects.map(\.id))",
            // As the index has them, or SQLite would walk all facts to find these in order.
            suffix: "ORDER BY subject_id, field, row", in: reader
        ).map { Fact.schema.json($0) }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        try tx.facts.forget(subjects.map(\.id))
    }
}
