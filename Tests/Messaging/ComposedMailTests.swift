import Agents
import Database
import Mail
import Nouns
import Records
import RuntimeTesting
import Telemetry
import Tenancy
import Testing
@testable import Messages
@testable import People

/// Words that were written before their mail was claimed.
@Suite struct MailWordsTests {
    /// The mail as it would leave now, with words that were written before.
    private func claimed(
        _ id: MessageID, _ words: ComposedMail?, _ rig: MessagingRig
    ) async throws -> OutgoingMail? {
        let outbox = rig.outbox
        return try await rig.test.given { tx in
            try tx.run("UPDATE messages SET not_before = NULL WHERE tenant_id = \(tx.tenant) AND id = \(id)")
            let claim = try outbox.claim(Message.resource.get(id, in: tx), words: words, in: tx)
            guard case .claimed(_, let mail, _) = claim else { return nil }
            return mail
        }
    }

    /// A message that its own job leaves alone.
    private func waiting(_ rig: MessagingRig, _ contact: Contact) async throws -> MessageID {
        try await rig.send(contact) { $0.notBefore = Instant("2027-01-05T10:00:30Z") }
    }

    private func words(_ id: MessageID, _ rig: MessagingRig) throws -> ComposedMail {
        let (message, outbox) = (try rig.message(id), rig.outbox)
        return try #require(try rig.test.read { try outbox.words(of: message, in: $0) })
    }

    @Test func `while nothing has changed, a mail has the words that were written before`() async throws {
        let rig = try await MessagingRig.started()
        let id = try await waiting(rig, try await rig.contact())
        let written = try words(id, rig)
        #expect(written.text.contains("A word.") && written.html?.contains("A word.") == true)
        let marked = ComposedMail(
            source: written.source, subject: written.subject, text: "Written before.", html: written.html,
            unsubscribe: written.unsubscribe)
        let mail = try #require(try await claimed(id, marked, rig))
        #expect(mail.text == "Written before." && mail.unsubscribe != nil)
    }

    @Test(arguments: ["agency", "contact", "message"])
    func `what has changed since is in the mail`(_ what: String) async throws {
        let rig = try await MessagingRig.started()
        let contact = try await rig.contact()
        let id = try await waiting(rig, contact)
        let stale = try words(id, rig)
        switch what {
        case "agency": try await rig.change { $0.postalAddress = "2 Other Road" }
        case "contact":
            try await rig.test.given { tx in
                let old = try Contact.resource.get(contact.id, in: tx)
                var new = old
                new.locale = "de"
                try tx.update(old, to: &new, by: .system)
            }
        default:
            try await rig.test.given { tx in
                let old = try Message.resource.get(id, in: tx)
                var new = old
                new.body = "Another word."
                try tx.outbox.change(old, to: &new)
            }
        }
        let mail = try #require(try await claimed(id, stale, rig))
        #expect(mail.text != stale.text, "\(mail.text)")
        #expect(try await claimed(id, nil, rig) == nil, "it is on its way")
    }
}
