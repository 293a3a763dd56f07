import Foundation
import Synchronization

/// A server of SMTP that takes mails, and at any moment does what a test tells it to instead.
package final class SMTPStandIn: Sendable {
    package enum Stage: String, Sendable {
        case greeting, hello, startTLS, auth, sender, recipient, data, body, end, reset
    }

    /// The stage of a conversation.
    package struct Moment: Sendable {
        package var stage: Stage
        /// The number of the connection, from 1.
        package var connection: Int
        /// The number of this connection's mail, from 1.
        package var mail: Int
        package var line: String
    }

    package enum Action: Sendable {
        case usual
        /// A whole reply, without the last line's end; the command has no effect.
        case say(String)
        /// Refuses, and ends the connection.
        case sayAndClose(String)
        case close, reset
        /// Until the client leaves.
        case silence
        /// Blocks, and goes on as usual.
        case wait(@Sendable () -> Void)
    }

    package struct Mail: Sendable {
        package var connection: Int
        package var mailCommand: String
        package var recipients: [String]
        /// The bytes with the dots taken off, lines as they came.
        package var bytes: [UInt8]
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    package struct Settings: Sendable {
        package var extensions = ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000"]
        package var mechanisms: [String] = []
        package var user = "bot@bureau.test", password = "pa55", token = "ya29.tok"
        /// The tokens that are good, where that is more than one for ever.
        package var admits: (@Sendable (_ user: String, _ token: String) -> Bool)?
        package var certificate: TestCertificate?
        package var isSecureAtOnce = false
        package var keepsBytes = true
        package var act: @Sendable (Moment) -> Action = { _ in .usual }
        package init() {}
    }

    private struct State {
        var connections = 0
        var mails: [Mail] = []
        var mailCount = 0
        var commands: [String] = []
    }

    private let settings: Settings
    private let state = Mutex(State())
    private let server = Mutex<StandIn?>(nil)

    package init(_ change: (inout Settings) -> Void = { _ in }) throws {
        var settings = Settings()
        change(&settings)
        self.settings = settings
        let server = try StandIn { [self] conversation in try converse(conversation) }
        self.server.withLock { $0 = server }
    }

    package var port: Int { server.withLock { $0?.port ?? 0 } }
    package var url: String { "\(settings.isSecureAtOnce ? "smtps" : "smtp")://127.0.0.1:\(port)" }
    package var connections: Int { state.withLock { $0.connections } }
    package var mails: [Mail] { state.withLock { $0.mails } }
    package var mailCount: Int { state.withLock { $0.mailCount } }
    /// The clients' lines, but for mails.
    package var commands: [String] { state.withLock { $0.commands } }
    /// Takes no connection any more.
    package func stop() { server.withLock { $0?.stop() } }

    // MARK: One connection

    private enum Leave: Error { case now }

    private func converse(_ conversation: Conversation) throws {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections
        }
        if settings.isSecureAtOnce, let certificate = settings.certificate {
            try conversation.secure(certificate)
        }
        var session = Session(conversation: conversation, connection: number, settings: settings)
        session.isSecure = settings.isSecureAtOnce
        if try session.act(.greeting, "") { try conversation.send("220 stand-in ESMTP\r\n") }
        while let line = try conversation.readLine() {
            state.withLock { $0.commands.append(line) }
            guard try answer(line, &session) else { return }
        }
    }

    private struct Session {
        let conversation: Conversation
        let connection: Int
        let settings: Settings
        var isSecure = false, isSignedIn = false
        var mail = 1
        var mailCommand = "", recipients: [String] = []

        /// Returns whether it goes on as usual.
        func act(_ stage: Stage, _ line: String) throws -> Bool {
            switch settings.act(Moment(stage: stage, connection: connection, mail: mail, line: line)) {
            case .usual: return true
            case .say(let reply): try conversation.send("\(reply)\r\n")
            case .sayAndClose(let reply):
                try conversation.send("\(reply)\r\n")
                throw Leave.now
            case .close: throw Leave.now
            case .reset:
                conversation.reset()
                throw Leave.now
            case .silence:
                conversation.waitForEnd()
                throw Leave.now
            case .wait(let wait):
                wait()
                return true
            }
            return false
        }
    }

    private func answer(_ line: String, _ session: inout Session) throws -> Bool {
        let conversation = session.conversation
        let words = line.uppercased().split(separator: " ")
        switch words.first ?? "" {
        case "HELO":
            if try session.act(.hello, line) { try conversation.send("250 stand-in\r\n") }
        case "EHLO":
            guard try session.act(.hello, line) else { break }
            var offers = settings.extensions
            if settings.certificate != nil, !session.isSecure { offers.append("STARTTLS") }
            if !settings.mechanisms.isEmpty {
                offers.append("AUTH \(settings.mechanisms.joined(separator: " "))")
            }
            let lines = ["stand-in"] + offers
            for (index, offer) in lines.enumerated() {
                try conversation.send("250\(index == lines.count - 1 ? " " : "-")\(offer)\r\n")
            }
        case "STARTTLS":
            guard try session.act(.startTLS, line) else { break }
            try conversation.send("220 go ahead\r\n")
            if let certificate = settings.certificate { try conversation.secure(certificate) }
            session.isSecure = true
        case "AUTH":
            guard try session.act(.auth, line) else { break }
            session.isSignedIn = try isKnown(line, conversation)
            try conversation.send(session.isSignedIn ? "235 2.7.0 welcome\r\n" : "535 5.7.8 who are you\r\n")
        case "MAIL":
            guard try session.act(.sender, line) else { break }
            guard settings.mechanisms.isEmpty || session.isSignedIn else {
                try conversation.send("530 5.7.0 sign in first\r\n")
                break
            }
            (session.mailCommand, session.recipients) = (line, [])
            try conversation.send("250 2.1.0 ok\r\n")
        case "RCPT":
            guard try session.act(.recipient, line) else { break }
            guard !session.mailCommand.isEmpty else {
                try conversation.send("503 5.5.1 who from\r\n")
                break
            }
            session.recipients.append(String(line.dropFirst(9).dropLast()))
            try conversation.send("250 2.1.5 ok\r\n")
        case "DATA":
            guard try session.act(.data, line) else { break }
            guard !session.recipients.isEmpty else {
                try conversation.send("503 5.5.1 who to\r\n")
                break
            }
            try conversation.send("354 go on\r\n")
            try take(&session)
        case "RSET":
            (session.mailCommand, session.recipients) = ("", [])
            if try session.act(.reset, line) { try conversation.send("250 2.0.0 ok\r\n") }
        case "NOOP": try conversation.send("250 2.0.0 ok\r\n")
        case "QUIT":
            try conversation.send("221 2.0.0 bye\r\n")
            return false
        default: try conversation.send("500 5.5.2 what\r\n")
        }
        return true
    }

    private func take(_ session: inout Session) throws {
        let conversation = session.conversation
        var bytes: [UInt8] = []
        // In the middle: after what has come first.
        guard let first = try conversation.readBytesOfLine() else { throw Leave.now }
        guard try session.act(.body, String(decoding: first, as: UTF8.self)) else { return }
        var line: ArraySlice<UInt8>? = first
        while let current = line, !current.elementsEqual([0x2E, 0x0D]) {
            bytes += current.first == 0x2E ? current.dropFirst() : current
            bytes.append(0x0A)
            line = try conversation.readBytesOfLine()
        }
        // A mail without its end is none.
        guard line != nil else { throw Leave.now }
        let mail = Mail(
            connection: session.connection, mailCommand: session.mailCommand, recipients: session.recipients,
            bytes: settings.keepsBytes ? bytes : [])
        defer { (session.mailCommand, session.recipients, session.mail) = ("", [], session.mail + 1) }
        guard try session.act(.end, "") else { return }
        state.withLock { state in
            state.mailCount += 1
            if settings.keepsBytes { state.mails.append(mail) }
        }
        try conversation.send("250 2.0.0 queued as \(session.connection)-\(session.mail)\r\n")
    }

    private func isKnown(_ line: String, _ conversation: Conversation) throws -> Bool {
        let words = line.split(separator: " ")
        func coded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        switch words.dropFirst().first?.uppercased() {
        case "PLAIN": return words.last! == coded("\0\(settings.user)\0\(settings.password)")
        case "LOGIN":
            try conversation.send("334 \(coded("Username:"))\r\n")
            let user = try conversation.readLine()
            try conversation.send("334 \(coded("Password:"))\r\n")
            return try conversation.readLine() == coded(settings.password) && user == coded(settings.user)
        case "XOAUTH2":
            if let bearer = BearerSignIn(String(words.last!)),
                settings.admits?(bearer.user, bearer.token)
                    ?? (bearer.user == settings.user && bearer.token == settings.token)
            {
                return true
            }
            try conversation.send("334 \(BearerSignIn.refusal)\r\n")
            // A client that says something else here has not understood.
            if try conversation.readLine() != "" { try conversation.send("501 5.5.2 an empty line\r\n") }
            return false
        default: return false
        }
    }
}
