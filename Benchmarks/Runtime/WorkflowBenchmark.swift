internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry
internal import Workflows

/// Adds up three steps, each committed before the next begins.
struct ThreeSteps: Workflow {
    static let name = "three_steps"

    func run(_ input: Int, _ flow: Flow) async throws -> Int {
        let one = try await flow.step("one") { _ in input + 1 }
        let two = try await flow.step("two") { _ in one + 3 }
        return try await flow.step("three") { _ in two + 5 }
    }
}

/// A closed loop: start a run, wait for its end, look at its answer. Nobody is told of the run before its end, which is
/// on the disk with all that came before it; its start alone need not be.
enum WorkflowBenchmark {
    static func run(_ folder: String) async throws -> JSON {
        let ended = Ended()
        let bench = try Bench(
            folder, register: { $0.add(workflow: ThreeSteps()) },
            configure: { $0.observer.attemptSettled = { ended.note($1) } })
        let working = Task { await bench.runner.run() }
        var result: JSONObject = [:]
        for lanes in [1, 4, 64] { result["\(lanes)"] = try await measure(bench, ended, lanes) }
        bench.runner.drain()
        await working.value
        bench.database.close()
        return .object(result)
    }

    struct WrongAnswer: Error { let run: WorkflowRunID, output: String? }

    private static func measure(_ bench: Bench, _ ended: Ended, _ lanes: Int) async throws -> JSON {
        let start = systemSteadyClock(), end = start + .seconds(Int64(number("SECS", 5)))
        let times = Times()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    while systemSteadyClock() < end {
                        let begun = systemSteadyClock()
                        try await runOne(bench, ended)
                        times.add(systemSteadyClock() - begun)
                    }
                }
            }
            try await group.waitForAll()
        }
        let taken = seconds(systemSteadyClock() - start)
        let all = times.all
        let rate = Double(all.count) / taken
        return [
            "wps": .number(rate), "p50": .number(percentile(0.5, of: all)),
            "p99": .number(percentile(0.99, of: all)), "steps": 3, "spread": [.number(rate)],
        ]
    }

    private static func runOne(_ bench: Bench, _ ended: Ended) async throws {
        let run = try await bench.write(.early) { try $0.workflows.start(ThreeSteps.self, 0, by: .system) }
        await ended.end(of: run.jobID)
        let ended = try bench.database.read(tenant) { try $0.workflows.run(run.id) }
        guard ended?.output == "9" else { throw WrongAnswer(run: run.id, output: ended?.output) }
    }
}

final class Times: Sendable {
    private let times = Mutex<[Duration]>([])
    var all: [Duration] { times.withLock { $0 } }
    func add(_ time: Duration) { times.withLock { $0.append(time) } }
}
