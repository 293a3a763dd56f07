import Glibc
import Synchronization
import Testing

@testable import Runtime

/// The simulations of one test, on one database, one after the other.
private final class SimulatedWorld: Sendable {
    private let current = Mutex<WorkflowSimulation?>(nil)
    let test: TestRuntime

    init() throws {
        let found = Mutex<(@Sendable () -> WorkflowSimulation?)?>(nil)
        test = try TestRuntime(
            workflows: [SimulatedWorkflow { _ in found.withLock { $0 }?() }],
            configure: { $0.branchesMax = 1 })
        found.withLock { $0 = { [weak self] in self?.current.withLock { $0 } } }
    }

    /// What is wrong after the seed's story, and the story.
    func story(
        _ seed: UInt64, _ number: Int = 0, mistake: WorkflowSimulation.Mistake = .none
    ) async throws -> (faults: [String], trace: [String]) {
        let simulation = WorkflowSimulation(seed: seed, story: number, on: test, mistake: mistake)
        current.withLock { $0 = simulation }
        return (try await simulation.run(), simulation.trace)
    }
}

private func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
}

/// BUREAU_SEEDS=100000 tries more seeds, BUREAU_SEED=17 that one alone.
struct SimulatedWorkflows {
    @Test func `whatever dies, fails and overtakes, each step is effective once and every run ends`()
        async throws
    {
        let world = try SimulatedWorld()
        let seeds = number("BUREAU_SEED").map { $0...$0 } ?? 1...(number("BUREAU_SEEDS") ?? 2000)
        for seed in seeds {
            let (faults, trace) = try await world.story(seed)
            #expect(faults.isEmpty, "seed \(seed): \(faults) after \(trace)")
        }
    }

    @Test func `a seed tells the same story twice`() async throws {
        let world = try SimulatedWorld()
        for seed in UInt64(1)...20 {
            let first = try await world.story(seed), second = try await world.story(seed, 1)
            #expect(first.trace == second.trace && !first.trace.isEmpty, "seed \(seed)")
        }
    }

    @Test func `an engine that records a step after its commit is found out`() async throws {
        let world = try SimulatedWorld()
        var caught = 0
        for seed in UInt64(1)...200 {
            if try await world.story(seed, mistake: .journalAfterCommit).faults.contains(where: {
                $0.hasPrefix("effective twice")
            }) {
                caught += 1
            }
        }
        #expect(caught > 0)
    }
}
