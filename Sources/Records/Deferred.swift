internal import Synchronization

/// What is worked out when it is first asked for: most of what is declared describes the product to its readers, and
/// no start should wait for that. Asked for by two at once, it may be worked out twice, and is the same for both.
package final class Deferred<Value: Sendable>: Sendable {
    private final class Made: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let made = AtomicLazyReference<Made>()
    private let make: @Sendable () -> Value

    package init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    package var value: Value { (made.load() ?? made.storeIfNil(Made(make()))).value }
}
