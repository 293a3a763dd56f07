import Agents
import Database
import JSON
import Jobs
import Messages
import Nouns
import People
import Records
import Sequences
import Telemetry
import Testing

@testable import Bureau
@testable import Deals

/// The winner is in use without anybody's doing, whatever is tried.
struct ExperimentAdoptionTests {
    private func begin(_ body: JSONObject, _ box: SequenceBox) async throws -> Experiment {
        try await box.write { tx in
            var experiment = Experiment.new(id: tx.nextID(), now: tx.now), faults = Faults()
            var fields = body
            fields["subjects_min"] = 20
            fields["apply"] = "automatic"
            Experiment.schema.create(&experiment, from: fields, faults: &faults)
            try faults.throwIfAny()
            try tx.create(&experiment, by: .system)
            return experiment
        }
    }

    private func offer(_ name: String, _ amount: Int64, _ box: SequenceBox) async throws -> ServicePackage {
        try await box.write { tx in
            var package = ServicePackage.new(id: tx.nextID(), now: tx.now)
            (package.name, package.price) = (name, Money(amount: amount, currency: "USD"))
            try tx.create(&package, by: .system)
            return package
        }
    }

    /// All take part, and those of one variant buy. Answers what becomes of it by itself.
    private func sell(
        _ experiment: Experiment, to contacts: [ContactID], buying variant: String, _ box: SequenceBox
    ) async throws -> Experiment {
        try await box.write { tx in
            for contact in contacts {
                try tx.experiments.takePart(contact, in: experiment)
                if experiment.variant(for: contact).name == variant {
                    try tx.experiments.countConversion(of: contact)
                }
            }
        }
        try await box.advance(.seconds(7200))
        return try box.read { try Experiment.resource.get(experiment.id, in: $0) }
    }

    @Test func `the time that wins is the step's from then on`() async throws {
        let box = try await SequenceBox([mail("PT0S"), mail("P3D")])
        let made = try await begin(
            [
                "name": "When", "sequence_id": .string(box.sequence.id.text), "step_id": "s2",
                "variants": [["name": "soon", "delay": "P2D"], ["name": "late", "delay": "P6D"]],
            ], box)
        var enrolled: [Enrollment] = []
        for number in 0..<80 { enrolled.append(try await box.enroll(number)) }
        try await box.advance(aDay * 8)
        // Only those who were left alone for longer answer.
        for enrollment in enrolled where made.variant(for: enrollment.contactID).name == "late" {
            let message = try #require(try box.mails(enrollment).last)
            #expect(message.subject == "Step 2")
            var reply = Message.new(id: message.id.value, now: message.createdAt)
            (reply.direction, reply.replyClass) = (.inbound, .interested)
            let answer = reply
            try await box.write { try $0.experiments.countReply(answer, to: message) }
        }
        try await box.advance(.seconds(7200))
        let after = try box.read { try Experiment.resource.get(made.id, in: $0) }
        #expect(after.status == .applied && after.winner?.name == "late")
        let sequence = try box.read { try MessageSequence.resource.get(box.sequence.id, in: $0) }
        #expect(sequence.revision == 2 && sequence.steps.list.map(\.delay) == ["PT0S", "P6D"])
    }

    @Test func `the price that wins is the package's, and the package that wins stands for the other`()
        async throws
    {
        let box = try await SequenceBox([mail("P30D")])
        let small = try await offer("Small", 250_000, box), large = try await offer("Large", 500_000, box)
        var contacts: [ContactID] = []
        for number in 0..<80 { contacts.append(try await box.enroll(number).contactID) }
        let dearer: JSON = ["amount": 290_000, "currency": "USD"]
        let price = try await begin(
            [
                "name": "Dearer", "kind": "price", "target": .string(small.id.text), "goal": "converted",
                "variants": [
                    ["name": "as it is", "value": ["amount": 250_000, "currency": "USD"]],
                    ["name": "dearer", "value": dearer],
                ],
            ], box)
        #expect(try await sell(price, to: contacts, buying: "dearer", box).status == .applied)
        let now = try box.read { try ServicePackage.resource.get(small.id, in: $0) }
        #expect(now.price == Money(amount: 290_000, currency: "USD"))

        let larger = try await begin(
            [
                "name": "Larger", "kind": "package", "target": .string(small.id.text), "goal": "converted",
                "variants": [
                    ["name": "small", "value": .string(small.id.text)],
                    ["name": "large", "value": .string(large.id.text)],
                ],
            ], box)
        #expect(try await sell(larger, to: contacts, buying: "large", box).status == .applied)
        let offered = try box.read { try $0.packages.offered(for: now, to: nil).0.id }
        #expect(offered == large.id)
    }
}
