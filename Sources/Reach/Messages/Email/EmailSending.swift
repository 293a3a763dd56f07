package import Agents
package import Integrations
package import Mail
package import Nouns
internal import Records
package import Telemetry

/// A connector that hands mails to a service which delivers them.
package protocol EmailSending: IntegrationProvider {
    /// One attempt, whose outcome is cut by what can be done about it. `messageID` is our own name of the message,
    /// which the service should give back with what it tells of it.
    func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome

    /// Whether it can be asked for a mail that was sent.
    var findsMails: Bool { get }
    /// Returns whether a mail, whose sending was cut off, had been accepted; asked once a while has passed.
    /// How the service answered is noted on `access.reach`.
    func find(_ mail: SentMail, _ access: IntegrationAccess) async -> SendLookup

    /// Mails that may be on their way at once over one integration: what a crash can leave in doubt.
    var lanesMax: Int { get }

    /// The name that a domain's SPF record includes so that the service may send for it; `nil` where that is not known.
    var spfDomain: String? { get }
}

extension EmailSending {
    package var findsMails: Bool { false }
    package func find(_ mail: SentMail, _ access: IntegrationAccess) async -> SendLookup { .unclear }
    package var lanesMax: Int { 16 }
    package var spfDomain: String? { nil }
}

/// The settings that every service for sending email has.
package enum MailSettings {
    package static let common = [
        SettingField("from", .email, "The address that mails are from, where it is not the agency's."),
        SettingField(
            "reply_domain", .text(max: 253), "Where answers to reply+…@ arrive, if they do anywhere."),
    ]
}

/// A mail as its service may know it.
package struct SentMail: Sendable {
    package let messageID: MessageID
    package let internetID: InternetMessageID
    package let recipient: String
    package let at: Instant

    package init(messageID: MessageID, internetID: InternetMessageID, recipient: String, at: Instant) {
        (self.messageID, self.internetID) = (messageID, internetID)
        (self.recipient, self.at) = (recipient, at)
    }
}

package enum SendOutcome: Sendable {
    /// The service has it, and says by what it will know it.
    case accepted(providerID: String?)
    /// It will not be taken, now or later.
    case refused(SendRefusal)
    /// Nothing was taken; it may be tried again.
    case later(code: String, detail: String, after: Duration?)
    /// It may have been taken: it is not tried again.
    case unknown(detail: String)
}

extension SendOutcome {
    var providerID: String? {
        if case .accepted(let id) = self { id } else { nil }
    }
}

package struct SendRefusal: Sendable {
    package enum Cause: Sendable {
        /// The address takes no mail, now or later: nothing is sent there any more.
        case recipient
        /// The reader has told the service that nothing more is to come.
        case unwanted
        /// The service lets us send, but nothing of this kind: the account lacks a permission.
        case permission
        /// This mail is not wanted; another may be.
        case message
        /// The service does not know us any more, or does not let us send: another one may.
        case account
    }

    package let cause: Cause
    /// A code such as `smtp_550`.
    package let code: String
    package let detail: String

    package init(_ cause: Cause, code: String, detail: String) {
        (self.cause, self.code, self.detail) = (cause, code, detail)
    }
}

package enum SendLookup: Sendable {
    case accepted(providerID: String?)
    case absent
    /// It cannot be told.
    case unclear

    var isUnclear: Bool { if case .unclear = self { true } else { false } }
}

/// A connector whose hooks bring mail, or tell what became of ours.
package protocol MailHooks: IntegrationProvider {
    /// Returns the events that a receipt contains. May ask the service for content that the receipt only refers to.
    /// Throws `MailHookFailure`.
    func read(_ receipt: HookReceipt, _ access: IntegrationAccess) async throws -> [MailHookEvent]
}

package enum MailHookEvent: Sendable {
    case received(ReceivedMail)
    case delivery(DeliveryEvent)
}

/// The reason why a receipt could not be read.
package enum MailHookFailure: Error, Sendable {
    /// It holds nothing that can be understood.
    case unreadable(String)
    /// It was not the service that sent it after all.
    case forged(String)
    /// The content that the receipt refers to cannot be had now.
    case unreachable(String)
}

/// A service's report on a message that was sent.
package struct DeliveryEvent: Sendable {
    package enum Kind: String, Sendable {
        /// The service has taken it.
        case sent
        case delivered
        /// It will not arrive, for a reason that is not the address's.
        case failed
        /// It is still being tried.
        case deferred
        /// It did not arrive this time; the address may be good.
        case softBounced = "soft_bounced"
        /// The address takes no mail.
        case bounced
        /// The service did not send it, since the address is on a list of its own.
        case rejected
        /// The reader calls it spam.
        case complained
        case unsubscribed
        case opened, clicked
    }

    package var kind: Kind
    /// Our own name of the message, where the service gives it back.
    package var messageID: MessageID?
    package var providerID: String?
    package var internetID: InternetMessageID?
    package var recipient: String?
    package var at: Instant?
    /// The reason of a bounce, or the link of a click.
    package var detail: String?
    /// Whether a program has opened the mail or followed the link, before any person could.
    package var isMachine = false
    /// The program that has opened the mail or followed the link, and its address, where the service tells them.
    package var agent: String?, address: String?

    package init(_ kind: Kind) { self.kind = kind }
}
