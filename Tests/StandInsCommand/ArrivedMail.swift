import Foundation
import JSON
import Mail
import Records
import StandIns

/// A mail that a stand-in has taken, read out of the form of its service.
struct ArrivedMail {
    let provider: String
    var from = "", to = "", subject = "", text = ""
    /// With its angle brackets.
    var messageID = ""
    /// Bureau's name for it.
    var bureauID = ""

    init?(postmark request: ReceivedRequest) {
        guard let body = Self.posted(request, "/email") else { return nil }
        provider = "postmark"
        (from, to) = (Self.bare(body["From"]?.text), Self.bare(body["To"]?.text))
        (subject, text) = (body["Subject"]?.text ?? "", body["TextBody"]?.text ?? "")
        messageID =
            body["Headers"]?.array?.first { $0["Name"]?.text == "Message-ID" }?["Value"]?.text ?? ""
        bureauID = body["Metadata"]?["bureau_id"]?.text ?? ""
    }

    init?(mailgun request: ReceivedRequest) {
        guard request.method == "POST", request.target.hasSuffix("/messages") else { return nil }
        provider = "mailgun"
        func field(_ name: String) -> String { request.formField(name) ?? "" }
        (from, to) = (Self.bare(field("from")), Self.bare(field("to")))
        (subject, text, messageID) = (field("subject"), field("text"), field("h:Message-Id"))
        bureauID = field("v:bureau_id")
    }

    init?(sendGrid request: ReceivedRequest) {
        guard let body = Self.posted(request, "/v3/mail/send") else { return nil }
        provider = "sendgrid"
        let person = body["personalizations"]?.array?.first
        from = body["from"]?["email"]?.text ?? ""
        to = person?["to"]?.array?.first?["email"]?.text ?? ""
        subject = person?["subject"]?.text ?? body["subject"]?.text ?? ""
        text = body["content"]?.array?.first { $0["type"]?.text == "text/plain" }?["value"]?.text ?? ""
        messageID = (body["headers"] ?? person?["headers"])?["Message-ID"]?.text ?? ""
    }

    init?(maileroo request: ReceivedRequest) {
        guard let body = Self.posted(request, "/emails") else { return nil }
        provider = "maileroo"
        from = body["from"]?["address"]?.text ?? ""
        to = (body["to"]?.array?.first ?? body["to"])?["address"]?.text ?? ""
        (subject, text) = (body["subject"]?.text ?? "", body["plain"]?.text ?? "")
        messageID = body["headers"]?["Message-ID"]?.text ?? ""
    }

    init(smtp mail: SMTPStandIn.Mail, of provider: String = "smtp") {
        let read = ReceivedMail(mime: mail.bytes)
        self.provider = provider
        (from, to) = (read.from?.address.description ?? "", mail.recipients.first ?? "")
        (subject, text) = (read.subject, read.text)
        messageID = read.messageID.map { "<\($0)>" } ?? ""
    }

    private static func posted(_ request: ReceivedRequest, _ path: String) -> JSON? {
        guard request.method == "POST", request.target.hasPrefix(path) else { return nil }
        return try? JSONParser.parse(request.body)
    }

    /// The address of `Name <address>`.
    private static func bare(_ mailbox: String?) -> String {
        guard let mailbox, let open = mailbox.lastIndex(of: "<") else { return mailbox ?? "" }
        return String(mailbox[open...].dropFirst().prefix { $0 != ">" })
    }

    /// As it is shown: what a reader needs to know what is going on.
    func shown(as number: Int) -> String {
        let lines = text.split(separator: "\n").map { "    \($0)" }.prefix(24).joined(separator: "\n")
        return "\nmail \(number), by \(provider)\n    to \(to): \(subject)\n\(lines)"
    }
}
