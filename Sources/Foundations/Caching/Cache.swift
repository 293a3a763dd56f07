internal import Synchronization

/// Values that take long to make, kept by their keys. Once there are too many it begins anew: those in use come back.
package final class Cache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private let values = Mutex<[Key: Value]>([:])

    package init(capacity: Int) { self.capacity = capacity }

    /// Returns the value of a key; `make` makes it where it is not known. Two may make the same value at a time.
    package func value<Failure>(
        of key: Key, _ make: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        if let known = values.withLock({ $0[key] }) { return known }
        let value = try make()
        values.withLock { values in
            if values.count >= capacity { values.removeAll() }
            values[key] = value
        }
        return value
    }
}
