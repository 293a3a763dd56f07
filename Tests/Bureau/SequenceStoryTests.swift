import Agents
import Database
import JSON
import Jobs
import Messages
import Nouns
import Records
import Sequences
import Telemetry
import Testing

@testable import Bureau

/// A stream of numbers that is the same in every run (SplitMix64).
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)) % UInt64(sides))
    }
}

/// No step goes out twice, none out of turn, and none after the end, whatever happens to sequences, and in
/// whatever order.
struct SequenceStories {
    @Test(arguments: 1...6)
    func `pauses, answers, brakes, tasks and restarts: no step twice, none after an exit`(
        seed: Int
    ) async throws {
        var dice = Dice(state: UInt64(seed))
        let task: JSON = ["channel": "task", "title": "Call", "delay": "P1D"]
        let box = try await SequenceBox(
            [
                mail("PT0S"), mail("P2D"), task, mail("P1D", ["weekdays": ["mon", "wed", "fri"]]),
                mail("PT30H"),
            ])
        var people: [Enrollment] = []
        for number in 0..<8 { people.append(try await box.enroll(number)) }
        var ended: [ID<Enrollment>: Instant] = [:]
        for _ in 0..<40 {
            let someone = people[dice.roll(people.count)]
            switch dice.roll(12) {
            case 0: try await box.set(.paused)
            case 1, 2: try await box.set(.active)
            case 3: try await box.pauseOrResume(someone)
            case 4 where dice.roll(3) == 0:
                try await box.write { try $0.enrollments.exit(of: someone.contactID, because: .reply) }
            case 5: try await box.brake(dice.roll(2) == 0)
            case 6, 7: try await box.finishTasks(skip: dice.roll(2) == 0)
            case 8: try box.restart()
            default: try await box.advance(.seconds(Int64(1 + dice.roll(40)) * 3600))
            }
            for person in people where ended[person.id] == nil {
                let stored = try box.stored(person)
                if stored.status == .exited { ended[person.id] = stored.endedAt }
            }
        }
        try await box.set(.active)
        try await box.brake(false)
        for person in people where try box.stored(person).status == .paused {
            try await box.pauseOrResume(person)
        }
        for _ in 0..<30 {
            try await box.advance(aDay)
            try await box.finishTasks(skip: false)
        }
        for person in people {
            let (stored, mails) = (try box.stored(person), try box.mails(person))
            let sent = mails.filter { $0.status == .sent }
            #expect(Set(mails.map(\.subject)).count == mails.count, "no step is written twice")
            #expect(
                sent.map(\.subject) == sent.map(\.subject).sorted { $0 ?? "" < $1 ?? "" }, "in their turn")
            if let end = ended[person.id] {
                #expect(sent.allSatisfy { $0.sentAt.map { $0 <= end } ?? false }, "nothing after its end")
                #expect(!mails.contains { [.queued, .held].contains($0.status) })
            } else {
                #expect(
                    stored.status == .finished,
                    "\(stored.status) at \(stored.position): \(stored.reason ?? "")")
                #expect(sent.map { $0.subject ?? "" } == ["Step 1", "Step 2", "Step 4", "Step 5"])
                let times = sent.compactMap(\.sentAt)
                #expect(
                    times[1] - times[0] >= .seconds(2 * 86_400) && times[3] - times[2] >= .seconds(30 * 3600))
            }
        }
    }
}

extension SequenceBox {
    fileprivate func pauseOrResume(_ enrollment: Enrollment) async throws {
        try await write { tx in
            let stored = try Enrollment.resource.get(enrollment.id, in: tx)
            if stored.status == .active { try tx.enrollments.pause(stored, because: nil, by: .system) }
            if stored.status == .paused { try tx.enrollments.resume(stored, by: .system) }
        }
    }

    fileprivate func brake(_ isOn: Bool) async throws {
        try await write { tx in
            let open = try Brake.resource.all(where: "released_at IS NULL", in: tx)
            if isOn, open.isEmpty {
                var brake = Brake.new(id: tx.nextID(), now: tx.now)
                (brake.scope, brake.target, brake.reason) = (.channel, "email", "Stop.")
                try tx.create(&brake, by: .system)
            }
            for old in open where !isOn {
                var brake = old
                brake.releasedAt = tx.now
                try tx.update(old, to: &brake, by: .system)
                try tx.publish("brake.released", brake.subject)
            }
        }
    }

    fileprivate func finishTasks(skip: Bool) async throws {
        try await write { tx in
            for task in try OutreachTask.resource.all(where: "status = 'open'", suffix: "ORDER BY id", in: tx)
            {
                try tx.enrollments.end(task, as: skip ? .skipped : .done, by: .system)
            }
        }
    }
}
