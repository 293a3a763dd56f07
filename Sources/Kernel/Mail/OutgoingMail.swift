package import Telemetry

/// A mail to one person, ready to be written out: as MIME for SMTP, as JSON or a form for a provider.
package struct OutgoingMail: Sendable {
    /// Whether a machine wrote it, and why (RFC 3834).
    package enum AutoSubmitted: String, Sendable {
        case generated = "auto-generated"
        case replied = "auto-replied"
    }

    package struct Attachment: Sendable {
        package var name: HeaderText
        /// `application/pdf`
        package var mediaType: String
        package var bytes: [UInt8]

        package init(name: HeaderText, mediaType: String, bytes: [UInt8]) {
            (self.name, self.mediaType, self.bytes) = (name, mediaType, bytes)
        }
    }

    /// The way for the reader to unsubscribe without writing (RFC 2369, RFC 8058).
    package struct Unsubscribe: Sendable {
        /// Taken by POST, at one click.
        package var url: String
        package var address: String?

        package init(url: String, address: String? = nil) { (self.url, self.address) = (url, address) }
    }

    package var messageID: InternetMessageID
    package var date: Instant
    package var from: Mailbox
    package var to: Mailbox
    package var replyTo: Mailbox?
    package var subject: HeaderText
    package var text: String
    package var html: String?
    package var inReplyTo: InternetMessageID?
    /// Oldest first.
    package var references: [InternetMessageID] = []
    package var unsubscribe: Unsubscribe?
    package var autoSubmitted: AutoSubmitted?
    package var attachments: [Attachment] = []
    package var invitation: CalendarInvitation?
    /// The signers that answer for it (DKIM), where we write its bytes; a service signs with keys of its own.
    package var signers: [DKIMSigner] = []
    /// BCP 47, as `Content-Language` has it.
    package var language: String?

    package init(
        messageID: InternetMessageID, date: Instant, from: Mailbox, to: Mailbox, subject: HeaderText,
        text: String
    ) {
        (self.messageID, self.date, self.from, self.to) = (messageID, date, from, to)
        (self.subject, self.text) = (subject, text)
    }
}

/// A meeting that the reader's calendar takes (RFC 5545, RFC 5546).
package struct CalendarInvitation: Sendable {
    package enum Method: String, Sendable { case request = "REQUEST", cancel = "CANCEL" }

    package var method = Method.request
    /// Names the meeting, in every version of it.
    package var uid: String
    /// Rises with every change.
    package var sequence = 0
    package var start: Instant
    package var end: Instant
    package var summary: String
    package var about: String?
    package var location: String?
    package var organizer: Mailbox
    package var attendees: [Mailbox]

    package init(
        uid: String, start: Instant, end: Instant, summary: String, organizer: Mailbox, attendees: [Mailbox]
    ) {
        (self.uid, self.start, self.end, self.summary) = (uid, start, end, summary)
        (self.organizer, self.attendees) = (organizer, attendees)
    }
}
