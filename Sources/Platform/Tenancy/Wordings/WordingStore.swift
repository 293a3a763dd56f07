package import Database

/// An agency's own wordings: `tx.wordings`.
package struct WordingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var wordings: WordingStore<Self> { WordingStore(tx: self) }
}
