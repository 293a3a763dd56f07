package import Agents
package import HTTPClient
package import Integrations
package import JSON
package import Mail
package import Messages
package import Nouns
internal import Records

/// A mailbox at a large service, sent from over SMTP and read over IMAP, both by its owner's consent (XOAUTH2).
package struct OAuthMailbox: EmailSending, MailboxReading, OAuthProvider {
    package let name: String
    package let title: String
    package let capabilities: Set<Capability> = [.emailSending, .emailReceiving]
    package let spfDomain: String?
    package let lanesMax: Int
    package let credentials = OAuthCredential.fields
    package let settings: [SettingField]
    /// It has two servers, each with a setting of its own.
    package let baseURL: String? = nil
    package let schemes: [String] = []

    private let sender: SMTPClient
    private let reader: IMAPClient
    private let smtp: String, imap: String
    private let consent: @Sendable (JSONObject) -> OAuthEndpoints

    /// Gmail and the mail of Google Workspace.
    package static func google(_ sender: SMTPClient, _ reader: IMAPClient) -> OAuthMailbox {
        OAuthMailbox(
            "google_mail", "Google mail", sender, reader, smtp: "smtps://smtp.gmail.com:465",
            imap: "imaps://imap.gmail.com:993", spf: "_spf.google.com", lanesMax: 8
        ) { settings in
            GoogleConsent.endpoints(settings, scopes: ["https://mail.google.com/"])
        }
    }

    /// Outlook and the mail of Microsoft 365.
    package static func microsoft(_ sender: SMTPClient, _ reader: IMAPClient) -> OAuthMailbox {
        OAuthMailbox(
            "microsoft_mail", "Microsoft mail", sender, reader, smtp: "smtp://smtp.office365.com:587",
            imap: "imaps://outlook.office365.com:993", spf: "spf.protection.outlook.com",
            // It refuses a mailbox that has a fourth connection open.
            lanesMax: 3,
            more: [
                SettingField(
                    "directory", .text(max: 100),
                    "The organisation's directory (tenant); common where none is named.")
            ]
        ) { settings in
            let directory = (settings["directory"]?.text ?? "common").filter {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
            }
            let base = "https://login.microsoftonline.com/\(directory)/oauth2/v2.0"
            return OAuthEndpoints(
                authorize: settings["authorize_url"]?.text ?? "\(base)/authorize",
                token: settings["token_url"]?.text ?? "\(base)/token",
                scopes: [
                    "https://outlook.office.com/SMTP.Send",
                    "https://outlook.office.com/IMAP.AccessAsUser.All",
                    "offline_access",
                ])
        }
    }

    private init(
        _ name: String, _ title: String, _ sender: SMTPClient, _ reader: IMAPClient, smtp: String,
        imap: String, spf: String, lanesMax: Int,
        more: [SettingField] = [], consent: @escaping @Sendable (JSONObject) -> OAuthEndpoints
    ) {
        (self.name, self.title, self.sender, self.reader) = (name, title, sender, reader)
        (self.smtp, self.imap, self.consent) = (smtp, imap, consent)
        (spfDomain, self.lanesMax) = (spf, lanesMax)
        let own = [
            SettingField(
                "mailbox", .email, required: true, "The mailbox's address: its name when signing in."),
            SettingField("from", .email, "The address that mails are from, where it is not the agency's."),
            SettingField(
                "reply_domain", .text(max: 253), "Where answers to reply+…@ arrive, if they do anywhere."),
            SettingField(
                "receive", .boolean, "Reads the mailbox, too, where it is connected for sending."),
            SettingField("smtp_url", .text(max: 300), "Where mail is handed over: \(smtp)"),
            SettingField("imap_url", .text(max: 300), "Where mail is read: \(imap)"),
            SettingField("authorize_url", .text(max: 300), "Where the owner is asked."),
            SettingField("token_url", .text(max: 300), "Where tokens come from."),
            SettingField(
                "security", .choice(["required", "offered", "none"]),
                "STARTTLS where an address has no TLS from the first byte: required (the default), offered, or none."
            ),
        ]
        settings = own + more + MailboxSetting.all
    }

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints { consent(settings) }

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let server: MailServer
        do throws(MailFault) {
            server = try self.server(access, "smtp_url", smtp)
        } catch {
            return .refused(.invalidServer(error))
        }
        return await sender.send(mail, to: server, as: credentials(access), permit)
    }

    package func open(_ access: IntegrationAccess) async throws(MailboxFailure) -> any OpenMailbox {
        let server: MailServer
        do throws(MailFault) {
            server = try self.server(access, "imap_url", imap)
        } catch {
            throw .unreachable(error.description)
        }
        return try await IMAPReading.open(
            access.setting("folder") ?? "INBOX", on: server, as: credentials(access),
            readOnly: access.settings["mark_seen"]?.flag != true, by: reader)
    }

    /// Both servers have to take us, where both are used.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let server: MailServer
        do throws(MailFault) {
            server = try self.server(access, "smtp_url", smtp)
        } catch {
            return .bad(code: "invalid_server", detail: "\(error)")
        }
        let sending = await sender.check(server, as: credentials(access))
        guard case .good = sending, access.settings["receive"]?.flag == true else { return sending }
        return await mailboxCheck { () async throws(MailboxFailure) in try await open(access) }
    }

    private func server(
        _ access: IntegrationAccess, _ setting: String, _ standard: String
    ) throws(MailFault) -> MailServer {
        try MailServer(
            access.setting(setting) ?? standard, upgrade: .init(setting: access.setting("security")))
    }

    private func credentials(_ access: IntegrationAccess) -> MailCredentials {
        .bearer(user: access.setting("mailbox") ?? "", token: access.credential(OAuthCredential.access))
    }
}
