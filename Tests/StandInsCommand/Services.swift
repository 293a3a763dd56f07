import Cryptography
import Foundation
import JSON
import StandIns

/// A service that is stood in for, and what Bureau has to know to use it.
struct Service {
    let provider: String, capability: String
    var settings: JSONObject = [:], credentials: JSONObject = [:]
    /// The server, whose next requests may go wrong (`ServiceFaults`).
    var standIn: ServiceStandIn?
    /// The name that people type, where the provider is another service's, too.
    var alias: String?

    var name: String { alias ?? provider }

    /// Where it listens, or where it takes mails.
    var url: String { (settings["base_url"] ?? settings["smtp_url"])?.text ?? "" }
    /// Its owner has to say yes on a page before it lets anybody in.
    var wantsConsent: Bool { settings["authorize_url"] != nil }

    /// Returns the owner's yes on the page in a browser, as a command.
    static func yes(to page: String) -> String { "  curl -fsSL '\(page)' -d answer=yes" }

    /// The body of `POST /v1/integrations`.
    var integration: JSON {
        [
            "provider": .string(provider), "capability": .string(capability), "settings": .object(settings),
            "credentials": .object(credentials),
        ]
    }
}

/// The services, none of which needs another program, each on a port of its own.
struct Services {
    let postmark: PostmarkStandIn, mailgun: MailgunStandIn, sendGrid: SendGridStandIn
    let maileroo: MailerooStandIn
    let smtp: SMTPStandIn, mailbox: ReplyMailbox
    let consentMailboxes: [ConsentMailbox]
    let stripe: StripeStandIn, calendly: CalendlyStandIn
    let graph: GraphStandIn, telegram: TelegramStandIn, twilio: TwilioStandIn
    let messenger: MetaStandIn, instagram: MetaStandIn
    let slack: SlackStandIn
    let abstract: AbstractStandIn, verify: MailerooVerifyStandIn, hunter: HunterStandIn
    let companies: CompanyServices
    let connected: ConnectedServices
    let docusign: DocusignStandIn, dropboxSign: DropboxSignStandIn
    let mailchimp: MailchimpStandIn, activeCampaign: ActiveCampaignStandIn
    let metrics: MetricServices
    let open: OpenServices
    let social: SocialServices

    init() throws {
        (postmark, mailgun, sendGrid) = (try PostmarkStandIn(), try MailgunStandIn(), try SendGridStandIn())
        (maileroo, smtp, mailbox) = (try MailerooStandIn(), try SMTPStandIn(), try ReplyMailbox())
        consentMailboxes = [try .google(), try .microsoft()]
        (stripe, calendly) = (try StripeStandIn(), try CalendlyStandIn())
        (graph, telegram, twilio) = (try GraphStandIn(), try TelegramStandIn(), try TwilioStandIn())
        (messenger, instagram) = (try MetaStandIn(.messenger), try MetaStandIn(.instagram))
        slack = try SlackStandIn()
        (abstract, verify) = (try AbstractStandIn(), try MailerooVerifyStandIn())
        hunter = try HunterStandIn()
        companies = try CompanyServices()
        connected = try ConnectedServices()
        (docusign, dropboxSign) = (try DocusignStandIn(), try DropboxSignStandIn())
        (mailchimp, activeCampaign) = (try MailchimpStandIn(), try ActiveCampaignStandIn(isStrict: true))
        (metrics, open) = (try MetricServices(), try OpenServices())
        social = try SocialServices()
    }

