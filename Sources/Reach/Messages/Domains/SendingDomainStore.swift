package import Database

/// Sending domains: `tx.sendingDomains`.
package struct SendingDomainStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sendingDomains: SendingDomainStore<Self> { SendingDomainStore(tx: self) }
}
