package import Database

/// Meetings: `tx.meetings`.
package struct MeetingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var meetings: MeetingStore<Self> { MeetingStore(tx: self) }
}
