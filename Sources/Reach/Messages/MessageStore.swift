package import Database

/// Messages: `tx.messages`.
package struct MessageStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var messages: MessageStore<Self> { MessageStore(tx: self) }
}
