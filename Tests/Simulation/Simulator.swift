internal import Foundation
internal import Synchronization

@testable internal import Agents
@testable internal import Jobs
@testable internal import RuntimeTesting

/// Stories of the runtime, one after the other on one database: each is told by a seed, and the same whenever it is
/// told.
package final class Simulator: Sendable {
    package enum Play: String, CaseIterable, Sendable {
        /// The pool of workers and its queue.
        case jobs
        /// A workflow of random steps.
        case workflows
    }

    /// Mistakes that runtimes are made with; the simulator finds them.
    package enum Mistake: String, CaseIterable, Sendable {
        /// A worker that was given up ends the job that another works on.
        case finishWithoutEpoch = "finish-without-epoch"
        /// A step's effects commit, and what records it commits later.
        case journalAfterCommit = "journal-after-commit"
    }

    package struct Story: Sendable {
        /// The faults; empty when there are none.
        package let faults: [String]
        /// The history, line by line.
        package let trace: [String]
    }

    private let current = Mutex<WorkflowSimulation?>(nil)
    private let told = Mutex(0)
    private let test: TestRuntime

    package init() throws {
        let found = Mutex<(@Sendable () -> WorkflowSimulation?)?>(nil)
        test = try TestRuntime(
            kinds: [TestJob()], workflows: [SimulatedWorkflow { _ in found.withLock { $0 }?() }],
            register: { $0.add(SimulatedTool { found.withLock { $0 }?() }) },
            configure: { configuration in
                configuration.branchesMax = 1
                configuration.slots["default"] = JobSimulation.slots
            })
        found.withLock { $0 = { [weak self] in self?.current.withLock { $0 } } }
    }

    package func story(_ play: Play, seed: UInt64, mistake: Mistake? = nil) async -> Story {
        let number = told.withLock { count in
            count += 1
            return count
        }
        switch play {
        case .jobs:
            // It blocks on each of its transactions, which the tasks of others must not wait for.
            return await withCheckedContinuation { continuation in
                Thread { [test] in
                    let simulation = JobSimulation(
                        seed: seed, story: number, on: test,
                        mistake: mistake == .finishWithoutEpoch ? .finishWithoutEpoch : .none)
                    var faults: [String]
                    do { faults = try simulation.run() } catch { faults = ["it threw \(error)"] }
                    continuation.resume(
                        returning: Story(faults: Set(faults).sorted(), trace: simulation.trace))
                }.start()
            }
        case .workflows:
            let simulation = WorkflowSimulation(
                seed: seed, story: number, on: test,
                mistake: mistake == .journalAfterCommit ? .journalAfterCommit : .none)
            current.withLock { $0 = simulation }
            var faults: [String]
            do { faults = try await simulation.run() } catch { faults = ["it threw \(error)"] }
            return Story(faults: faults, trace: simulation.trace)
        }
    }
}
