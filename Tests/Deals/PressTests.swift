import Records
import Synchronization
import Testing

@testable import Deals

@Suite struct PressTests {
    private final class Gauge: Sendable {
        private struct State { var inside = 0, most = 0 }
        private let state = Mutex(State())
        var most: Int { state.withLock { $0.most } }

        func pass() {
            state.withLock {
                $0.inside += 1
                $0.most = max($0.most, $0.inside)
            }
            // Long enough for another to come in, if one could.
            for _ in 0..<2000 { _ = most }
            state.withLock { $0.inside -= 1 }
        }
    }

    @Test func `documents are set one after the other, and each asker gets its own`() async throws {
        let (press, gauge) = (PDFRenderer(), Gauge())
        let all = try await withThrowingTaskGroup(of: (UInt8, [UInt8]).self) { group in
            for number in 0..<UInt8(100) {
                group.addTask {
                    let bytes = try await press.run {
                        gauge.pass()
                        return [number]
                    }
                    return (number, bytes)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(
            all.count == 100 && all.allSatisfy { $0.1 == [$0.0] })
        #expect(gauge.most == 1)
    }

    @Test func `what goes wrong is told to its asker, and the next is set`() async throws {
        struct Broken: Error {}
        let press = PDFRenderer()
        await #expect(throws: Broken.self) { _ = try await press.run { throw Broken() } }
        #expect(try await press.run { [1] } == [1])
    }
}
