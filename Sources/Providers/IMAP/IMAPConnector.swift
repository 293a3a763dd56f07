package import HTTPClient
package import Integrations
internal import JSON
package import Messages
internal import Records

/// A mailbox on a server of IMAP, whose owner's name and password are known.
package struct IMAPConnector: MailboxReading {
    package let name = "imap"
    package let title = "IMAP mailbox"
    package let capabilities: Set<Capability> = [.emailReceiving]
    package let credentials = [
        CredentialField("username", "The mailbox's name at its server."),
        CredentialField("password", "The password for the mailbox."),
    ]
    package let settings =
        MailboxSetting.all + [
            SettingField(
                "security", .choice(["required", "offered", "none"]),
                "STARTTLS on imap://: required (the default), where it is offered, or none for a server on this machine."
            )
        ]
    package let baseURL: String? = nil
    package let schemes = ["imaps", "imap"]

    private let client: IMAPClient

    package init(_ client: IMAPClient) { self.client = client }

    package func open(_ access: IntegrationAccess) async throws(MailboxFailure) -> any OpenMailbox {
        let server: MailServer
        do throws(MailFault) {
            server = try MailServer(access.baseURL, upgrade: .init(setting: access.setting("security")))
        } catch {
            throw .unreachable(error.description)
        }
        let (user, password) = (access.credential("username"), access.credential("password"))
        return try await IMAPReading.open(
            access.setting("folder") ?? "INBOX", on: server, as: .password(user: user, password),
            readOnly: access.settings["mark_seen"]?.flag != true, by: client)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await mailboxCheck { () async throws(MailboxFailure) in try await open(access) }
    }
}

/// The settings of any mailbox that is polled.
enum MailboxSetting {
    static let all = [
        SettingField("folder", .text(max: 200), "The folder that is read; INBOX where none is named."),
        SettingField(
            "poll_minutes", .integer(1...1440),
            "The minutes between two checks of the mailbox; 2 by default."),
        SettingField(
            "from_start", .boolean,
            "Brings in what lies there already; otherwise only what comes from now on."),
        SettingField("mark_seen", .boolean, "Marks mails as read; otherwise the mailbox is only looked at."),
    ]
}

extension MailServer.Security {
    /// Creates the security for an address without TLS from the first byte; STARTTLS is required unless the setting
    /// says otherwise.
    init(setting: String?) {
        self =
            switch setting {
            case "none": .none
            case "offered": .startTLSIfOffered
            default: .startTLS
            }
    }
}

/// Returns whether a mailbox can be opened.
func mailboxCheck(
    _ open: () async throws(MailboxFailure) -> any OpenMailbox
) async -> IntegrationCheck {
    do throws(MailboxFailure) {
        try await open().close()
        return .good("The server takes us, and the folder is there.")
    } catch {
        return switch error {
        case .signInRefused(let detail): .bad(code: "sign_in_refused", detail: detail)
        case .unreachable(let detail): .unclear(code: "unreachable", detail: detail)
        }
    }
}
