import Agents
import Database
import JSON
import Jobs
import Nouns
import Records
import RuntimeTesting
import Synchronization
import Telemetry
import Testing
@testable import People
@testable import Sequences

@Suite struct ExperimentTests {
    private final class Adopted: Sendable {
        let values = Mutex<[String]>([])
    }

    /// An experiment about a price in which all take part and some buy.
    private func tried(
        _ course: Experiment.Course, buyers: [String: Int], adopted: Adopted
    ) async throws -> (MessagingRig, ID<Experiment>) {
        var sequences = SequenceDependencies.alone
        sequences.adopt = { _, _, winner, _ in adopted.values.withLock { $0.append(winner.name) } }
        let rig = try await MessagingRig.started(sequences: sequences)
        let made = try await rig.test.given { tx in
            var experiment = Experiment.new(id: tx.nextID(), now: tx.now)
            (experiment.name, experiment.kind, experiment.target) = ("Price", .price, "p1")
            (experiment.goal, experiment.course) = (.converted, course)
            experiment.variants = Parts(
                ["low", "high"].map { name in
                    var variant = ExperimentVariant()
                    (variant.name, variant.value) = (name, .string(name))
                    return variant
                })
            try tx.create(&experiment, by: .system)
            return experiment
        }
        var left = buyers
        for number in 0..<160 {
            let contact = try await rig.contact("P\(number)")
            let name = made.variant(for: contact.id).name
            let buys = left[name, default: 0] > 0
            if buys { left[name, default: 0] -= 1 }
            try await rig.test.given { tx in
                try tx.experiments.takePart(contact.id, in: made)
                try tx.experiments.takePart(contact.id, in: made)
                if buys { try tx.experiments.countConversion(of: contact.id) }
            }
        }
        try await rig.test.advance(by: .seconds(2 * 3600))
        try await rig.test.settle()
        return (rig, made.id)
    }

    @Test func `what wins is taken over by itself where the agency wants that, and once`() async throws {
        let adopted = Adopted()
        let (rig, id) = try await tried(.automatic, buyers: ["low": 2, "high": 45], adopted: adopted)
        let ended = try rig.test.read { try Experiment.resource.get(id, in: $0) }
        #expect(ended.status == .applied && ended.winner?.name == "high" && ended.concludedAt != nil)
        #expect(adopted.values.withLock { $0 } == ["high"])
        let events = (try rig.events("experiment.concluded"), try rig.events("experiment.applied"))
        #expect(events == (1, 1))
        let won = try rig.test.read { try $0.experiments.won(.price, target: "p1") }
        #expect(won?.id == id)
        #expect(try rig.test.read { try $0.experiments.running(.price, target: "p1") } == nil)
    }

    @Test func `otherwise it waits for a person, and what does not differ goes on`() async throws {
        let adopted = Adopted()
        let (rig, id) = try await tried(.propose, buyers: ["low": 45, "high": 2], adopted: adopted)
        let ended = try rig.test.read { try Experiment.resource.get(id, in: $0) }
        #expect(ended.status == .concluded && ended.winner?.name == "low")
        #expect(adopted.values.withLock { $0 }.isEmpty)
        let (even, other) = try await tried(.automatic, buyers: ["low": 20, "high": 21], adopted: adopted)
        let running = try even.test.read { try Experiment.resource.get(other, in: $0) }
        #expect(running.status == .running && adopted.values.withLock { $0 }.isEmpty)
        let rows = try even.test.read { try running.results(in: $0) }["variants"]?.array ?? []
        #expect(rows.compactMap { $0["converted"]?.int } == [20, 21])
        #expect(rows.compactMap { $0["assigned"]?.int }.reduce(0, +) == 160)
    }
}
