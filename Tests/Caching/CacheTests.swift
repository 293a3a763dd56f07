import Caching
import Synchronization
import Testing

@Suite struct CacheTests {
    private struct Failure: Error {}

    @Test func `a value is made once, and what cannot be made is tried again`() {
        let cache = Cache<String, Int>(capacity: 10), made = Mutex(0)
        func length(of text: String) throws(Failure) -> Int {
            try cache.value(of: text) { () throws(Failure) in
                made.withLock { $0 += 1 }
                if text.isEmpty { throw Failure() }
                return text.count
            }
        }
        for _ in 0..<3 {
            #expect(throws: Never.self) { try length(of: "four") }
            #expect(throws: Failure.self) { try length(of: "") }
        }
        #expect(made.withLock { $0 } == 4)
    }

    @Test func `beyond its capacity it begins anew, and still answers right`() {
        let cache = Cache<Int, Int>(capacity: 3), made = Mutex(0)
        func twice(_ number: Int) -> Int {
            cache.value(of: number) {
                made.withLock { $0 += 1 }
                return number * 2
            }
        }
        for number in [1, 2, 3, 1, 4, 4, 1] { #expect(twice(number) == number * 2) }
        // The fourth did not fit: the first was made once more after it.
        #expect(made.withLock { $0 } == 5)
    }
}
