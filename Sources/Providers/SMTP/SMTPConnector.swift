internal import Foundation
package import HTTPClient
internal import JSON
package import Mail
package import Messaging
package import Platform
internal import Records
internal import Telemetry

/// A mail server that takes mail over SMTP, as a mailbox's owner uses it.
package struct SMTPConnector: EmailSending {
    package let name = "smtp"
    package let title = "SMTP server"
    package let capabilities: Set<Capability> = [.emailSending]
    package let credentials = [
        CredentialField("username", required: false, "The mailbox's name at its server."),
        CredentialField("password", required: false, "Its password there."),
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
        _ mail: OutgoingMail, messageID: String, _ access: IntegrationAccess
    ) async -> SendOutcome {
        let submission: SMTPSubmission
        do throws(MailFault) {
            submission = try self.submission(mail, access)
        } catch {
            return .refused(SendRefusal(.account, code: "invalid_server", detail: "\(error)"))
        }
        switch await client.send(submission) {
        case .accepted(let reply): return .accepted(providerID: Self.queueID(reply.text))
        case .refused(let refusal): return Self.outcome(of: refusal)
        case .notSent(let fault): return .later(code: "not_sent", detail: "\(fault)", after: nil)
        case .unknown(let fault): return .unknown(detail: "\(fault)")
        }
    }

    private func submission(
        _ mail: OutgoingMail, _ access: IntegrationAccess
    ) throws(MailFault) -> SMTPSubmission {
        SMTPSubmission(
            to: try server(access), as: credentials(access), from: mail.from.address.description,
            to: [mail.to.address.description], mail.mime())
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

    /// RFC 5321 §4.2, RFC 3463: what is wrong with the recipient, with the mail, and with us.
    static func outcome(of refusal: SMTPRefusal) -> SendOutcome {
        let (reply, detail) = (refusal.reply, "\(refusal.reply.code) \(refusal.reply.text)")
        let code = "smtp_\(reply.code)"
        guard refusal.isPermanent else { return .later(code: code, detail: detail, after: nil) }
        switch refusal.stage {
        case .connect, .tls, .auth, .sender:
            return .refused(SendRefusal(.account, code: code, detail: detail))
        case .recipient, .data:
            let isMailbox =
                reply.status.map { $0.hasPrefix("5.1.") || $0 == "5.2.1" }
                ?? [550, 551, 553].contains(reply.code)
            return .refused(SendRefusal(isMailbox ? .recipient : .message, code: code, detail: detail))
        }
    }

    /// Many servers say by which name they queued it: `queued as 4XyZ`.
    private static func queueID(_ text: String) -> String? {
        guard let range = text.range(of: "queued as ") else { return nil }
        let id = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
        return id.isEmpty ? nil : String(id)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        do throws(MailFault) {
            _ = try server(access)
            return .unclear(
                code: "untried",
                detail: "The address can be used; whether the server takes us, the first mail tells.")
        } catch {
            return .bad(code: "invalid_server", detail: "\(error)")
        }
    }
}
