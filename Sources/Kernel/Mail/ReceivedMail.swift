package import Telemetry

/// A mail that came in, whether it was read from MIME or a provider had taken it apart.
package struct ReceivedMail: Sendable {
    package struct Attachment: Sendable {
        package var name: String?
        /// The media type that the sender claims.
        package var mediaType: String
        package var contentID: String?
        package var bytes: [UInt8]

        package init(name: String?, mediaType: String, contentID: String? = nil, bytes: [UInt8]) {
            (self.name, self.mediaType, self.contentID, self.bytes) = (name, mediaType, contentID, bytes)
        }
    }

    /// The headers in the order of the mail, decoded, unfolded. Names are compared without regard to case.
    package var headers: [(name: String, value: String)] = []
    package var messageID: InternetMessageID?
    package var inReplyTo: InternetMessageID?
    /// Oldest first.
    package var references: [InternetMessageID] = []
    package var date: Instant?
    package var from: Mailbox?
    /// The people whom the headers name, and those whom the envelope did.
    package var recipients: [String] = []
    /// Empty for the null return path of a machine's mail; `nil` where it is not known.
    package var returnPath: String?
    package var subject = ""
    /// The plain part, or the HTML part as text.
    package var text = ""
    package var html: String?
    /// The sender's new text, without what was quoted, where a provider tells it apart.
    package var strippedText: String?
    package var attachments: [Attachment] = []
    /// Parts that were left out because there were too many, or they were too large.
    package var omittedParts = 0
    /// A report about a mail of ours.
    package var report: MailReport?
    /// The answer of a calendar to an invitation of ours.
    package var calendarAnswer: CalendarAnswer?

    package init() {}

    /// The first header of that name, in whatever case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name.lowercased() }?
            .value
    }
}

/// A machine's report about a mail that was sent.
package struct MailReport: Sendable {
    package enum Kind: Sendable {
        /// It will not arrive (RFC 3464): the address is gone.
        case hardBounce
        /// It did not arrive this time.
        case softBounce
        /// Late, and still being tried.
        case delayed
        case delivered
        /// The reader calls it spam (ARF, RFC 5965).
        case complaint
    }

    package var kind: Kind
    package var recipient: String?
    /// The mail that it is about.
    package var originalMessageID: InternetMessageID?
    /// `5.1.1` (RFC 3463)
    package var status: String?
    package var diagnostic: String?

    package init(_ kind: Kind) { self.kind = kind }
}
