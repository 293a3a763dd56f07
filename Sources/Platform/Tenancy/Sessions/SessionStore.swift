package import Database

/// Users' sessions: `tx.sessions`.
package struct SessionStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sessions: SessionStore<Self> { SessionStore(tx: self) }
}
