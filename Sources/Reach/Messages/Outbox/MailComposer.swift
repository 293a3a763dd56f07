internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Mail
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Makes a mail of a message: both parts, the foot that the law asks for, the headers that let it be answered and
/// unsubscribed from.
struct MailComposer {
    let tenant: Tenant
    let contact: Contact
    let services: PlatformServices
    let integration: Integration?
    let thread: [String]
    let attachments: [OutgoingMail.Attachment]
    /// The product's copy in the reader's language; looked up for few emails only.
    let wording: () throws -> Wording

    /// A fault in the agency's settings because of which no email can be composed.
    struct Unfit: Error { let reason: Reason }

    /// `words` may have been written before; they are used while nothing has changed that they came of.
    func compose(_ message: Message, _ words: ComposedMail? = nil, at now: Instant) throws -> OutgoingMail {
        guard let from = sender else {
            throw Unfit(
                reason: Reason("missing_sender", "Emails have no sender: enter it in the settings."))
        }
        guard let to = message.recipient.flatMap({ EmailAddress($0) }) else {
            throw Unfit(reason: Reason("no_address", "The contact has no email address."))
        }
        let identity = message.internetID ?? Self.internetID(of: message, domain: from.address.domain)
        guard let messageID = InternetMessageID(identity) else {
            throw Unfit(
                reason: Reason(
                    "missing_sender", "The sender's address cannot be used: correct it in the settings."))
        }
        let source = ComposedMail.Source(message: message, tenant: tenant, contact: contact)
        let words = try words.flatMap { $0.source.isStill(source) ? $0 : nil } ?? self.words(of: message)
        var mail = OutgoingMail(
            messageID: messageID, date: now, from: from,
            to: Mailbox(to, name: HeaderText(cleaning: contact.name)),
            subject: HeaderText(cleaning: words.subject), text: words.text)
        mail.html = words.html
        mail.language = contact.locale ?? tenant.locale
        mail.references = thread.compactMap { InternetMessageID($0) }
        mail.inReplyTo = mail.references.last
        mail.attachments = attachments
        mail.unsubscribe = words.unsubscribe.map { OutgoingMail.Unsubscribe(url: $0) }
        mail.replyTo = replyTo(message)
        if message.author["type"]?.text == "system" { mail.autoSubmitted = .generated }
        return mail
    }

    /// Both parts as they will be read.
    func words(of message: Message) throws -> ComposedMail {
        let unsubscribe =
            message.purpose == .marketing
            ? try services.links.url(.unsubscribe, tenant.tenantID, message.id) : nil
        let locale = TextLocale(contact.locale ?? tenant.locale)
        let rendered = RenderedMail(
            subject: message.subject ?? tenant.name,
            body: try opened(message), locale: locale,
            dress: try dress(message, unsubscribe))
        let html = try MailTracking(tenant: tenant, links: services.links).watched(rendered.html, of: message)
        return ComposedMail(
            source: ComposedMail.Source(message: message, tenant: tenant, contact: contact),
            subject: rendered.subject,
            text: rendered.text,
            html: html, unsubscribe: unsubscribe)
    }

    /// The words, with the link that is kept sealed until they leave.
    private func opened(_ message: Message) throws -> String {
        guard let sealed = message.sealedLink else { return message.body ?? "" }
        let link = try services.secrets.openText(sealed, tenant.tenantID)
        return (message.body ?? "").replacingBytes(of: AccountMessages.linkMark, with: link)
    }

    /// Made once and stored before the mail leaves: every attempt has the same.
    static func internetID(of message: Message, domain: String) -> String {
        "\(message.id.value)@\(domain)"
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

extension MailComposer {
    /// Returns the footer of an email, and its look.
    private func dress(_ message: Message, _ unsubscribe: String?) throws -> MailDress {
        let lines = (tenant.postalAddress ?? "").split(whereSeparator: \.isNewline).map(String.init)
        return MailDress(
            agency: tenant.name, colour: tenant.brand?.color, address: lines,
            unsubscribeURL: unsubscribe,
            disclosure: AIDisclosure.isDue(message, tenant, contact) ? try disclosure() : nil)
    }

    private func disclosure() throws -> String {
        let words = try wording()
        return words("mail.disclosure", ["agency": .text(tenant.name)])
    }
}

/// Whether a mail says that software wrote it: where the law asks for it (docs/law.md), or as the agency has set.
enum AIDisclosure {
    /// The European Economic Area, and countries with states or laws that ask for it.
    private static let countries: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US", "KR", "CN",
    ]

    static func isDue(_ message: Message, _ tenant: Tenant, _ contact: Contact) -> Bool {
        guard message.author["type"]?.text == "agent" else { return false }
        return switch tenant.disclosure {
        case .always: true
        case .never: false
        case .auto: countries.contains(contact.country ?? "") || countries.contains(tenant.country ?? "")
        }
    }
}
