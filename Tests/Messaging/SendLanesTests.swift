import Nouns
import RuntimeTesting
import Synchronization
import Testing

@testable import Messages

@Suite struct SendLanesTests {
    /// The number inside, and the most that were.
    private final class Gauge: Sendable {
        private let state = Mutex((inside: 0, most: 0, done: 0))
        var most: Int { state.withLock { $0.most } }
        var done: Int { state.withLock { $0.done } }
        func enter() {
            state.withLock {
                $0.inside += 1
                $0.most = max($0.most, $0.inside)
            }
        }
        func leave() {
            state.withLock {
                $0.inside -= 1
                $0.done += 1
            }
        }
    }

    @Test func `no more than the lanes are inside at once, and all get through`() async throws {
        let (lanes, gauge) = (SendLanes(), Gauge())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await lanes.withLane(of: .numbered(1), of: 3) { _ in
                        gauge.enter()
                        for _ in 0..<5 { await Task.yield() }
                        gauge.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(gauge.most == 3 && gauge.done == 200)
    }

    @Test func `who is cancelled while it waits goes, and takes no lane with it`() async throws {
        let (lanes, gauge) = (SendLanes(), Gauge())
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (entered, told) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await lanes.withLane(of: .numbered(1), of: 1) { _ in
                told.yield()
                for await _ in gate { break }
            }
        }
        for await _ in entered { break }
        let waiting = (0..<20).map { _ in
            Task { try await lanes.withLane(of: .numbered(1), of: 1) { _ in gauge.enter() } }
        }
        for task in waiting { task.cancel() }
        for task in waiting {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        // Another integration's lanes are its own.
        try await lanes.withLane(of: .numbered(2), of: 1) { _ in gauge.enter() }
        open.yield()
        try await first.value
        try await lanes.withLane(of: .numbered(1), of: 1) { _ in gauge.enter() }
        #expect(gauge.most == 2, "of those who were cancelled none came in")
    }

    @Test func `who leaves early lets one more in, and never two`() async throws {
        let (lanes, gauge) = (SendLanes(), Gauge())
        try await lanes.withLane(of: .numbered(1), of: 1) { place in
            place.leave()
            place.leave()
            try await lanes.withLane(of: .numbered(1), of: 1) { _ in gauge.enter() }
            gauge.leave()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await lanes.withLane(of: .numbered(1), of: 1) { place in
                        gauge.enter()
                        for _ in 0..<5 { await Task.yield() }
                        gauge.leave()
                        place.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(gauge.most == 1 && gauge.done == 51)
    }

    @Test func `what fails gives its lane back`() async throws {
        struct Broken: Error {}
        let lanes = SendLanes()
        for _ in 0..<3 {
            await #expect(throws: Broken.self) {
                try await lanes.withLane(of: .numbered(1), of: 1) { _ in throw Broken() }
            }
        }
    }

    /// The most that are inside at once, of many that would like to be.
    private func width(_ lanes: SendLanes, of count: Int, expecting width: Int) async throws -> Int {
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await lanes.withLane(of: .numbered(1), of: count) { _ in
                        gauge.enter()
                        // Those who may come in are waited for.
                        for _ in 0..<2000 where gauge.most < width { await Task.yield() }
                        for _ in 0..<5 { await Task.yield() }
                        gauge.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        return gauge.most
    }

    @Test func `they grow while a service works, up to what it takes, and halve with each failure`()
        async throws
    {
        let lanes = SendLanes()
        #expect(lanes.width(of: .numbered(1)) == nil)
        func note(_ hasWorked: Bool?, times: Int = 1) async throws -> Int? {
            for _ in 0..<times {
                try await lanes.withLane(of: .numbered(1), of: 16) { place in
                    if let hasWorked { place.note(hasWorked) }
                }
            }
            return lanes.width(of: .numbered(1))
        }
        #expect(try await note(nil) == 5, "it is not known yet")
        #expect(try await width(lanes, of: 16, expecting: 5) == 5)
        #expect(try await note(true) == 10)
        #expect(try await note(true, times: 3) == 16)
        #expect(try await width(lanes, of: 16, expecting: 16) == 16)
        #expect(try await note(false) == 8)
        #expect(try await width(lanes, of: 16, expecting: 8) == 8)
        #expect(try await note(false, times: 5) == 1, "one always tries")
        #expect(try await width(lanes, of: 16, expecting: 1) == 1)
        #expect(try await note(true, times: 2) == 4)
        #expect(lanes.width(of: .numbered(2)) == nil, "another service's are its own")
    }
}
