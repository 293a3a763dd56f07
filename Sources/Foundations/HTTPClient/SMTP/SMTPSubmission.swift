/// A mail, and the server that shall take it.
package struct SMTPSubmission: Sendable {
    package var server: MailServer
    package var credentials: MailCredentials?
    /// The address to which the mail returns when it cannot be delivered; `nil` for mail that must not come back.
    package var sender: String?
    package var recipients: [String]
    /// The mail as MIME has it. Lines end in CRLF when they are sent, whatever they end in here: with a lone CR or LF,
    /// servers could differ about where the mail ends.
    package var message: [UInt8]
    /// Its headers have other than ASCII in them (RFC 6531). So it is where an address has, of itself.
    package var needsUTF8 = false
    /// The time limit for name, connection, its security and the greeting, which some servers delay on purpose.
    package var connectDeadline: Duration = .seconds(30)
    /// The time limit for everything.
    package var deadline: Duration = .seconds(120)

    /// Nothing is sent: the server is greeted and signed in to, over a connection of its own.
    private(set) var isTrial = false

    /// A question whether a server takes us.
    init(asking server: MailServer, as credentials: MailCredentials?, deadline: Duration) {
        self.init(to: server, as: credentials, from: nil, to: [], [])
        (isTrial, self.deadline) = (true, deadline)
    }

    package init(
        to server: MailServer, as credentials: MailCredentials? = nil, from sender: String?,
        to recipients: [String], _ message: [UInt8]
    ) {
        (self.server, self.credentials, self.sender) = (server, credentials, sender)
        (self.recipients, self.message) = (recipients, message)
    }

    private static let recipientsMax = 100

    /// Throws unless the submission is fit to be said: no address can smuggle a command in.
    func check() throws(MailFault) {
        guard server.isSMTP else {
            throw .invalid("the server's address must begin with smtp:// or smtps://")
        }
        guard isTrial || (1...Self.recipientsMax).contains(recipients.count) else {
            throw .invalid("the mail needs from 1 to \(Self.recipientsMax) recipients")
        }
        for address in recipients + (sender.map { [$0] } ?? []) {
            guard isMailAddress(address) else { throw .invalid("an address is not a valid email address") }
        }
        try credentials?.check()
    }

    var hasUTF8Address: Bool {
        (recipients + [sender ?? ""]).contains { $0.utf8.contains { $0 >= 0x80 } }
    }
}

extension MailCredentials {
    /// Both end where a zero or a one does, in what is sent.
    func check() throws(MailFault) {
        let texts =
            switch self {
            case .password(let user, let password): [user, password]
            case .bearer(let user, let token): [user, token]
            }
        guard texts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
            throw .invalid("the name or password is empty or has control characters")
        }
    }
}

/// Something before an `@` and something after it, without spaces, brackets and control characters: it can be
/// said between `<` and `>`. Whether it is an address is for others to say.
private func isMailAddress(_ text: String) -> Bool {
    let isClean = text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "<", ">", "\u{2028}", "\u{2029}": false
        default: scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value)
        }
    }
    guard isClean, text.utf8.count <= 320, let at = text.lastIndex(of: "@") else { return false }
    return at > text.startIndex && text.index(after: at) < text.endIndex
}

/// The outcome of a mail, cut by what can be done next.
package enum SMTPOutcome: Hashable, Sendable {
    /// The server has it: it must not be sent again.
    case accepted(SMTPReply)
    /// The server does not take it, or does not take us.
    case refused(SMTPRefusal)
    /// Nothing was taken, surely: it can be sent again.
    case notSent(MailFault)
    /// The whole of it may have arrived, and no reply came: whoever sends it again may send it twice.
    case unknown(MailFault)
}

/// A server's no.
package struct SMTPRefusal: Hashable, Sendable {
    package enum Stage: String, Sendable { case connect, tls, auth, sender, recipient, data }

    package var reply: SMTPReply
    package var stage: Stage
    /// The recipient, at that stage. When one is refused, the mail goes to none.
    package var recipient: String?

    /// 5yz. Otherwise it may be taken later.
    package var isPermanent: Bool { reply.code >= 500 }
}
