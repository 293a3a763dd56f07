import Database
import JSON
import Nouns
import Records
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import RuntimeTesting

struct DecisionPapersTests {
    private static let facts: JSON = .array(
        (1...40).map { (number: Int) -> JSON in
            [
                "name": .string("fact_\(number)"), "value": JSON(number),
                "evidence": "told by the lead's own site",
            ]
        })

    @Test func `the papers of a decision come back as they were, in a quarter of the room`() async throws {
        let test = try TestRuntime(agents: [TestAgent()])
        let (long, short) = try await test.write { tx in
            let subject = Subject(type: "lead", id: "lead_1")
            let long = Conclusion(
                outcome: ["score": 7], confidence: 0.5, factors: Self.facts,
                model: ["name": "m", "version": "1"],
                inputs: ["facts": Self.facts, "name": "Größe „ä“"])
            let short = Conclusion(
                outcome: ["score": 1], confidence: 0.5, model: ["name": "m", "version": "1"], inputs: ["a": 1]
            )
            return (
                try tx.decisions.conclude(for: "scoring", on: "one", subject, long).id,
                try tx.decisions.conclude(for: "scoring", on: "two", subject, short).id
            )
        }
        func decisions() throws -> [Decision] {
            try test.read { reader in try [long, short].compactMap { try reader.decisions.find($0) } }
        }
        func stored(_ id: DecisionID) throws -> (packed: Int?, plain: Int) {
            try #require(
                try test.read { reader in
                    try reader.first(
                        """
                        SELECT length(papers), length(inputs) + length(factors) FROM decisions
                        WHERE tenant_id = \(reader.tenant) AND id = \(id)
                        """
                    ) { ($0.optionalInt64(0).map { Int($0) }, $0.int(1)) }
                })
        }
        let before = try decisions(), plain = try stored(long).plain
        let sweep = Sweep(test.runtime)
        test.clock.advance(by: .seconds(89 * 86_400))
        try await sweep.removeOld()
        #expect(try stored(long).packed == nil, "not old enough")
        test.clock.advance(by: .seconds(2 * 86_400))
        try await sweep.removeOld()
        let packed = try stored(long)
        #expect((packed.packed ?? .max) * 4 < plain && packed.plain == 0)
        #expect(try stored(short).packed == nil, "it would not become smaller")
        let after = try decisions()
        #expect(after.map(\.inputs) == before.map(\.inputs) && after.map(\.factors) == before.map(\.factors))
        #expect(after.map(\.version) == before.map(\.version))
        try await sweep.removeOld()
        #expect(try stored(long).packed == packed.packed, "once")
    }

    @Test func `papers that are damaged are told, and not taken for none`() throws {
        var packed = DecisionPapers(factors: "[]", inputs: Self.facts.serialized).packed
        #expect(try DecisionPapers(packed: packed).inputs == Self.facts.serialized)
        packed[packed.count / 2] ^= 0xff
        #expect(throws: DatabaseError.self) { _ = try DecisionPapers(packed: packed) }
    }
}
