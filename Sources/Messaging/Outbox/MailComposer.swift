internal import Cryptography
internal import Database
internal import JSON
internal import Mail
internal import Markdown
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// Makes a mail of a message: both parts, the foot that the law asks for, the headers that let it be answered and
/// unsubscribed from.
struct MailComposer {
    let tenant: Tenant
    let contact: Contact
    let services: PlatformServices
    let integration: Integration?
    let thread: [String]
    let attachments: [OutgoingMail.Attachment]

    /// What is wrong with the agency's settings, so that no mail can be made.
    struct Unfit: Error { let reason: Reason }

    func compose(_ message: Message, at now: Instant) throws -> OutgoingMail {
        guard let from = sender else {
            throw Unfit(
                reason: Reason("missing_sender", "Say who mails are from: set sender in /v1/settings."))
        }
        guard let to = message.recipient.flatMap({ EmailAddress($0) }) else {
            throw Unfit(reason: Reason("no_address", "The contact has no e-mail address."))
        }
        let identity = message.internetID ?? Self.internetID(of: message, domain: from.address.domain)
        guard let messageID = MessageID(identity) else {
            throw Unfit(reason: Reason("missing_sender", "The sender's address cannot be used."))
        }
        let foot = try Foot(message, self)
        var mail = OutgoingMail(
            messageID: messageID, date: now, from: from,
            to: Mailbox(to, name: HeaderText(cleaning: contact.name)),
            subject: HeaderText(cleaning: message.subject ?? tenant.name),
            text: MessageText.plain(message.body ?? "") + "\n\n" + foot.text)
        mail.html =
            MailPage(
                body: Markdown.html(message.body ?? ""), foot: foot.html, color: tenant.brand?.color,
                language: contact.locale ?? tenant.locale
            ).html
        mail.language = contact.locale ?? tenant.locale
        mail.references = thread.compactMap { MessageID($0) }
        mail.inReplyTo = mail.references.last
        mail.attachments = attachments
        mail.unsubscribe = foot.unsubscribe.map { OutgoingMail.Unsubscribe(url: $0) }
        mail.replyTo = replyTo(message)
        if message.author["type"]?.text == "system" { mail.autoSubmitted = .generated }
        return mail
    }

    /// Made once and stored before the mail leaves: every attempt has the same.
    static func internetID(of message: Message, domain: String) -> String {
        "\(message.id.text.dropFirst(Message.idPrefix.count + 1))@\(domain)"
    }

    var sender: Mailbox? {
        let own = integration?.settings["from"]?.text.flatMap { EmailAddress($0) }
        guard let address = own ?? tenant.sender.flatMap({ EmailAddress($0.email) }) else { return nil }
        return Mailbox(address, name: HeaderText(cleaning: tenant.sender?.name ?? tenant.name))
    }

    /// Where the answer finds its conversation by itself.
    private func replyTo(_ message: Message) -> Mailbox? {
        guard let domain = integration?.settings["reply_domain"]?.text,
            let conversation = message.conversationID,
            let address = EmailAddress(
                "reply+\(conversation.text.dropFirst(Conversation.idPrefix.count + 1))@\(domain)")
        else { return nil }
        return Mailbox(address)
    }
}

/// What stands under a mail.
struct Foot {
    let unsubscribe: String?
    let text: String, html: String

    init(_ message: Message, _ composer: MailComposer) throws {
        let tenant = composer.tenant
        unsubscribe =
            message.purpose == .marketing
            ? try composer.services.links.url(
                .unsubscribe, tenant.tenantID, message.id.text) : nil
        var lines = ["\(tenant.name), \(tenant.postalAddress ?? "")"]
        if Self.mustDisclose(message, composer) {
            lines.append("Written by software of \(tenant.name), which a person oversees.")
        }
        let link = unsubscribe.map { "Unsubscribe: \($0)" }
        text = "-- \n" + (lines + (link.map { [$0] } ?? [])).joined(separator: "\n")
        let escaped = lines.map { "<p>\($0.htmlEscaped)</p>" }.joined()
        html = escaped + (unsubscribe.map { "<p><a href=\"\($0.htmlEscaped)\">Unsubscribe</a></p>" } ?? "")
    }

    /// Where the law asks that people are told that software writes to them (docs/law.md): the European Union and
    /// the European Economic Area, and those states of which no address tells are in the country.
    private static let disclosing: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US", "KR", "CN",
    ]

    private static func mustDisclose(_ message: Message, _ composer: MailComposer) -> Bool {
        guard message.author["type"]?.text == "agent" else { return false }
        return switch composer.tenant.disclosure {
        case .always: true
        case .never: false
        case .auto:
            disclosing.contains(composer.contact.country ?? "")
                || disclosing.contains(composer.tenant.country ?? "")
        }
    }
}

/// A mail as a page: plain enough for every reader, dark where the reader is.
struct MailPage {
    let body: String, foot: String
    let color: String?
    let language: String

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="\(language.htmlEscaped)"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
        <style>
        body{margin:0;padding:24px;font:16px/1.5 -apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
        main,footer{max-width:600px;margin:0 auto}a{color:\(color ?? "#1f4e79")}
        footer{margin-top:32px;padding-top:12px;border-top:1px solid #ccc;font-size:12px;color:#777}
        footer p{margin:2px 0}
        </style></head><body><main>
        \(body)
        </main><footer>\(foot)</footer></body></html>
        """
    }
}
