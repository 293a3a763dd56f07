package import Database
internal import JSON
package import People

/// A listener that asks for messages, and is told what becomes of them in the transaction of each change.
package protocol MessageListener: Sendable {
    /// The type of the causes it gives: stored in rows, never renamed.
    var cause: String { get }
    func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws
    /// Returns why one of its messages has to wait, beside the rules for everybody's, or is not wanted any more: what
    /// was on its way when its cause ended may have come back, to be tried once more.
    func reasonsToWait(_ message: Message, to contact: Contact, in reader: any Queryable) throws -> [Reason]
}

extension MessageListener {
    package func reasonsToWait(
        _ message: Message, to contact: Contact, in reader: any Queryable
    ) throws -> [Reason] { [] }
}

/// An event in the life of a message.
package enum MessageChange: Sendable {
    case sent, failed, cancelled, unknown, delivered, bounced, opened, clicked
    /// A program has opened it, not a person; told once.
    case openedByMachine
    /// A program has followed a link of it, not a person; told once.
    case clickedByMachine
    /// The click that was told was a program's, as what followed has shown.
    case clickTakenBack
    /// An answer came.
    case replied(Message)

    /// Whether the message is on its way no more, however that has ended.
    package var endsSending: Bool {
        switch self {
        case .sent, .unknown, .failed, .cancelled, .bounced: true
        case .delivered, .opened, .openedByMachine, .clicked, .clickedByMachine, .clickTakenBack, .replied:
            false
        }
    }
}

package struct MessageListeners: Sendable {
    private let byCause: [String: any MessageListener]

    package init(_ listeners: [any MessageListener]) {
        byCause = Dictionary(listeners.map { ($0.cause, $0) }) { first, _ in
            preconditionFailure("two listeners for the messages of \(first.cause)")
        }
    }

    func tell(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        guard let cause = message.cause["type"]?.text else { return }
        try byCause[cause]?.heard(turn, of: message, in: tx)
    }

    func reasonsToWait(_ message: Message, to contact: Contact, in reader: any Queryable) throws -> [Reason] {
        guard let listener = message.cause["type"]?.text.flatMap({ byCause[$0] }) else { return [] }
        return try listener.reasonsToWait(message, to: contact, in: reader)
    }
}
