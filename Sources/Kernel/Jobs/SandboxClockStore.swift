package import Database

/// A sandbox's clock: `tx.sandboxClock`.
package struct SandboxClockStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var sandboxClock: SandboxClockStore<Self> { SandboxClockStore(tx: self) }
}
