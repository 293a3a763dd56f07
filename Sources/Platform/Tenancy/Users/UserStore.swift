package import Database

/// Users: `tx.users`.
package struct UserStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var users: UserStore<Self> { UserStore(tx: self) }
}