    var all: [Service] {
        func text(_ text: String) -> JSON { .string(text) }
        return [
            Service(
                provider: "postmark", capability: "email_sending",
                settings: ["base_url": text(postmark.service.url)],
                credentials: [
                    "server_token": text(postmark.serverToken), "webhook_username": text(postmark.username),
                    "webhook_password": text(postmark.password),
                ]),
            Service(
                provider: "mailgun", capability: "email_sending",
                settings: ["base_url": text(mailgun.service.url), "domain": text(mailgun.domain)],
                credentials: [
                    "api_key": text(mailgun.apiKey), "webhook_signing_key": text(mailgun.signingKey),
                ]),
            Service(
                provider: "sendgrid", capability: "email_sending",
                settings: ["base_url": text(sendGrid.service.url)],
                credentials: [
                    "api_key": text(sendGrid.apiKey), "webhook_public_key": text(sendGrid.publicKey),
                ]),
            Service(
                provider: "maileroo", capability: "email_sending",
                settings: [
                    "base_url": text(maileroo.service.url), "inbound_url": text(maileroo.service.url),
                ],
                credentials: [
                    "sending_key": text(maileroo.sendingKey), "webhook_secret": text(maileroo.secret),
                ]),
            Service(provider: "smtp", capability: "email_sending", settings: ["base_url": text(smtp.url)]),
            Service(
                provider: "imap", capability: "email_receiving",
                settings: [
                    "base_url": text(mailbox.server.url), "security": "none", "poll_minutes": 1,
                    "from_start": true,
                ], credentials: ["username": "olive", "password": "any"]),
            Service(
                provider: "stripe", capability: "payments", settings: ["base_url": text(stripe.service.url)],
                credentials: [
                    "secret_key": text(stripe.secretKey), "webhook_secret": text(stripe.webhookSecret),
                ]),
            Service(
                provider: "calendly", capability: "scheduling",
                settings: ["base_url": text(calendly.service.url)],
                credentials: [
                    "token": text(calendly.token), "webhook_signing_key": text(calendly.signingKey),
                ]),
            Service(
                provider: "whatsapp", capability: "chat",
                settings: graph.settings.with("base_url", text(graph.service.url)),
                credentials: graph.credentials.object ?? [:]),
            Service(
                provider: "telegram", capability: "chat",
                settings: ["base_url": text(telegram.service.url)],
                credentials: telegram.credentials.object ?? [:]),
            Service(
                provider: "twilio", capability: "chat",
                settings: twilio.settings.with("base_url", text(twilio.service.url)),
                credentials: twilio.credentials.object ?? [:]),
            Service(
                provider: "messenger", capability: "chat",
                settings: messenger.settings.with("base_url", text(messenger.service.url)),
                credentials: messenger.credentials.object ?? [:]),
            Service(
                provider: "instagram", capability: "chat",
                settings: instagram.settings.with("base_url", text(instagram.service.url)),
                credentials: instagram.credentials.object ?? [:]),
            Service(
                provider: "slack", capability: "chat",
                settings: slack.settings.with("base_url", text(slack.service.url)),
                credentials: slack.credentials.object ?? [:]),
            Service(
                provider: "abstract_email", capability: "email_verification",
                settings: ["base_url": text(abstract.service.url)],
                credentials: ["api_key": text(abstract.apiKey)]),
            Service(
                provider: "maileroo_verify", capability: "email_verification",
                settings: ["base_url": text(verify.service.url)],
                credentials: ["api_key": text(verify.apiKey)]),
            Service(
                provider: "hunter", capability: "email_verification",
                settings: ["base_url": text(hunter.service.url)],
                credentials: ["api_key": text(hunter.apiKey)]),
        ] + companies.all + signing + marketing + metrics.all + social.all + connected.all + open.all
            + consentMailboxes.map(\.service)
    }

    private var signing: [Service] {
        [
            Service(
                provider: "docusign", capability: "signatures",
                settings: ["base_url": .string(docusign.service.url)],
                credentials: [
                    "integration_key": .string(docusign.integrationKey),
                    "user_id": .string(docusign.userID), "private_key": .string(docusign.privateKey),
                    "hmac_key": .string(docusign.hmacKey),
                ], standIn: docusign.service),
            Service(
                provider: "dropbox_sign", capability: "signatures",
                settings: ["base_url": .string(dropboxSign.service.url)],
                credentials: ["api_key": .string(dropboxSign.apiKey)], standIn: dropboxSign.service),
        ]
    }

    private var marketing: [Service] {
        [
            Service(
                provider: "mailchimp", capability: "marketing",
                settings: [
                    "base_url": .string(mailchimp.service.url), "list_id": .string(mailchimp.list),
                ], credentials: ["api_key": .string(mailchimp.apiKey)], standIn: mailchimp.service),
            Service(
                provider: "activecampaign", capability: "marketing",
                settings: [
                    "base_url": .string(activeCampaign.service.url), "list_id": .string(activeCampaign.list),
                ], credentials: ["api_key": .string(activeCampaign.apiKey)], standIn: activeCampaign.service),
        ]
    }

