package import Integrations
package import Telemetry

/// A connector that lets a mailbox be looked into for what has come.
package protocol MailboxReading: IntegrationProvider {
    /// Signs in and opens the folder that the settings name.
    func open(_ access: IntegrationAccess) async throws(MailboxFailure) -> any OpenMailbox
}

/// A folder that has been opened, whose mails have numbers that rise.
package protocol OpenMailbox: Sendable {
    /// When it is another than before, the numbers are others, too.
    var validity: UInt32 { get }
    /// The number of the last mail that is there now; 0 where there is none.
    func lastUID() async throws(MailboxFailure) -> UInt32
    /// The numbers above one, from the oldest.
    func uids(above last: UInt32) async throws(MailboxFailure) -> [UInt32]
    /// Returns the details of an email that are known without fetching it; `nil` where it is gone.
    func glance(at uid: UInt32) async throws(MailboxFailure) -> MailboxEnvelope?
    func fetch(_ uid: UInt32, sizeMax: Int) async throws(MailboxFailure) -> MailboxItem
    func markSeen(_ uid: UInt32) async throws(MailboxFailure)
    func close()
}

package struct MailboxEnvelope: Sendable {
    package let size: Int
    package let receivedAt: Instant?
    /// The Message-ID without brackets.
    package let messageID: String?

    package init(size: Int, receivedAt: Instant?, messageID: String?) {
        (self.size, self.receivedAt, self.messageID) = (size, receivedAt, messageID)
    }
}

package enum MailboxItem: Sendable {
    /// As MIME has it.
    case mail([UInt8])
    case tooLarge
    case gone
}

/// The reason why a mailbox cannot be read, divided by what can be done about it.
package enum MailboxFailure: Error, Sendable, Equatable {
    /// Name, password or permission are not good, or not any more: a person has to look.
    case signInRefused(String)
    /// It may go by itself.
    case unreachable(String)

    package var detail: String {
        switch self {
        case .signInRefused(let detail), .unreachable(let detail): detail
        }
    }
}
