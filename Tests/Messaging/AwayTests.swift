import Database
import JSON
import Mail
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import Messages
@testable import People
@testable import Tenancy

/// People who say that they are away are not written to before they are back, wherever they and the agency
/// are.
@Suite struct AwayTests {
    private static let twoWeeks: Duration = .seconds(14 * 86_400)

    private func says(_ text: String, _ contact: Contact, to rig: MessagingRig) async throws {
        let mime = [
            "From: \(contact.email ?? "")", "To: olive@agency.example", "Subject: Automatic reply: Hello",
            "Message-ID: <away@mx.example.com>", "Auto-Submitted: auto-replied", "", text, "",
        ].joined(separator: "\r\n")
        let mail = ReceivedMail(mime: Array(mime.utf8)), inbox = Inbox(rig.outbox)
        try await rig.test.given { tx in
            let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
            let message = try inbox.receive(MailArrival(mail, at: tx.now, in: zone), in: tx)
            #expect(message?.replyClass == .outOfOffice && message?.contactID == contact.id)
        }
    }

    @Test(
        arguments: [
            // In Tokyo it is the sixth already, and in New York the fifth is not over.
            ("America/New_York", "Asia/Tokyo", "2027-01-20T05:00:00Z"),
            // In New York it is still the fifth, which is over in Tokyo.
            ("Asia/Tokyo", "America/New_York", "2027-01-21T05:00:00Z"),
            ("Europe/Berlin", "Europe/Berlin", "2027-01-19T23:00:00Z"),
        ])
    func `two weeks are over where they are and where the agency is before marketing writes`(
        _ own: String, _ theirs: String, _ expected: String
    ) async throws {
        let rig = try await MessagingRig.started(at: "2027-01-05T20:00:00Z") { $0.timeZone = own }
        let ann = try await rig.contact { $0.timeZone = theirs }
        let said = rig.test.now
        try await says("I am out of the office for two weeks.", ann, to: rig)
        let back = try #require(
            try rig.test.read { try Contact.resource.get(ann.id, in: $0) }.contactAfter)
        #expect(back == Instant(expected))
        #expect(back >= said + Self.twoWeeks, "some hours too soon")
        let day = try #require(TimeZoneRules(named: own)).local(of: back).date.iso
        #expect(try rig.sendability(of: ann).reasons.contains { $0.detail.contains(day) }, "by its own clock")
        let id = try await rig.send(ann)
        #expect(try await rig.settled(id).status == .sent)
        #expect(rig.postbox.taken.map { $0.at >= back } == [true])
    }
}
