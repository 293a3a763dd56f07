package import Database

/// Imports of leads: `tx.leadImports`.
package struct LeadImportStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var leadImports: LeadImportStore<Self> { LeadImportStore(tx: self) }
}
