import Foundation
import JSON
import Synchronization
import Testing

/// Runs each test of a suite on a thread of its own: tests here block on sockets and processes, and the
/// pool that tests otherwise share is as small as the machine. Tests come in any order but for those of long suites,
/// which are the first: at the end they would leave a core to rest.
struct ThreadTrait: SuiteTrait, TestTrait, TestScoping {
    var isLong = false
    var isRecursive: Bool { true }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        test.isSuite || testCase != nil ? self : nil
    }

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else {
            // The first in the queue is the first to begin.
            if !isLong { try await Task.sleep(for: .milliseconds(300)) }
            return try await function()
        }
        try await withTaskExecutorPreference(TestThreads.shared) {
            let began = ContinuousClock.now
            defer { TestTimes.note(test, ContinuousClock.now - began) }
            try await function()
        }
    }
}

extension Trait where Self == ThreadTrait {
    static var ownThread: Self { Self() }
    /// The trait of suites with a test that takes minutes: they are the first to begin.
    static var ownThreadFirst: Self { Self(isLong: true) }
}

/// The time that each test ran, without its wait for a thread: `BUREAU_TEST_TIMES` names the file that they
/// are added to.
private enum TestTimes {
    private static let path = ProcessInfo.processInfo.environment["BUREAU_TEST_TIMES"]

    static func note(_ test: Test, _ time: Duration) {
        guard let path, let file = fopen(path, "a") else { return }
        defer { fclose(file) }
        let suite = test.id.description.split(separator: "/").dropLast(2).last ?? ""
        fputs("\(time / .milliseconds(1))\t\(suite)\t\(test.name)\n", file)
    }
}

private final class TestThreads: TaskExecutor {
    /// Tests at once: most of them wait for the server or for an agent.
    static let shared = TestThreads(count: 8)

    private let queue = Mutex<[UnownedJob]>([])
    private let work = DispatchSemaphore(value: 0)

    init(count: Int) {
        for _ in 0..<count {
            let thread = Thread { [self] in
                while true {
                    work.wait()
                    let job = queue.withLock { $0.removeFirst() }
                    job.runSynchronously(on: asUnownedTaskExecutor())
                }
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { $0.append(job) }
        work.signal()
    }
}

/// Runs `work` `count` times at the same moment, each on a thread; results are in order.
func together<T: Sendable>(_ count: Int, _ work: @escaping @Sendable (Int) throws -> T) throws -> [T] {
    let results = Mutex<[Result<T, any Error>?]>(Array(repeating: nil, count: count))
    let (gate, done) = (DispatchSemaphore(value: 0), DispatchGroup())
    for index in 0..<count {
        done.enter()
        Thread {
            gate.wait()
            let result = Result { try work(index) }
            results.withLock { $0[index] = result }
            done.leave()
        }.start()
    }
    for _ in 0..<count { gate.signal() }
    done.wait()
    return try results.withLock { $0 }.map { try $0!.get() }
}

/// Asks until there is an answer; fails when there is none in time. Unless told otherwise it asks less often the longer
/// it waits: to answer takes the processor from what is awaited.
@discardableResult
func eventually<T>(
    _ what: String, within limit: Duration = .seconds(180), every pause: Duration? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ probe: () throws -> T?
) throws -> T {
    let begin = ContinuousClock.now
    while true {
        // `nil` in the place of a JSON is its null: `ready ? answer : nil` means that there is nothing yet.
        if let value = try probe(), (value as? JSON)?.isNull != true { return value }
        let waited = ContinuousClock.now - begin
        try #require(waited < limit, "\(what) within \(limit)", sourceLocation: sourceLocation)
        let pause = pause ?? min(.milliseconds(100), max(.milliseconds(30), waited / 20))
        usleep(UInt32(pause / .microseconds(1)))
    }
}

/// Waits until a condition holds.
func eventuallyTrue(
    _ what: String, within limit: Duration = .seconds(180), every pause: Duration? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
) throws {
    try eventually(what, within: limit, every: pause, sourceLocation: sourceLocation) {
        try condition() ? true : nil
    }
}

/// Does the same with many things, some at a time, and answers in their order.
func inParallel<Item: Sendable, Result: Sendable>(
    _ width: Int, _ items: [Item], _ work: @escaping @Sendable (Item) throws -> Result
) throws -> [Result] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let next = Mutex(0)
    let group = DispatchGroup()
    for _ in 0..<min(width, items.count) {
        group.enter()
        Thread.detachNewThread {
            while let index = next.withLock({ next -> Int? in
                guard next < items.count else { return nil }
                defer { next += 1 }
                return next
            }) {
                let result = Swift.Result { try work(items[index]) }
                results.withLock { $0[index] = result }
            }
            group.leave()
        }
    }
    group.wait()
    let found = results.withLock(\.self)
    return try items.indices.map { try found[$0]!.get() }
}
