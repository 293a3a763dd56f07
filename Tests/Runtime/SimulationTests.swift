import Glibc
import Simulation
import TestDatabases
import Testing

private func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
}

/// BUREAU_SEEDS=100000 tries more seeds, BUREAU_SEED=17 that one alone; `make sim` does so without the tests.
struct Simulated {
    /// One half of the seeds, beside the other.
    private func check(_ play: Simulator.Play, _ half: UInt64) async throws {
        let simulator = try Simulator()
        // A server answers each transaction later, and tells the same stories.
        let count: UInt64 = TestDatabases.isOnServer ? 200 : 2000
        let seeds = number("BUREAU_SEED").map({ $0...$0 }) ?? 1...(number("BUREAU_SEEDS") ?? count)
        for seed in seeds where seed % 2 == half {
            let story = await simulator.story(play, seed: seed)
            #expect(story.faults.isEmpty, "seed \(seed): \(story.faults) after \(story.trace)")
        }
    }

    @Test(arguments: [UInt64(0), 1])
    func `whatever dies and fails, every job is effective once, within its limits, and nobody starves`(
        half: UInt64
    ) async throws {
        try await check(.jobs, half)
    }

    @Test(arguments: [UInt64(0), 1])
    func `whatever dies, fails and overtakes, each step is effective once and every run ends`(
        half: UInt64
    ) async throws {
        try await check(.workflows, half)
    }

    @Test(arguments: Simulator.Play.allCases)
    func `a seed tells the same story twice`(play: Simulator.Play) async throws {
        let simulator = try Simulator()
        for seed in UInt64(1)...20 {
            let first = await simulator.story(play, seed: seed)
            let second = await simulator.story(play, seed: seed)
            #expect(first.trace == second.trace && !first.trace.isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: [
        (Simulator.Mistake.finishWithoutEpoch, Simulator.Play.jobs), (.journalAfterCommit, .workflows),
    ])
    func `an engine made with a mistake is found out`(
        mistake: Simulator.Mistake, play: Simulator.Play
    )
        async throws
    {
        let simulator = try Simulator()
        for seed in UInt64(1)...200 {
            let story = await simulator.story(play, seed: seed, mistake: mistake)
            if story.faults.contains(where: { $0.hasPrefix("effective twice") }) { return }
        }
        Issue.record("200 seeds did not find it")
    }
}
