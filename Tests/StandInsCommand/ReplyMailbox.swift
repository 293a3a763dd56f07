import StandIns
import Synchronization

/// Where answers to mails lie that left over SMTP: a mailbox that Bureau looks into.
final class ReplyMailbox: Sendable {
    private let kept: Kept
    let server: IMAPStandIn

    /// By their numbers, from 1.
    private final class Kept: Sendable {
        let mails = Mutex<[String]>([])
    }

    /// Everybody is signed in, unless it is said whose token is good.
    init(admits: (@Sendable (_ user: String, _ token: String) -> Bool)? = nil) throws {
        let kept = Kept()
        self.kept = kept
        server = try IMAPStandIn { settings in
            if admits != nil { settings.abilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR" }
            settings.admits = admits
            settings.answer = { command, _ in Self.answer(command, kept.mails.withLock(\.self)) }
        }
    }

    private static func answer(_ command: String, _ mails: [String]) -> [String]? {
        let words = command.split(separator: " ")
        switch (words.first, words.dropFirst().first) {
        case ("SELECT", _), ("EXAMINE", _):
            return [
                "* \(mails.count) EXISTS", "* OK [UIDVALIDITY 1] numbers",
                "* OK [UIDNEXT \(mails.count + 1)] next", "OK done",
            ]
        case ("UID", "SEARCH"):
            let first = words.last.flatMap { Int($0.prefix { $0 != ":" }) } ?? 1
            let numbers = mails.indices.map { $0 + 1 }.filter { $0 >= first }
            return ["* SEARCH" + numbers.map { " \($0)" }.joined(), "OK done"]
        case ("UID", "FETCH"):
            guard words.count > 2, let number = Int(words[2]), mails.indices.contains(number - 1) else {
                return ["OK done"]
            }
            let mail = mails[number - 1]
            var told = "UID \(number) RFC822.SIZE \(mail.utf8.count) FLAGS ()"
            if command.contains("BODY.PEEK[]") {
                told += " BODY[] {\(mail.utf8.count)}\r\n\(mail)"
            } else if command.contains("HEADER.FIELDS") {
                let header = mail.split(separator: "\r\n").first { $0.hasPrefix("Message-ID:") } ?? ""
                told += " BODY[HEADER.FIELDS (MESSAGE-ID)] {\(header.utf8.count + 4)}\r\n\(header)\r\n\r\n"
            }
            return ["* \(number) FETCH (\(told))", "OK done"]
        default: return nil
        }
    }

    /// An answer to a mail.
    func reply(_ text: String, to mail: ArrivedMail, id: String) {
        keep(
            [
                "From: <\(mail.to)>", "To: <\(mail.from)>", "Subject: Re: \(mail.subject)",
                "Message-ID: <\(id)@stand-in.example>", "In-Reply-To: \(mail.messageID)",
                "Content-Type: text/plain; charset=utf-8", "", text,
            ])
    }

    /// The report of a server that could not deliver a mail (RFC 3464).
    func bounce(_ mail: ArrivedMail, id: String) {
        keep([
            "From: MAILER-DAEMON@stand-in.example", "To: <\(mail.from)>", "Subject: Undelivered mail",
            "Message-ID: <\(id)@stand-in.example>", "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=part", "",
            "--part", "Content-Type: text/plain", "", "Your mail could not be delivered.",
            "--part", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; stand-in.example", "",
            "Final-Recipient: rfc822; \(mail.to)", "Action: failed", "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 no such user", "",
            "--part", "Content-Type: text/rfc822-headers", "", "Message-ID: \(mail.messageID)", "",
            "--part--",
        ])
    }

    private func keep(_ lines: [String]) {
        let mail = lines.joined(separator: "\r\n") + "\r\n"
        kept.mails.withLock { $0.append(mail) }
    }
}
