import Database
import Nouns
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import Messages
@testable import People

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

    /// The lock as it should be, told by the rules alone.
    private struct Model {
        var owner: String?, priority = 0, fence = 0
        var until = Instant(seconds: 0), isClaimed = false

        func holder(at now: Instant) -> String? { until > now ? owner : nil }

        enum Answer: Equatable { case held(Int), refused(String), stale }

        struct Wish {
            let holder: MessageLock.Holder, owner: String
            let lease: Duration, fence: Int?
            let isClaim: Bool, isOverPeers: Bool
        }

        mutating func take(_ wish: Wish, at now: Instant) -> Answer {
            if let fence = wish.fence, fence < self.fence { return .stale }
            let mine = owner == wish.owner
            if let holder = holder(at: now), !mine {
                let goesFirst =
                    wish.holder.priority < priority || wish.holder.priority == priority && wish.isOverPeers
                if !goesFirst { return .refused(holder) }
            }
            let keeps = mine && isClaimed && until > now
            until = keeps ? max(until, now + wish.lease) : now + wish.lease
            isClaimed = keeps || wish.isClaim
            if !mine { fence += 1 }
            (owner, priority) = (wish.owner, wish.holder.priority)
            return .held(fence)
        }

        mutating func release(_ owner: String, asClaim: Bool, at now: Instant) {
            guard holder(at: now) == owner, asClaim || !isClaimed else { return }
            (until, isClaimed) = (now, false)
        }
    }

    @Test(arguments: 1...8)
    func `whoever asks, one speaks at a time, the first goes first, and who is late is told`(
        seed: Int
    ) async throws {
        let rig = try MessagingRig()
        let contact = ContactID.unset
        var dice = Dice(state: UInt64(seed)), model = Model()
        /// The fence under which each last had the lock.
        var known: [String: Int] = [:]
        var ends: [String: Int] = [:]
        for _ in 0..<250 {
            let (holder, owner) = Self.speakers[dice.roll(Self.speakers.count)]
            switch dice.roll(10) {
            case 0: try await rig.test.advance(by: .seconds(dice.roll(120)))
            case 1...2:
                let asClaim = dice.roll(2) == 0
                model.release(owner, asClaim: asClaim, at: rig.test.now)
                try await rig.test.given {
                    try $0.messageLocks.release(on: contact, owner: owner, claimed: asClaim)
                }
            default:
                let wish = Model.Wish(
                    holder: holder, owner: owner, lease: .seconds(30 + dice.roll(90)),
                    fence: dice.roll(2) == 0 ? known[owner] : nil,
                    isClaim: holder == .human && dice.roll(3) == 0,
                    isOverPeers: holder == .human && dice.roll(4) == 0)
                let outcome = try await rig.test.given { tx in
                    try tx.messageLocks.take(
                        on: contact, wish.holder, owner: wish.owner, for: wish.lease, knowing: wish.fence,
                        claiming: wish.isClaim, overPeers: wish.isOverPeers)
                }
                let answer: Model.Answer =
                    switch outcome {
                    case .held(let fence): .held(fence)
                    case .refused(let lock): .refused(lock.owner)
                    case .stale: .stale
                    }
                let wanted = model.take(wish, at: rig.test.now)
                #expect(answer == wanted, "\(wish)")
                if case .held(let fence) = answer { known[owner] = fence }
                ends["\(wanted)".prefix { $0 != "(" }.description, default: 0] += 1
            }
            let stored = try rig.test.read { try $0.messageLocks.find(on: contact) }
            #expect(
                stored.map { $0.expiresAt > rig.test.now ? $0.owner : nil } ?? nil
                    == model.holder(at: rig.test.now))
            if let stored, stored.expiresAt > rig.test.now {
                #expect(stored.expiresAt == model.until && stored.isClaimed == model.isClaimed)
                #expect(stored.fence == model.fence)
            }
        }
        // A story in which nothing of it happens proves nothing.
        #expect(ends.count == 3 && ends.values.allSatisfy { $0 > 5 }, "\(ends)")
    }

    @Test func `a person goes before an agent, whose draft is late from then on`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        let agent = Actor.agent("primary_agent")
        let fence = try await rig.test.given { tx -> Int in
            guard
                case .held(let fence) = try tx.messageLocks.take(
                    on: ann.id, .primaryAgent, owner: "agent:primary_agent", for: .seconds(600))
            else { return -1 }
            return fence
        }
        // With the lock in its hand an agent may send.
        let first = try await rig.send(ann, .transactional, by: agent, key: "1") { $0.fence = fence }
        #expect(try await rig.settled(first).status == .sent)
        try await rig.test.given { tx in
            _ = try tx.messageLocks.take(on: ann.id, .human, owner: "user:olive", for: .seconds(10))
        }
        let late = try await rig.send(ann, .transactional, by: agent, key: "2") { $0.fence = fence }
        let cancelled = try await rig.settled(late)
        #expect(cancelled.status == .cancelled && cancelled.reasons.list.map(\.code) == ["lock_lost"])
        #expect(rig.postbox.taken.count == 1 && rig.listening.words == ["sent", "cancelled"])
    }
}
