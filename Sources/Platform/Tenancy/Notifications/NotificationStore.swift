package import Database

/// Notifications and who wants which: `tx.notifications`.
package struct NotificationStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var notifications: NotificationStore<Self> { NotificationStore(tx: self) }
}
