package import Agents
package import HTTPClient
package import Integrations
internal import JSON
package import Mail
package import Messages
package import Nouns
internal import Records

/// A mail server that takes mail over SMTP, as a mailbox's owner uses it.
package struct SMTPConnector: EmailSending {
    package let name = "smtp"
    package let title = "SMTP server"
    package let capabilities: Set<Capability> = [.emailSending]
    package let credentials = [
        CredentialField("username", required: false, "The mailbox's name at its server."),
        CredentialField("password", required: false, "The password for the mail server."),
    ]
    package let settings =
        MailSettings.common + [
            SettingField(
                "security", .choice(["required", "offered", "none"]),
                "STARTTLS on smtp://: required (the default), where it is offered, or none for a server on this machine."
            )
        ]
    package let baseURL: String? = nil
    package let schemes = ["smtps", "smtp"]

    private let client: SMTPClient

    package init(_ client: SMTPClient) { self.client = client }

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let server: MailServer
        do throws(MailFault) { server = try self.server(access) } catch {
            return .refused(.invalidServer(error))
        }
        return await client.send(mail, to: server, as: credentials(access), permit)
    }

    private func server(_ access: IntegrationAccess) throws(MailFault) -> MailServer {
        let upgrade: MailServer.Security =
            switch access.setting("security") {
            case "none": .none
            case "offered": .startTLSIfOffered
            case "required": .startTLS
            // Without a password there is nothing that must not be overheard.
            default: access.credential("password").isEmpty ? .startTLSIfOffered : .startTLS
            }
        return try MailServer(access.baseURL, upgrade: upgrade)
    }

    private func credentials(_ access: IntegrationAccess) -> MailCredentials? {
        let (user, password) = (access.credential("username"), access.credential("password"))
        return user.isEmpty ? nil : .password(user: user, password)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let server: MailServer
        do throws(MailFault) {
            server = try self.server(access)
        } catch {
            return .bad(code: "invalid_server", detail: "\(error)")
        }
        return await client.check(server, as: credentials(access))
    }
}
