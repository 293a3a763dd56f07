package import Database

/// Consents and suppressions: `tx.consents`.
package struct ConsentStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var consents: ConsentStore<Self> { ConsentStore(tx: self) }
}
