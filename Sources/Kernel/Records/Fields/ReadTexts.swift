internal import Synchronization

/// The values of the stored texts that were read last: the steps of a sequence and the hours of an agency are read for
/// each message, and change once a month. It holds at most one text in each of its places.
package final class ReadTexts<Value: Sendable>: Sendable {
    private static var places: Int { 64 }
    /// Short texts are read as fast as they are looked for, and long ones would fill the memory.
    private static var lengths: ClosedRange<Int> { 64...16_384 }

    private let read = Mutex<[(text: String, value: Value)?]>([])

    package init() {}

    /// Returns the value of `text`, made by `make` unless it was read before.
    package func value(of text: String, _ make: (String) -> Value) -> Value {
        guard Self.lengths.contains(text.utf8.count) else { return make(text) }
        let place = text.hashValue & (Self.places - 1)
        let known = read.withLock { read in
            read.isEmpty ? nil : read[place].flatMap { $0.text == text ? $0.value : nil }
        }
        if let known { return known }
        let value = make(text)
        read.withLock { read in
            if read.isEmpty { read = Array(repeating: nil, count: Self.places) }
            read[place] = (text, value)
        }
        return value
    }
}
