package import Database

/// Sequences and enrollments: `tx.sequences`.
package struct SequenceStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sequences: SequenceStore<Self> { SequenceStore(tx: self) }
}
