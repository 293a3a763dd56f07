package import Database

/// Proposals: `tx.proposals`.
package struct ProposalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var proposals: ProposalStore<Self> { ProposalStore(tx: self) }
}
