package import Database

/// Imports: `tx.imports`.
package struct ImportStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var imports: ImportStore<Self> { ImportStore(tx: self) }
}
