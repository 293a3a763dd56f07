package import Database

/// Coaching of support: `tx.coaching`.
package struct CoachingStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var coaching: CoachingStore<Self> { CoachingStore(tx: self) }
}
