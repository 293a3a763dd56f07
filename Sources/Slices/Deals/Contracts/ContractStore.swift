package import Database

/// Contracts: `tx.contracts`.
package struct ContractStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contracts: ContractStore<Self> { ContractStore(tx: self) }
}
