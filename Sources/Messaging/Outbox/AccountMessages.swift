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

    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    /// Has it sent; answers whether there is anything that sends it.
    package func send(_ mail: AccountMail, in tx: Transaction) throws -> Bool {
        guard try tx.isSandbox || !tx.integrations(for: .emailSending).isEmpty else { return false }
        let agency = try tx.ownTenant()
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.purpose, message.channel) = (.account, .email)
        message.recipient = mail.email
        message.subject = mail.subject(agency.name)
        message.body = mail.body(agency.name)
        message.text = MessageText.plain(mail.body(agency.name))
        message.author = ["type": "system", "id": "bureau", "name": .string(agency.name)]
        message.cause = ["type": "account", "id": .string(message.id.text)]
        message.sendKey = "account/\(message.id)"
        message.sealedLink = try outbox.services.secrets.closeText(mail.link, tx.tenant)
        try Message.resource.insert(&message, in: tx)
        try tx.publish("message.queued", message.subjectOfEvents, message.told)
        try tx.enqueueSend(message)
        return true
    }
}

extension AccountMail {
    fileprivate func subject(_ agency: String) -> String {
        switch kind {
        case .passwordReset: "Set a new password for \(agency)"
        case .invitation: "You are invited to \(agency)"
        case .signIn: "Your link to sign in to \(agency)"
        case .notice(let title, _): title
        }
    }

    fileprivate func body(_ agency: String) -> String {
        let (link, agency) = (AccountMessages.linkMark, agency.markdownEscaped)
        let greeting = "Hello\(name.map { " " + $0.markdownEscaped } ?? ""),"
        return switch kind {
        case .passwordReset:
            """
            \(greeting)

            somebody asked for a new password for your account at \(agency). If it was you, set one here within the hour:

            <\(link)>

            If it was not, nothing has changed, and nothing needs to be done.
            """
        case .invitation:
            """
            \(greeting)

            you are invited to work with \(agency). Make your account here:

            <\(link)>
            """
        case .signIn:
            """
            \(greeting)

            here is your link to sign in to \(agency). It works once, for a quarter of an hour:

            <\(link)>
            """
        case .notice(let title, let body):
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
