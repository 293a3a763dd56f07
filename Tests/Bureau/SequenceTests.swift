import Agents
import Database
import Discovery
import JSON
import Jobs
import Messages
import Nouns
import People
import Records
import Sequences
import Telemetry
import Testing
import Workflows

@testable import Bureau

struct Sequences {
    @Test func `each step is sent once at its time, in one conversation, and the lead is told`() async throws
    {
        let box = try await SequenceBox([mail("PT0S"), mail("P3D"), mail("P4D")])
        let enrollment = try await box.enroll()
        try await box.advance(.seconds(3600))
        #expect(try box.sent(enrollment) == ["Step 1"])
        let first = try box.stored(enrollment)
        #expect(first.position == 1 && first.contactedAt != nil && first.nextStep == "s2")
        #expect(first.nextAt.map { $0 - SequenceBox.start == .seconds(3 * 86_400) } == true)
        let lead = try box.read { try Lead.resource.get(enrollment.leadID!, in: $0) }
        #expect(lead.status == .contacted)
        try await box.advance(aDay * 20)
        #expect(try box.sent(enrollment) == ["Step 1", "Step 2", "Step 3"])
        let (last, mails) = (try box.stored(enrollment), try box.mails(enrollment))
        #expect(
            last.status == .finished && last.position == 3 && last.nextAt == nil && last.exitReason == nil)
        #expect(Set(mails.map(\.conversationID)).count == 1)
        let run = try box.read { try $0.workflows.run(last.runID!) }
        #expect(run?.status == .completed)
    }

    @Test func `an answer ends it in its own transaction, and takes back what has not left`() async throws {
        let box = try await SequenceBox([mail("PT0S"), mail("P1D")])
        let enrollment = try await box.enroll()
        try await box.advance(.seconds(60))
        // The second is written, and held: they are away.
        try await box.write { tx in
            let old = try Contact.resource.get(enrollment.contactID, in: tx)
            var contact = old
            contact.contactAfter = tx.now + aDay * 10
            try tx.update(old, to: &contact, by: .system)
        }
        try await box.advance(aDay * 2)
        #expect(try box.mails(enrollment).map(\.status) == [.sent, .held])
        try await box.write { try $0.enrollments.exit(of: enrollment.contactID, because: .reply) }
        let after = try box.stored(enrollment)
        #expect(after.status == .exited && after.exitReason == .reply && after.messageID == nil)
        #expect(try box.mails(enrollment).map(\.status) == [.sent, .cancelled])
        try await box.advance(aDay * 20)
        #expect(try box.sent(enrollment) == ["Step 1"])
        #expect(try box.read { try $0.workflows.run(after.runID!) }?.status == .cancelled)
    }

    @Test func `what a sequence does not name does not end it, or lets it wait for a person`() async throws {
        let deaf = try await SequenceBox([mail("PT0S"), mail("P1D")], ["exit_on": []])
        let one = try await deaf.enroll()
        try await deaf.advance(.seconds(60))
        try await deaf.write { try $0.enrollments.exit(of: one.contactID, because: .meeting) }
        try await deaf.advance(aDay * 3)
        #expect(try deaf.stored(one).status == .finished)

        let waiting = try await SequenceBox(
            [mail("PT0S"), mail("P1D")], ["exit_on": [], "pause_on": ["reply"]])
        let two = try await waiting.enroll()
        try await waiting.advance(.seconds(60))
        try await waiting.write { try $0.enrollments.exit(of: two.contactID, because: .reply) }
        try await waiting.advance(aDay * 3)
        #expect(try waiting.stored(two).status == .paused && waiting.sent(two).count == 1)
        // A contact who wants no more mail gets none, whatever the sequence says.
        try await waiting.write { try $0.enrollments.exit(of: two.contactID, because: .unsubscribe) }
        #expect(try waiting.stored(two).exitReason == .unsubscribe)
    }

    @Test func `a suppression ends it, of the address or of its whole domain; another's does not`()
        async throws
    {
        let box = try await SequenceBox([mail("P1D")])
        let (one, two, three) = (try await box.enroll(1), try await box.enroll(2), try await box.enroll(3))
        try await box.write { tx in
            try tx.consents.suppress("Jane1@example1.com", .email, .unsubscribe)
            try tx.consents.suppress("@example2.com", .email, .manual)
        }
        #expect(try box.stored(one).exitReason == .unsubscribe && box.stored(two).status == .exited)
        #expect(try box.stored(three).status == .active)
        try await box.advance(aDay * 3)
        #expect(try box.mails(one).isEmpty && box.mails(two).isEmpty && box.sent(three).count == 1)
    }

    @Test func `a deal that moves ends it by the lead that it names`() async throws {
        let box = try await SequenceBox([mail("P1D")])
        let (one, two) = (try await box.enroll(1), try await box.enroll(2))
        try await box.write { tx in
            let subject = Subject(type: "deal", id: "deal_1")
            try tx.publish("deal.stage_changed", subject, ["lead_id": JSON(one.leadID), "to": "negotiation"])
            try tx.publish("meeting.created", subject)
        }
        #expect(try box.stored(one).exitReason == .dealStage && box.stored(two).status == .active)
    }

    @Test func `a mail that waits for its hour does not leave while its sequence is paused`() async throws {
        let box = try await SequenceBox([mail("PT0S"), mail("P1D")])
        let enrollment = try await box.enroll()
        try await box.write { tx in
            let old = try Contact.resource.get(enrollment.contactID, in: tx)
            var contact = old
            contact.contactAfter = tx.now + aDay
            try tx.update(old, to: &contact, by: .system)
        }
        try await box.advance(.seconds(60))
        #expect(try box.mails(enrollment).map(\.status) == [.held])
        try await box.set(.paused)
        try await box.advance(aDay * 3)
        #expect(try box.sent(enrollment).isEmpty)
        #expect(try box.mails(enrollment)[0].reasons.list.map(\.code) == ["paused"])
        try await box.set(.active)
        try await box.advance(.seconds(60))
        #expect(try box.sent(enrollment) == ["Step 1"])
        // The next counts from when it really left.
        try await box.advance(aDay - .seconds(3600))
        #expect(try box.sent(enrollment).count == 1)
        try await box.advance(.seconds(7200))
        #expect(try box.sent(enrollment) == ["Step 1", "Step 2"])
    }

    @Test func `a task waits for a person, and the next step for the task`() async throws {
        let task: JSON = [
            "channel": "task", "title": "Call {{ lead.contact_name }}",
            "text": "Ask about *{{ lead.company }}*.",
        ]
        let box = try await SequenceBox([task, mail("P1D")])
        let enrollment = try await box.enroll()
        try await box.advance(aDay * 5)
        let open = try box.read { try OutreachTask.resource.all(where: "status = 'open'", in: $0) }
        #expect(open.map(\.title) == ["Call Jane"] && open[0].text?.contains("Company 1") == true)
        #expect(try box.stored(enrollment).position == 0 && box.mails(enrollment).isEmpty)
        try await box.write { try $0.enrollments.exit(of: enrollment.contactID, because: .reply) }
        #expect(
            try box.read { try OutreachTask.resource.get(open[0].id, in: $0) }.status == .skipped,
            "nobody calls who need not")
    }

    @Test func `steps are passed over by their conditions`() async throws {
        let box = try await SequenceBox([
            mail("PT0S", ["condition": ["field": "industry", "op": "exists", "value": true]]),
            mail("P1D"), mail("P1D", ["condition": ["previous": "opened"]]),
            mail("P1D", ["condition": ["previous": "not_opened"]]),
        ])
        let enrollment = try await box.enroll()
        try await box.advance(aDay * 10)
        #expect(try box.sent(enrollment) == ["Step 2", "Step 4"])
        #expect(try box.stored(enrollment).status == .finished)
    }

    @Test func `a message that is taken back ends it, or only its step, and the enrolment says so`()
        async throws
    {
        for (rule, status) in [("exit", Enrollment.Status.exited), ("continue", .finished)] {
            let box = try await SequenceBox(
                [mail("PT0S"), mail("P1D")], ["on_failure": .string(rule)])
            let enrollment = try await box.enroll()
            try await box.write { tx in
                let old = try Contact.resource.get(enrollment.contactID, in: tx)
                var contact = old
                contact.contactAfter = tx.now + aDay
                try tx.update(old, to: &contact, by: .system)
            }
            try await box.advance(.seconds(60))
            let (held, outbox) = (try box.mails(enrollment)[0], box.app.outbox)
            try await box.write { tx in
                try outbox.cancel(held, because: Reason("cancelled", "Not this one."), in: tx)
            }
            #expect(try box.stored(enrollment).reason == "Not this one.")
            try await box.advance(aDay * 5)
            #expect(try box.stored(enrollment).status == status)
            #expect(try box.sent(enrollment) == (rule == "exit" ? [] : ["Step 2"]))
        }
    }

    @Test func `a template that is gone lets it wait until somebody has mended it`() async throws {
        let box = try await SequenceBox([mail("P1D")])
        let enrollment = try await box.enroll()
        let template = try #require(box.sequence.steps.list[0].templateID)
        try await box.write { tx in
            try tx.delete(try MessageTemplate.resource.get(template, in: tx), by: .system)
        }
        try await box.advance(aDay * 2)
        let after = try box.stored(enrollment)
        #expect(after.status == .paused && after.reason?.contains("template does not exist") == true)
    }

    @Test func `an experiment gives each person one variant, counts, and takes over what wins`() async throws
    {
        let box = try await SequenceBox([mail("PT0S")])
        let experiment = try await box.write { [sequence = box.sequence] tx in
            let (plain, bold) = (try tx.makeTemplate("Plain"), try tx.makeTemplate("Bold"))
            var experiment = Experiment.new(id: tx.nextID(), now: tx.now), faults = Faults()
            let body: JSONObject = [
                "name": "Words", "sequence_id": .string(sequence.id.text), "step_id": "s1",
                "subjects_min": 20,
                "apply": "automatic",
                "variants": [
                    ["name": "plain", "template_id": .string(plain.id.text)],
                    ["name": "bold", "template_id": .string(bold.id.text)],
                ],
            ]
            Experiment.schema.create(&experiment, from: body, faults: &faults)
            try faults.throwIfAny()
            try tx.create(&experiment, by: .system)
            return experiment
        }
        var enrolled: [Enrollment] = []
        for number in 0..<80 { enrolled.append(try await box.enroll(number)) }
        try await box.advance(.seconds(60))
        // Only those who got the bold one answer.
        for enrollment in enrolled {
            let message = try #require(try box.mails(enrollment).first)
            #expect(
                message.subject
                    == (experiment.variant(for: enrollment.contactID).name == "bold" ? "Bold" : "Plain"))
            guard message.subject == "Bold" else { continue }
            var reply = Message.new(id: message.id.value, now: message.createdAt)
            (reply.direction, reply.replyClass) = (.inbound, .interested)
            let answer = reply
            try await box.write { try $0.experiments.countReply(answer, to: message) }
        }
        try await box.advance(.seconds(7200))
        let after = try box.read { try Experiment.resource.get(experiment.id, in: $0) }
        #expect(after.status == .applied && after.result["winner"] == "bold")
        let sequence = try box.read { try MessageSequence.resource.get(box.sequence.id, in: $0) }
        #expect(sequence.revision == 2)
        #expect(sequence.steps.list[0].templateID == experiment.variants.list[1].templateID)
        let rows = after.result["variants"]?.array ?? []
        #expect(rows.reduce(0) { $0 + ($1["sent"]?.int ?? 0) } == 80)
        #expect(rows[0]["replied"] == 0 && rows[1]["positive"] == rows[1]["sent"])
        #expect((rows[1]["interval"]?.array?.first?.double ?? 0) > 0)
    }
}

extension SequenceBox {
    /// As the routes do.
    func set(_ status: MessageSequence.Status) async throws {
        try await write { [id = sequence.id] tx in
            let old = try MessageSequence.resource.get(id, in: tx)
            try tx.sequences.turn(old, to: status, by: .system)
        }
    }
}
