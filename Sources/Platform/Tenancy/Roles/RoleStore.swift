package import Database

/// Roles and permissions: `tx.roles`.
package struct RoleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var roles: RoleStore<Self> { RoleStore(tx: self) }
}
