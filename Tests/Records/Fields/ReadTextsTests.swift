import Synchronization
import Testing
@testable import Records

@Suite struct ReadTextsTests {
    @Test func `a text that was just read is not made again, another is`() {
        let texts = ReadTexts<Int>()
        let made = Mutex(0)
        func value(of text: String) -> Int {
            texts.value(of: text) { text in
                made.withLock { $0 += 1 }
                return text.utf8.count
            }
        }
        let (long, longer) = (String(repeating: "a", count: 100), String(repeating: "b", count: 101))
        #expect([long, long, longer, long].map(value) == [100, 100, 101, 100])
        // Should both share a place, the second took it.
        #expect(made.withLock { $0 } <= 3)
    }

    @Test func `many texts are each read as what they say, from many threads`() async {
        let texts = ReadTexts<String>()
        await withTaskGroup { group in
            for start in 0..<4 {
                group.addTask {
                    for number in start..<start + 500 {
                        let text = String(repeating: "\(number) ", count: 20)
                        #expect(texts.value(of: text) { $0 + "." } == text + ".")
                    }
                }
            }
        }
    }

    @Test(arguments: [1, 20_000]) func `texts that are short or very long are not kept`(_ length: Int) {
        let texts = ReadTexts<Int>()
        let made = Mutex(0)
        for _ in 0..<2 {
            _ = texts.value(of: String(repeating: "a", count: length)) { _ in
                made.withLock { $0 += 1 }
                return 0
            }
        }
        #expect(made.withLock { $0 } == 2)
    }
}
