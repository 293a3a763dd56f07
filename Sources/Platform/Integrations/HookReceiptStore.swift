package import Database

/// Calls of hooks that came in: `tx.hookReceipts`.
package struct HookReceiptStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var hookReceipts: HookReceiptStore<Self> { HookReceiptStore(tx: self) }
}
