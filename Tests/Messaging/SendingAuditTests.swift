import Database
import Jobs
import Nouns
import Records
import RuntimeTesting
import Testing
@testable import Messages
@testable import People
@testable import Tenancy

/// The audit's entries about messages that agents write.
@Suite struct SendingAuditTests {
    private let agent = Actor.agent("outreach_automation")

    private func entries(_ rig: MessagingRig, of id: MessageID) throws -> [AuditEntry] {
        try rig.test.read { reader in
            try reader.all(
                """
                SELECT \(AuditEntry.columns) FROM audit
                WHERE tenant_id = \(reader.tenant) AND subject_id = \(id.text) AND action = 'message.sent'
                ORDER BY row
                """, AuditEntry.init)
        }
    }

    private func outcomes(_ rig: MessagingRig, of id: MessageID) throws -> [String?] {
        try entries(rig, of: id).map(\.outcome)
    }

    @Test func `an agent's message has one entry, with its run, its decision and what came of it`()
        async throws
    {
        let ends: [(SendOutcome, String)] = [
            (.accepted(providerID: "1"), "sent"), (.unknown(detail: "the line broke"), "unknown"),
            (.refused(SendRefusal(.message, code: "smtp_554", detail: "no")), "failed"),
            (.refused(SendRefusal(.recipient, code: "smtp_550", detail: "no such user")), "failed"),
        ]
        for (said, outcome) in ends {
            let rig = try await MessagingRig.started()
            rig.postbox.next(said)
            let ann = try await rig.contact()
            let (run, decision) = (RunID.agent(.numbered(1)), DecisionID.numbered(1))
            let id = try await rig.send(ann, .transactional, by: agent) {
                ($0.run, $0.decision) = (run, decision)
            }
            let message = try await rig.settled(id)
            #expect(message.runID == run && message.decisionID == decision)
            let entries = try entries(rig, of: id)
            #expect(entries.map(\.outcome) == [outcome])
            #expect(entries.first?.actor.type == "agent" && entries.first?.actor.id == agent.id)
            #expect(entries.first?.run == run.text && entries.first?.decision == decision.text)
            #expect(entries.first?.changes.contains(ann.id.text) == true)
            #expect(entries.first?.changes.contains("A word.") == false)
        }
    }

    @Test func `what is tried again has its entry once it has left`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.next(.later(code: "smtp_421", detail: "too much", after: .seconds(60)))
        let id = try await rig.send(try await rig.contact(), .transactional, by: agent)
        #expect(try await rig.settled(id).attempts == 2)
        #expect(try outcomes(rig, of: id) == ["sent"])
    }

    @Test func `what waits is told once, and again when it has left`() async throws {
        let rig = try await MessagingRig.started { $0.postalAddress = nil }
        let id = try await rig.send(try await rig.contact(), by: agent)
        func look() async throws -> Message.Status {
            try await rig.test.given { tx in
                _ = try tx.heldMessages.lookAgain(at: try Message.resource.get(id, in: tx))
            }
            return try await rig.settled(id).status
        }
        #expect(try await rig.settled(id).status == .held)
        #expect(try outcomes(rig, of: id) == ["held"])
        #expect(try await look() == .held)
        #expect(try outcomes(rig, of: id) == ["held"])
        try await rig.change { $0.postalAddress = "1 Example Street" }
        #expect(try await look() == .sent)
        #expect(try outcomes(rig, of: id) == ["held", "sent"])
    }

    @Test func `what a person says became of it is no entry of the agent's`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.next(.unknown(detail: "the line broke"))
        let id = try await rig.send(try await rig.contact(), .transactional, by: agent)
        let message = try await rig.settled(id)
        let outbox = rig.outbox
        try await rig.test.given { tx in
            try outbox.settle(message, .accepted(providerID: nil), in: tx)
        }
        #expect(try rig.message(id).status == .sent)
        #expect(try outcomes(rig, of: id) == ["unknown"])
    }

    @Test func `a person's message, and the system's, have no such entry`() async throws {
        let rig = try await MessagingRig.started()
        for author in [Actor(.user, id: "usr_1"), .system] {
            let id = try await rig.send(
                try await rig.contact(author.id), .transactional, by: author, key: author.id)
            #expect(try await rig.settled(id).status == .sent)
            #expect(try outcomes(rig, of: id).isEmpty)
        }
    }
}
