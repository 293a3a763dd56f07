package import Database

/// Service packages: `tx.packages`.
package struct PackageStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var packages: PackageStore<Self> { PackageStore(tx: self) }
}
