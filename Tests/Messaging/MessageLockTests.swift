import Database
import Records
import Runtime
import RuntimeTesting
import Telemetry
import Testing

@testable import Messaging

@Suite struct MessageLockTests {
    /// Numbers that look random and are the same in every run.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }
    }

    private static let speakers: [(MessageLock.Holder, String)] = [
        (.human, "user:olive"), (.human, "user:joe"), (.primaryAgent, "agent:primary_agent"),
        (.bookingAgent, "agent:calendly_bridge"), (.system, "msg_1"), (.system, "msg_2"),
    ]

    /// What the lock should be, told by the rules alone.
    private struct Model {
        var owner: String?, priority = 0, fence = 0
        var until = Instant(seconds: 0)

        func holder(at now: Instant) -> String? { until > now ? owner : nil }
    }

    @Test(arguments: 1...8)
    func `whoever asks, one speaks at a time, the first goes first, and who is late is told`(
        seed: Int
    ) async throws {
        let rig = try MessagingRig()
        let contact = ID<Contact>.unset
        var dice = Dice(state: UInt64(seed)), model = Model()
        /// The fence under which each last had the lock.
        var known: [String: Int] = [:]
        for _ in 0..<150 {
            let (holder, owner) = Self.speakers[dice.roll(Self.speakers.count)]
            let lease = Duration.seconds(30 + dice.roll(90))
            switch dice.roll(10) {
            case 0: try await rig.test.advance(by: .seconds(dice.roll(120)))
            case 1...2:
                try await rig.test.given { try $0.releaseLock(on: contact, owner: owner) }
                if model.owner == owner, model.until > rig.test.now { model.until = rig.test.now }
            default:
                let fence = dice.roll(2) == 0 ? known[owner] : nil
                let now = rig.test.now
                let outcome = try await rig.test.given { tx in
                    try tx.takeLock(on: contact, holder, owner: owner, for: lease, knowing: fence)
                }
                let present = model.holder(at: now)
                switch outcome {
                case .stale: #expect(fence.map { $0 < model.fence } == true)
                case .refused(let lock):
                    #expect(fence.map { $0 >= model.fence } ?? true)
                    #expect(present != nil && present != owner && model.priority <= holder.priority)
                    #expect(lock.owner == present && lock.fence == model.fence)
                case .held(let next):
                    #expect(fence.map { $0 >= model.fence } ?? true, "a stale fence passed")
                    #expect(present == nil || present == owner || holder.priority < model.priority)
                    #expect(next == model.fence + (model.owner == owner ? 0 : 1))
                    (model.owner, model.priority, model.fence) = (owner, holder.priority, next)
                    model.until = now + lease
                    known[owner] = next
                }
            }
            let stored = try rig.test.read { try $0.messageLock(on: contact) }
            #expect(
                stored.map { $0.expiresAt > rig.test.now ? $0.owner : nil } ?? nil
                    == model.holder(at: rig.test.now))
        }
    }

    @Test func `a person goes before an agent, whose draft is late from then on`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        let agent = Actor.agent("primary_agent")
        let fence = try await rig.test.given { tx -> Int in
            guard
                case .held(let fence) = try tx.takeLock(
                    on: ann.id, .primaryAgent, owner: "agent:primary_agent", for: .seconds(600))
            else { return -1 }
            return fence
        }
        // With the lock in its hand an agent may send.
        let first = try await rig.send(ann, .transactional, by: agent, key: "1") { $0.fence = fence }
        #expect(try await rig.settled(first).status == .sent)
        try await rig.test.given { tx in
            _ = try tx.takeLock(on: ann.id, .human, owner: "user:olive", for: .seconds(10))
        }
        let late = try await rig.send(ann, .transactional, by: agent, key: "2") { $0.fence = fence }
        let cancelled = try await rig.settled(late)
        #expect(cancelled.status == .cancelled && cancelled.reasons.list.map(\.code) == ["lock_lost"])
        #expect(rig.postbox.taken.count == 1 && rig.listening.words == ["sent", "cancelled"])
    }
}
