import HTTPClient
import Integrations
import JSON
import Mail
import Messages
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

/// The message that is sent, and the integration that sends it.
let mailID = MessageID(UniqueID(high: 0, low: 42))
let integrationID = IntegrationID(UniqueID(high: 0, low: 1))

/// A connector, and the service that it talks to.
struct MailRig: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let connector: any EmailSending & MailHooks
    let service: ServiceStandIn
    let access: IntegrationAccess
    /// Access by a key that the service does not know.
    let strangers: IntegrationAccess

    /// The moment of the signatures in the services' documents.
    static let now = Instant(seconds: 1_767_225_600)

    static var all: [Kind] { Kind.allCases }

    enum Kind: String, CaseIterable, Sendable {
        case mailgun, sendgrid, postmark, maileroo

        func start(deadline: Duration = .seconds(30)) throws -> MailRig {
            switch self {
            case .mailgun:
                let standIn = try MailgunStandIn()
                return MailRig(
                    Mailgun(makeClient(), now: { MailRig.now }, deadline: deadline), standIn.service,
                    key: ("api_key", standIn.apiKey), settings: ["domain": .string(standIn.domain)])
            case .sendgrid:
                let standIn = try SendGridStandIn()
                return MailRig(
                    SendGrid(makeClient(), now: { MailRig.now }, deadline: deadline), standIn.service,
                    key: ("api_key", standIn.apiKey))
            case .postmark:
                let standIn = try PostmarkStandIn()
                return MailRig(
                    Postmark(makeClient(), now: { MailRig.now }, deadline: deadline), standIn.service,
                    key: ("server_token", standIn.serverToken))
            case .maileroo:
                let standIn = try MailerooStandIn()
                return MailRig(
                    Maileroo(makeClient(), now: { MailRig.now }, deadline: deadline), standIn.service,
                    key: ("sending_key", standIn.sendingKey))
            }
        }
    }

    init(
        _ connector: any EmailSending & MailHooks, _ service: ServiceStandIn, key: (String, String),
        settings: JSONObject = [:]
    ) {
        testDescription = connector.name
        (self.connector, self.service) = (connector, service)
        access = makeAccess(service.url, settings, [key.0: key.1])
        strangers = makeAccess(service.url, settings, [key.0: "wrong"])
    }

    func send(_ mail: OutgoingMail = plainMail, _ access: IntegrationAccess? = nil) async -> SendOutcome {
        await connector.send(mail, messageID: mailID, access ?? self.access, .trial)
    }
}

func makeClient() -> HTTPClient { HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true))) }

func makeAccess(
    _ url: String = "", _ settings: JSONObject = [:], _ credentials: [String: String] = [:]
) -> IntegrationAccess {
    IntegrationAccess(
        integrationID: integrationID, baseURL: url, settings: settings, credentials: credentials)
}

// MARK: Mails

private let ann = Mailbox(EmailAddress("ann@example.com")!, name: HeaderText("Ann"))
private let acme = Mailbox(EmailAddress("hi@mg.acme.test")!, name: HeaderText("Acme"))

let plainMail = OutgoingMail(
    messageID: InternetMessageID("m42@mg.acme.test")!, date: MailRig.now, from: acme, to: ann,
    subject: HeaderText(cleaning: "Hello"), text: "Hi")

/// A mail with everything that a mail can have.
let fullMail: OutgoingMail = {
    var mail = plainMail
    mail.from.name = HeaderText("Acme, \"Zoë\" & Co.")
    mail.replyTo = Mailbox(EmailAddress("reply+T@in.acme.test")!)
    mail.subject = HeaderText(cleaning: "Grüße, \"Ann\"")
    mail.text = "Hi\nThere"
    mail.html = "<p>Hi</p>"
    mail.inReplyTo = InternetMessageID("p@x")
    mail.references = [InternetMessageID("a@x")!, InternetMessageID("p@x")!]
    mail.unsubscribe = .init(url: "https://u.bureau.test/u/T", address: "u+T@in.acme.test")
    mail.autoSubmitted = .generated
    mail.language = "de"
    mail.attachments = [
        .init(name: HeaderText("offer \"1\".pdf")!, mediaType: "application/pdf", bytes: Array("%PDF-".utf8))
    ]
    return mail
}()

let invitation = CalendarInvitation(
    uid: "meeting-1", start: Instant(seconds: 1_767_312_000), end: Instant(seconds: 1_767_315_600),
    summary: "Demo", organizer: acme, attendees: [ann])

// MARK: Hooks

extension HookEndpoint {
    /// Opens it with what a stand-in posts, so many seconds after it was made.
    func take(
        _ hook: StandInHook, _ access: IntegrationAccess, late: Int64 = 0
    ) throws(HookRefusal) -> [HookItem] {
        try open(
            HookRequest(
                headers: hook.headers, body: hook.body, now: Instant(seconds: MailRig.now.seconds + late),
                access: access))
    }

    func refuses(_ hook: StandInHook, _ access: IntegrationAccess, late: Int64 = 0) -> Bool {
        do throws(HookRefusal) {
            _ = try take(hook, access, late: late)
            return false
        } catch {
            if case .forged = error { return true }
            return false
        }
    }
}

extension MailHooks {
    /// Reads what was let in, as it comes back from where it is kept.
    func read(_ item: HookItem, _ access: IntegrationAccess = makeAccess()) async throws -> [MailHookEvent] {
        let kept = HookItem(key: item.key, type: item.type, payload: JSON(stored: item.payload.serialized))
        return try await read(
            HookReceipt(
                kept, id: .unset, integrationID: integrationID, provider: name,
                at: MailRig.now), access)
    }

    func delivery(_ item: HookItem) async throws -> DeliveryEvent? {
        guard case .delivery(let event)? = try await read(item).first else { return nil }
        return event
    }

    func mail(_ item: HookItem, _ access: IntegrationAccess = makeAccess()) async throws -> ReceivedMail {
        guard case .received(let mail)? = try await read(item, access).first else {
            throw StandInFailure("it is no mail")
        }
        return mail
    }
}

extension HookItem {
    init(_ payload: JSON) { self.init(key: "k", type: "t", payload: payload) }
}

extension SendOutcome {
    var acceptedAs: String? { if case .accepted(let id) = self { id } else { nil } }
    var refusal: SendRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
    /// The code, and after how long it may be tried again.
    var pause: (code: String, after: Duration?)? {
        if case .later(let code, _, let after) = self { (code, after) } else { nil }
    }
}

extension IntegrationCheck {
    var verdict: String {
        switch self {
        case .good: "good"
        case .doubtful(let code, _): "doubtful \(code)"
        case .bad(let code, _): "bad \(code)"
        case .unclear(let code, _): "unclear \(code)"
        }
    }
}
