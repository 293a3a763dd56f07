package import Database

/// Sandboxes: `tx.sandboxes`.
package struct SandboxStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sandboxes: SandboxStore<Self> { SandboxStore(tx: self) }
}
