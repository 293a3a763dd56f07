package import Database
internal import Records

/// Facts about records: who says what a field holds, where, in which words and when: `tx.facts`.
package struct FactStore<Base: Queryable> {
    let tx: Base

    /// Returns what is stored about a record, oldest first.
    func stored(about subject: String) throws -> [Fact] {
        try Fact.resource.all(where: "subject_id = \(subject)", suffix: "ORDER BY id LIMIT 2000", in: tx)
    }
}

extension Queryable {
    package var facts: FactStore<Self> { FactStore(tx: self) }
}