    /// Has whoever was asked sign the latest contract at a service; `nil` where none is there.
    func sign(at provider: String, now: Int64) -> StandInHook? {
        switch provider {
        case "dropbox_sign":
            guard let id = dropboxSign.requests.last else { return nil }
            dropboxSign.sign(id, at: now)
            return dropboxSign.event("signature_request_all_signed", id, at: now)
        case "docusign":
            guard let id = docusign.envelopes.last?["envelopeId"]?.text else { return nil }
            docusign.change(id, "completed")
            return docusign.event("envelope-completed", id, at: "\(now)")
        default: return nil
        }
    }

    /// Somebody leaves the list of a marketing service; `nil` where there is no such service.
    func leave(_ address: String, at provider: String, now: Int64) -> StandInHook? {
        switch provider {
        case "mailchimp":
            mailchimp[address] = "unsubscribed"
            return mailchimp.hook("unsubscribe", address, at: "\(now)")
        case "activecampaign":
            let id = activeCampaign.add(address, "2")
            return activeCampaign.hook("unsubscribe", address, id, at: "\(now)")
        default: return nil
        }
    }

    // MARK: What has arrived

    /// Every mail so far, by service in the order in which each came.
    var mails: [ArrivedMail] {
        postmark.service.requests.compactMap { ArrivedMail(postmark: $0) }
            + mailgun.service.requests.compactMap { ArrivedMail(mailgun: $0) }
            + sendGrid.service.requests.compactMap { ArrivedMail(sendGrid: $0) }
            + maileroo.service.requests.compactMap { ArrivedMail(maileroo: $0) }
            + smtp.mails.map { ArrivedMail(smtp: $0) }
            + consentMailboxes.flatMap { box in
                box.smtp.mails.map { ArrivedMail(smtp: $0, of: box.provider) }
            }
    }

    /// Every short message so far.
    var chats: [ArrivedChat] {
        graph.service.requests.compactMap { ArrivedChat(graph: $0) }
            + telegram.service.requests.compactMap { ArrivedChat(telegram: $0) }
            + twilio.service.requests.compactMap { ArrivedChat(twilio: $0) }
            + slack.posts.compactMap { ArrivedChat(slack: $0) }
            + [messenger, instagram].flatMap { meta in
                meta.taken.compactMap { ArrivedChat(meta: $0, by: meta.kind.rawValue) }
            }
    }

    /// Writes as the one person who has a telephone here; `nil` where no service brings that. `endpoint`: where
    /// it is posted.
    func chat(_ text: String, by provider: String, _ number: Int64, to endpoint: String) -> StandInHook? {
        switch provider {
        case "twilio": twilio.message("SM\(number)", text, to: endpoint)
        case "whatsapp": graph.message("wamid.\(number)", text)
        case "telegram": telegram.message(number, text)
        case "messenger": messenger.message("m_\(number)", text, at: Date.seconds)
        case "slack": slack.message("\(number).0001", text, from: "UC", at: Date.seconds)
        case "instagram": instagram.message("m_\(number)", text, at: Date.seconds)
        default: nil
        }
    }

    /// Somebody with an address at the agency presses a button in the staff's channel.
    func press(_ action: String, _ approval: String, as email: String) -> StandInHook {
        slack.know("U1", "Olive Owner", email: email)
        return slack.press(action, approval, by: "U1", stamp: "\(Date.seconds).1", at: Date.seconds)
    }

    /// Where answers to mails lie that a service takes by SMTP.
    private func mailbox(beside provider: String) -> ReplyMailbox? {
        provider == "smtp" ? mailbox : consentMailboxes.first { $0.provider == provider }?.mailbox
    }

    // MARK: What comes back

