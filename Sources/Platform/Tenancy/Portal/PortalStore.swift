package import Database

/// Client portals and their visitors: `tx.portal`.
package struct PortalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var portal: PortalStore<Self> { PortalStore(tx: self) }
}
