package import Database
internal import JSON
package import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// Mails about accounts: passwords, invitations, links that sign in.
package struct AccountMessages: Sendable {
    /// Stands for the link, which is kept sealed until the mail leaves.
    static let linkMark = "https://link.invalid/"

    static func key(ofNotification id: String) -> String { "account/\(id)" }

    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    /// Has it sent; answers whether there is anything that sends it.
    package func send(_ mail: AccountMail, in tx: Transaction) throws -> Bool {
        guard try tx.isSandbox || !tx.integrations(for: .emailSending).isEmpty else { return false }
        let words = try tx.words(for: mail)
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.purpose, message.channel) = (.account, .email)
        message.recipient = mail.email
        message.subject = mail.subject(words)
        message.body = mail.body(words)
        message.text = MessageText.plain(mail.body(words))
        message.author = ["type": "system", "id": "bureau", "name": .string(words.agency)]
        message.cause = ["type": "account", "id": .string(message.id.text)]
        message.sendKey = "account/\(message.id)"
        // What it quotes is found by what it tells of.
        if case .notice(_, _, let id) = mail.kind { message.sendKey = Self.key(ofNotification: id) }
        message.sealedLink = try outbox.services.secrets.closeText(mail.link, tx.tenant)
        try Message.resource.insert(&message, in: tx)
        try tx.publish("message.queued", message.subjectOfEvents, message.told)
        try tx.enqueueSend(message)
        return true
    }
}

/// Account mails in English and German; other languages get English words.
private struct AccountWords {
    let agency: String, isGerman: Bool

    func callAsFunction(_ english: String, _ german: String) -> String { isGerman ? german : english }
}

extension Queryable {
    /// In the language of whoever is that, where the agency knows them by the address; else in its own.
    fileprivate func words(for mail: AccountMail) throws -> AccountWords {
        let agency = try ownTenant()
        let known = try Contact.resource.first(
            where: "email = \(mail.email) AND locale IS NOT NULL", suffix: "ORDER BY row LIMIT 1", in: self)
        let language = (known?.locale ?? agency.locale).lowercased().prefix { $0 != "-" && $0 != "_" }
        return AccountWords(agency: agency.name, isGerman: language == "de")
    }
}

extension AccountMail {
    fileprivate func subject(_ words: AccountWords) -> String {
        let agency = words.agency
        return switch kind {
        case .passwordReset: words("Set a new password for \(agency)", "Ein neues Passwort für \(agency)")
        case .invitation: words("You are invited to \(agency)", "Sie sind zu \(agency) eingeladen")
        case .signIn: words("Your link to sign in to \(agency)", "Ihr Link zur Anmeldung bei \(agency)")
        case .notice(let title, _, _): title
        }
    }

    fileprivate func body(_ words: AccountWords) -> String {
        let (link, agency) = (AccountMessages.linkMark, words.agency.markdownEscaped)
        let name = name.map { " " + $0.markdownEscaped } ?? ""
        let greeting = words("Hello\(name),", "Guten Tag\(name),")
        return switch kind {
        case .passwordReset:
            words(
                """
                \(greeting)

                someone requested a new password for your account at \(agency). If it was you, set it within an hour:

                <\(link)>

                If it was not you, ignore this email: nothing has changed.
                """,
                """
                \(greeting)

                jemand hat ein neues Passwort für Ihr Konto bei \(agency) angefordert. Waren Sie es, setzen Sie es hier innerhalb einer Stunde:

                <\(link)>

                Waren Sie es nicht, ignorieren Sie diese E-Mail: Es hat sich nichts geändert.
                """)
        case .invitation:
            words(
                """
                \(greeting)

                you are invited to work with \(agency). Create your account here:

                <\(link)>
                """,
                """
                \(greeting)

                Sie sind eingeladen, mit \(agency) zu arbeiten. Legen Sie hier Ihr Konto an:

                <\(link)>
                """)
        case .signIn:
            words(
                """
                \(greeting)

                here is your link to sign in to \(agency). It works once and is valid for 15 minutes:

                <\(link)>
                """,
                """
                \(greeting)

                hier ist Ihr Link zur Anmeldung bei \(agency). Er funktioniert einmal und gilt 15 Minuten:

                <\(link)>
                """)
        case .notice(let title, let body, _):
            """
            \(greeting)

            \(title.markdownEscaped)

            \((body ?? "").markdownEscaped)

            <\(link)>
            """
        }
    }
}

extension String {
    /// As text of a Markdown document.
    package var markdownEscaped: String {
        var result = ""
        for scalar in unicodeScalars {
            if "\\`*_{}[]<>()#+-.!|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar.properties.isWhitespace ? " " : scalar)
        }
        return result
    }
}
