package import Database

/// Duplicates, and the keys by which they are found: `tx.duplicates`.
package struct DuplicateStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var duplicates: DuplicateStore<Self> { DuplicateStore(tx: self) }
}
