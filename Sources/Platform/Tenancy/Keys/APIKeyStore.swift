package import Database

/// API keys: `tx.apiKeys`.
package struct APIKeyStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var apiKeys: APIKeyStore<Self> { APIKeyStore(tx: self) }
}
