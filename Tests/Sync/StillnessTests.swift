import JSON
import Records
import TestRandomness
import Testing

@testable import Sync

struct `The comparison of two sides` {
    private static let rules: [ConflictRule] = [.newest, .local, .remote, .review]
    private static let flows: [FieldFlow] = [.both, .pull, .push]

    private static func pair(_ random: inout SeededGenerator, isPlain: Bool) -> SimulatedPair {
        let forms = SimulatedPair.Form.allCases
        let flows = SimulatedPair.names.map { ($0, isPlain ? .both : Self.flows[random.below(3)]) }
        return SimulatedPair(
            rules[random.below(isPlain ? 3 : 4)], Dictionary(uniqueKeysWithValues: flows),
            isPlain ? .exact : forms[random.below(forms.count)],
            isPlain ? .exact : forms[random.below(forms.count)])
    }

    /// Lives through edits on both sides, and through runs of which some are broken off.
    private static func live(_ pair: inout SimulatedPair, _ random: inout SeededGenerator) {
        for _ in 0..<(5 + random.below(40)) {
            if random.below(3) == 0 {
                let moments = SimulatedPair.Moment.allCases
                pair.run(dyingAt: random.below(3) == 0 ? moments[random.below(moments.count)] : nil)
            } else {
                pair.edit(&random)
            }
        }
    }

    @Test func `leaves both sides still after any history`() {
        for seed in 0..<20_000 {
            var random = SeededGenerator(UInt64(seed))
            var pair = Self.pair(&random, isPlain: false)
            Self.live(&pair, &random)
            for _ in 0..<3 { pair.run() }
            let (writes, local, remote) = (pair.writes, pair.local, pair.remote)
            for _ in 0..<3 { pair.run() }
            #expect(pair.writes == writes && pair.local == local && pair.remote == remote, "seed \(seed)")
        }
    }

    @Test func `makes both sides equal where each takes what it is given`() {
        for seed in 0..<20_000 {
            var random = SeededGenerator(UInt64(seed))
            var pair = Self.pair(&random, isPlain: true)
            Self.live(&pair, &random)
            for _ in 0..<3 { pair.run() }
            for name in SimulatedPair.names {
                #expect(
                    (pair.local[name] ?? .null) == (pair.remote[name] ?? .null), "seed \(seed), \(name)")
            }
        }
    }

    @Test func `takes over what one side has changed, and asks the rule where both have`() {
        let base = AgreedValue(local: "Base", remote: "Base")
        func verdict(
            _ local: JSON, _ remote: JSON, _ rule: ConflictRule, _ flow: FieldFlow = .both,
            isNewer: Bool = false
        ) -> FieldVerdict {
            FieldView(
                base: base, local: local, remote: remote, isSame: local == remote, flow: flow, rule: rule
            ).verdict(isLocalNewer: { isNewer })
        }
        let goesOut = FieldVerdict.takeLocal(AgreedValue(local: "Base", remote: "Base"))
        #expect(verdict("Ours", "Base", .remote) == goesOut)
        #expect(verdict("Ours", "Base", .remote, .pull) == .still)
        #expect(verdict("Base", "Theirs", .local) == .takeRemote)
        #expect(verdict("Base", "Theirs", .local, .push) == .still)
        let wins = FieldVerdict.takeLocal(AgreedValue(local: AgreedValue.owed, remote: "Theirs"))
        #expect(verdict("Ours", "Theirs", .local) == wins)
        #expect(verdict("Ours", "Theirs", .remote) == .takeRemote)
        #expect(verdict("Ours", "Theirs", .newest, isNewer: true) == wins)
        #expect(verdict("Ours", "Theirs", .newest) == .takeRemote)
        #expect(verdict("Ours", "Theirs", .review) == .conflict)
        #expect(
            verdict("Ours", "Theirs", .local, .pull) == .agreed(AgreedValue(local: "Ours", remote: "Theirs")))
        #expect(verdict("Same", "Same", .review) == .agreed(AgreedValue(local: "Same", remote: "Same")))
        #expect(verdict("Base", "Base", .review) == .still)
    }

    @Test func `knows what it has sent itself, though somebody has changed the record since`() {
        let view = FieldView(
            base: AgreedValue(local: "A", remote: "A"), sent: AgreedValue(local: "B", remote: "B"),
            local: "C",
            remote: "B", isSame: false, flow: .both, rule: .remote)
        #expect(view.verdict(isLocalNewer: { false }) == .takeLocal(AgreedValue(local: "B", remote: "B")))
    }

    @Test func `subscribes nobody: who has unsubscribed on one side has done so on both`() {
        func verdict(
            _ local: Bool, _ remote: Bool, _ base: AgreedValue?, _ rule: ConflictRule
        ) -> FieldVerdict {
            FieldView(
                base: base, local: .bool(local), remote: .bool(remote), isSame: local == remote, flow: .both,
                rule: rule, isOneWay: true
            ).verdict(isLocalNewer: { false })
        }
        for rule in Self.rules {
            for base in [
                nil, AgreedValue(local: true, remote: true), AgreedValue(local: false, remote: false),
            ] {
                #expect(verdict(false, true, base, rule) == .takeRemote)
                if case .takeLocal = verdict(true, false, base, rule) { continue }
                Issue.record("what was unsubscribed here did not go out")
            }
        }
    }

    @Test func `subscribes nobody in any history, and who has unsubscribed has done so on both sides`() {
        for seed in 0..<20_000 {
            var random = SeededGenerator(UInt64(seed))
            let isPlain = random.below(2) == 0
            var pair = Self.pair(&random, isPlain: isPlain)
            Self.live(&pair, &random)
            let told = pair.isUnsubscribed
            pair.run()
            // Each write of every run is counted.
            #expect(pair.resubscriptions == 0, "seed \(seed)")
            guard told.local || told.remote, pair.flows[SimulatedPair.unsubscribed] == .both else { continue }
            let now = pair.isUnsubscribed
            #expect(now.local && now.remote, "seed \(seed)")
        }
    }

    @Test func `keeps what was agreed as it was stored`() throws {
        var fields = AgreedFields()
        fields["a"] = AgreedValue(local: "x", remote: "x")
        fields["b"] = AgreedValue(local: .null, remote: "y")
        fields["c"] = AgreedValue(local: ["amount": 5], remote: 5)
        let (local, others) = fields.stored
        let read = AgreedFields(
            local: JSON(stored: local).object ?? [:],
            others: others.map { JSON(stored: $0).object ?? [:] } ?? [:])
        #expect(read == fields && read["d"] == nil && read["b"]?.remote == "y")
        fields["b"] = nil
        #expect(fields["b"] == nil && fields.names == ["a", "c"])
    }

    @Test func `tells the later of any numbers that services write for a time`() {
        let times = [Int64.min, -1, 0, 1_700_000_000, 1_700_000_000_001, .max].map { "\($0)" }
        for (number, time) in times.enumerated() {
            #expect(times[...number].reduce(nil as String?) { RemoteTime.later($0, $1) } == time)
        }
    }
}
