package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import People
internal import Records
internal import Telemetry
package import Tenancy
internal import Wording

/// Mails about accounts: passwords, invitations, links that sign in.
package struct AccountMessages: Sendable {
    /// Stands for the link, which is kept sealed until the mail leaves.
    static let linkMark = "https://link.invalid/"

    static func key(ofNotification id: String) -> String { "account/\(id)" }

    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    /// Has it sent; answers whether there is anything that sends it.
    package func send(_ mail: AccountMail, in tx: Transaction) throws -> Bool {
        guard try tx.sandboxClock.isSandbox || !tx.integrations.all(for: .emailSending).isEmpty else {
            return false
        }
        let (agency, words) = (try tx.agency.tenant(), try mail.wording(in: tx))
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.purpose, message.channel) = (.account, .email)
        message.recipient = mail.email
        message.subject = mail.subject(words, agency.name)
        let body = mail.body(words, agency.name)
        (message.body, message.text) = (body, MessageText.plain(body))
        message.author = ["type": "system", "id": "bureau", "name": .string(agency.name)]
        message.cause = ["type": "account", "id": JSON(message.id)]
        message.sendKey = "account/\(message.id)"
        // The mail of a notification is found by the notification.
        if case .notice(_, _, let id) = mail.kind { message.sendKey = Self.key(ofNotification: id) }
        message.sealedLink = try outbox.services.secrets.closeText(mail.link, tx.tenant)
        try Message.resource.insert(&message, in: tx)
        try tx.publish("message.queued", message.subjectOfEvents, message.payload)
        try tx.outbox.enqueueSend(message)
        return true
    }
}

extension AccountMail {
    /// In the language of whoever is that, where the agency knows them by the address; else in its own.
    fileprivate func wording(in tx: Transaction) throws -> Wording {
        if let locale { return try tx.wordings.find(locale) }
        let known = try Contact.resource.first(
            where: "email = \(email) AND locale IS NOT NULL", suffix: "ORDER BY row LIMIT 1", in: tx)
        return try tx.wordings.find(known?.locale ?? tx.agency.tenant().locale)
    }
}

extension AccountMail {
    fileprivate func subject(_ words: Wording, _ agency: String) -> String {
        let agency = Wording.Value.text(agency)
        return switch kind {
        case .passwordReset: words("account.reset_subject", ["agency": agency])
        case .invitation: words("account.invitation_subject", ["agency": agency])
        case .signIn: words("account.sign_in_subject", ["agency": agency])
        case .notice(let title, _, _): title
        }
    }

    /// In the agency's words, unless these would have the link taken elsewhere.
    fileprivate func body(_ words: Wording, _ agency: String) -> String {
        let own = written(words, agency)
        return Wording.keeps(AccountMessages.linkMark, apartIn: own)
            ? own : written(Wording(words.asked), agency)
    }

    private func written(_ words: Wording, _ agency: String) -> String {
        let agency = Wording.Value.text(agency.markdownEscaped),
            link = Wording.Value.text(AccountMessages.linkMark)
        let text =
            switch kind {
            case .passwordReset: words("account.reset", ["agency": agency, "link": link])
            case .invitation: words("account.invitation", ["agency": agency, "link": link])
            case .signIn: words("account.sign_in", ["agency": agency, "link": link])
            case .notice(let title, let body, _):
                """
                \(title.markdownEscaped)

                \((body ?? "").markdownEscaped)

                <\(AccountMessages.linkMark)>
                """
            }
        return "\(words.greeting((name ?? "").markdownEscaped))\n\n\(text)"
    }
}

extension String {
    /// The string as text of a Markdown document, with its special characters escaped.
    package var markdownEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            if "\\`*_{}[]<>()#+-.!|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar.properties.isWhitespace ? " " : scalar)
        }
        return result
    }
}