    /// An answer to a mail, as its service brings it; `nil` where it lies in the mailbox, to be looked for.
    func reply(_ text: String, to mail: ArrivedMail, id: String) throws -> (provider: String, StandInHook)? {
        if let mailbox = mailbox(beside: mail.provider) {
            mailbox.reply(text, to: mail, id: id)
            return nil
        }
        let subject = "Re: \(mail.subject)", messageID = "<\(id)@stand-in.example>"
        switch mail.provider {
        case "mailgun":
            let headers: JSON = [
                ["From", .string(mail.to)], ["To", .string(mail.from)], ["Subject", .string(subject)],
                ["Message-Id", .string(messageID)], ["In-Reply-To", .string(mail.messageID)],
            ]
            let fields = [
                ("recipient", mail.from), ("sender", mail.to), ("from", mail.to), ("subject", subject),
                ("body-plain", text), ("stripped-text", text), ("message-headers", headers.serialized),
            ]
            return ("mailgun", mailgun.inbound(fields, at: Date.seconds))
        case "sendgrid":
            let head = """
                From: \(mail.to)\r\nTo: \(mail.from)\r\nSubject: \(subject)\r
                Message-ID: \(messageID)\r\nIn-Reply-To: \(mail.messageID)\r\n
                """
            let envelope: JSON = ["to": [.string(mail.from)], "from": .string(mail.to)]
            let fields = [
                ("headers", head), ("from", mail.to), ("to", mail.from), ("subject", subject), ("text", text),
                ("envelope", envelope.serialized), ("charsets", #"{"text":"utf-8","subject":"utf-8"}"#),
            ]
            return (
                "sendgrid",
                try sendGrid.inbound(fields.map { ($0.0, Array($0.1.utf8)) }, at: Date.seconds)
            )
        case "maileroo":
            let body: JSON = [
                "message_id": .string(messageID), "domain": "stand-in.example",
                "envelope_sender": .string(mail.to), "recipients": [.string(mail.from)],
                "headers": [
                    "From": [.string(mail.to)], "To": [.string(mail.from)], "Subject": [.string(subject)],
                    "In-Reply-To": [.string(mail.messageID)],
                ],
                "body": [
                    "plaintext": .string(text), "stripped_plaintext": .string(text), "html": nil,
                    "stripped_html": nil, "other_parts": nil, "raw_mime": nil,
                ],
                "processed_at": .integer(Date.seconds),
            ]
            return ("maileroo", maileroo.inbound(id, body))
        default:
            let headers = [("Message-ID", messageID), ("In-Reply-To", mail.messageID)]
            func person(_ address: String) -> JSON {
                ["Email": .string(address), "Name": "", "MailboxHash": ""]
            }
            return (
                "postmark",
                postmark.hook([
                    "From": .string(mail.to), "FromFull": person(mail.to), "To": .string(mail.from),
                    "ToFull": [person(mail.from)], "Subject": .string(subject), "MessageID": .string(id),
                    "TextBody": .string(text), "StrippedTextReply": .string(text), "HtmlBody": "",
                    "Attachments": [],
                    "Headers": .array(
                        headers.map { ["Name": .string($0.0), "Value": .string($0.1)] }),
                ])
            )
        }
    }

    /// Returns a service's event about a mail that came back.
    func bounce(_ mail: ArrivedMail, id: String) throws -> (provider: String, StandInHook)? {
        if let mailbox = mailbox(beside: mail.provider) {
            mailbox.bounce(mail, id: id)
            return nil
        }
        let why = "550 5.1.1 no such user", now = Date.seconds
        switch mail.provider {
        case "mailgun":
            let data: JSON = [
                "event": "failed", "id": .string(id), "timestamp": .integer(now), "severity": "permanent",
                "reason": "bounce", "recipient": .string(mail.to),
                "message": [
                    "headers": ["message-id": .string(String(mail.messageID.dropFirst().dropLast()))]
                ],
                "delivery-status": ["code": 550, "message": .string(why)], "user-variables": [:],
            ]
            return ("mailgun", mailgun.event(data, at: now))
        case "sendgrid":
            let event: JSON = [
                "email": .string(mail.to), "timestamp": .integer(now), "smtp-id": .string(mail.messageID),
                "event": "bounce", "type": "bounce", "status": "5.1.1", "reason": .string(why),
                "sg_event_id": .string(id), "sg_message_id": .string("\(id).filter"),
            ]
            return ("sendgrid", try sendGrid.events([event], at: now))
        case "maileroo":
            let event: JSON = [
                "event_id": .string(id), "event_time": .integer(now), "event_type": "failed",
                "message_id": .string(mail.messageID), "tags": .null,
                "event_data": ["to": .string(mail.to), "reason": .string(why)],
            ]
            return ("maileroo", maileroo.event(event))
        default:
            return (
                "postmark",
                postmark.hook([
                    "RecordType": "Bounce", "ID": .string(id), "Type": "HardBounce", "TypeCode": 1,
                    "MessageID": .string(id), "Email": .string(mail.to), "Inactive": true,
                    "Details": .string(why), "Metadata": ["bureau_id": .string(mail.bureauID)],
                ])
            )
        }
    }
}

extension JSONObject {
    fileprivate func with(_ name: String, _ value: JSON) -> JSONObject {
        var whole = self
        whole[name] = value
        return whole
    }
}

extension Date {
    static var seconds: Int64 { Int64(Date.now.timeIntervalSince1970) }
}
