import Mail
import Records
import Telemetry
import Testing

/// A mail as an agent writes it, to be changed by the test.
func sampleMail(_ change: (inout OutgoingMail) -> Void = { _ in }) throws -> OutgoingMail {
    var mail = OutgoingMail(
        messageID: try #require(InternetMessageID("m42@agency.example")),
        date: Instant(seconds: 1_700_000_000),
        from: try mailbox("olive@agency.example", "Olive Owner"),
        to: try mailbox("jane@example.com", "Jane Example"),
        subject: try #require(HeaderText("Your offer")), text: "Good morning Jane,\n\nhere it is.\n\nOlive\n")
    change(&mail)
    return mail
}

func mailbox(_ address: String, _ name: String? = nil) throws -> Mailbox {
    Mailbox(try #require(EmailAddress(address)), name: name.map { HeaderText(cleaning: $0) })
}

func invitation(_ change: (inout CalendarInvitation) -> Void = { _ in }) throws -> CalendarInvitation {
    var invitation = CalendarInvitation(
        uid: "meeting-1@agency.example", start: Instant(seconds: 1_700_100_000),
        end: Instant(seconds: 1_700_103_600),
        summary: "Kick-off, with the team; part 1",
        organizer: try mailbox("olive@agency.example", "Olive \"O\" Owner"),
        attendees: [try mailbox("jane@bücher.example", "Jäne, Example"), try mailbox("max@example.com")])
    change(&invitation)
    return invitation
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }

    /// The header's lines, unfolded, without the name.
    func header(_ name: String) -> String? {
        let head = text.components(separatedBy: "\r\n\r\n")[0].replacing("\r\n ", with: " ").replacing(
            "\r\n\t", with: " ")
        return head.components(separatedBy: "\r\n").first { $0.hasPrefix("\(name):") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}

extension StringProtocol {
    func components(separatedBy separator: String) -> [String] {
        var parts: [String] = [], rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
