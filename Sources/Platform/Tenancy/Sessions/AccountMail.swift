package import Database
internal import Records
internal import Synchronization

/// A mail to someone who has, or is to have, an account: it carries a link that only they may see.
package struct AccountMail: Sendable {
    package enum Kind: Sendable, Equatable {
        case passwordReset, invitation, signIn
        /// Something that the person wants to be told by mail: a notification.
        case notice(title: String, body: String?, id: String)
    }

    package let kind: Kind
    package let name: String?
    package let email: String
    /// Opens the account to whoever has it: to be kept sealed.
    package let link: String
    /// The language to write in; `nil`: the agency knows better.
    package var locale: String?
}

/// The way to those people, which the composition root provides.
package final class AccountMails: Sendable {
    /// Answers whether the mail is on its way: an agency without a mail service has none.
    package typealias Sending = @Sendable (AccountMail, Transaction) throws -> Bool

    private let sending = Mutex<Sending?>(nil)

    package init() {}

    package func connect(_ sending: @escaping Sending) { self.sending.withLock { $0 = sending } }

    /// In the transaction that makes the link.
    func send(_ mail: AccountMail, in tx: Transaction) throws -> Bool {
        guard tx.tenant != .platform, let sending = sending.withLock({ $0 }) else { return false }
        return try sending(mail, tx)
    }
}
