public import Synchronization

/// A value that is worked out when it is first asked for: most of what is declared describes the product to its
/// readers, and no start should wait for that. Asked for by two at once, it may be worked out twice, and is the same
/// for both.
@usableFromInline package final class Deferred<Value: Sendable>: Sendable {
    @usableFromInline final class Made: Sendable {
        @usableFromInline let value: Value
        @usableFromInline init(_ value: Value) { self.value = value }
    }

    @usableFromInline let made = AtomicLazyReference<Made>()
    @usableFromInline let make: @Sendable () -> Value

    package init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    // Inlinable, or each request would look up the types of the general case.
    @inlinable package var value: Value { (made.load() ?? made.storeIfNil(Made(make()))).value }
}
