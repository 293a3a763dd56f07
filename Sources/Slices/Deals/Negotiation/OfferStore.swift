package import Database

/// Offers in negotiations: `tx.offers`.
package struct OfferStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var offers: OfferStore<Self> { OfferStore(tx: self) }
}
