package import Database

/// Stored files: `tx.files`.
package struct StoredFileStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var files: StoredFileStore<Self> { StoredFileStore(tx: self) }
}
