import Synchronization
import Testing

@testable import Messaging

@Suite struct SendLanesTests {
    /// How many are inside, and the most that were.
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
                    try await lanes.withLane(of: "int_1", of: 3) { _ in
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
            try await lanes.withLane(of: "int_1", of: 1) { _ in
                told.yield()
                for await _ in gate { break }
            }
        }
        for await _ in entered { break }
        let waiting = (0..<20).map { _ in
            Task { try await lanes.withLane(of: "int_1", of: 1) { _ in gauge.enter() } }
        }
        for task in waiting { task.cancel() }
        for task in waiting {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        // Another integration's lanes are its own.
        try await lanes.withLane(of: "int_2", of: 1) { _ in gauge.enter() }
        open.yield()
        try await first.value
        try await lanes.withLane(of: "int_1", of: 1) { _ in gauge.enter() }
        #expect(gauge.most == 2, "of those who were cancelled none came in")
    }

    @Test func `who leaves early lets one more in, and never two`() async throws {
        let (lanes, gauge) = (SendLanes(), Gauge())
        try await lanes.withLane(of: "int_1", of: 1) { place in
            place.leave()
            place.leave()
            try await lanes.withLane(of: "int_1", of: 1) { _ in gauge.enter() }
            gauge.leave()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await lanes.withLane(of: "int_1", of: 1) { place in
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
                try await lanes.withLane(of: "int_1", of: 1) { _ in throw Broken() }
            }
        }
    }
}
