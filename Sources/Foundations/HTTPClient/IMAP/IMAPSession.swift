internal import Synchronization
internal import Telemetry

/// A server's no, or why it could not be asked.
package enum IMAPError: Error, Hashable, Sendable {
    /// Name, password or token are not good, or not any more.
    case signInRefused(String)
    /// `code`: what the server gives for machines (RFC 5530), such as `NONEXISTENT`, `TRYCREATE` or `OVERQUOTA`.
    case refused(code: String?, String)
    case fault(MailFault)
}

extension IMAPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .signInRefused(let text): "the mail server rejects the name or password: \(text)"
        case .refused(_, let text): "the mail server refuses: \(text)"
        case .fault(let fault): fault.description
        }
    }
}

/// One conversation with a server of IMAP4rev1 (RFC 3501). Unchecked: its connection's thread alone calls it.
@safe final class IMAPSession: @unchecked Sendable {
    enum Part {
        case text(String)
        case literal([UInt8])
    }

    /// The outcome of a command.
    struct Answer {
        var data: [[IMAPValue]] = []
        /// Of the status that ends it, and of those on the way.
        var codes: [[IMAPValue]] = []

        func code(_ name: String) -> [IMAPValue]? {
            codes.last { $0.first?.atom?.uppercased() == name }.map { Array($0.dropFirst()) }
        }
    }

    static let literalMax = 1 << 20

    private(set) var abilities: Set<String> = []
    private var commands = 0

    func open(
        _ connection: ServerConnection, _ server: MailServer, _ credentials: MailCredentials
    ) throws(IMAPError) {
        do throws(MailFault) {
            try connection.open(server, name: "")
        } catch {
            if let line = connection.greeting.last, case .protocol = error, line.hasPrefix("* BYE") {
                throw .refused(code: nil, String(line.dropFirst(6)))
            }
            throw .fault(error)
        }
        try learnAbilities(connection)
        try signIn(connection, server, credentials)
        // Most servers tell strangers less than they can.
        try learnAbilities(connection)
    }

    private func learnAbilities(_ connection: ServerConnection) throws(IMAPError) {
        let answer = try run("CAPABILITY", connection)
        let words = answer.data.filter { $0.first?.atom?.uppercased() == "CAPABILITY" }.joined()
        abilities = Set(words.compactMap { $0.atom?.uppercased() })
    }

    private func signIn(
        _ connection: ServerConnection, _ server: MailServer, _ credentials: MailCredentials
    ) throws(IMAPError) {
        if !connection.isSecure, server.security != .none {
            throw .fault(.tls("the server does not offer TLS, and credentials are sent over TLS only"))
        }
        do throws(IMAPError) {
            switch credentials {
            case .password where abilities.contains("AUTH=PLAIN"):
                try authenticate("PLAIN", credentials, connection)
            case .password(let user, let password) where !abilities.contains("LOGINDISABLED"):
                let parts: [Part] = [
                    .text("LOGIN "), .literal(Array(user.utf8)), .text(" "), .literal(Array(password.utf8)),
                ]
                _ = try run(parts, connection)
            case .bearer where abilities.contains("AUTH=XOAUTH2"):
                try authenticate("XOAUTH2", credentials, connection)
            case .password: throw IMAPError.fault(.unsupported("sign-in with a password"))
            case .bearer: throw IMAPError.fault(.unsupported("sign-in with XOAUTH2"))
            }
        } catch {
            // Some say no because they cannot tell for now.
            if case .refused(let code, let text) = error, code != "UNAVAILABLE" { throw .signInRefused(text) }
            throw error
        }
    }

    private func authenticate(
        _ mechanism: String, _ credentials: MailCredentials, _ connection: ServerConnection
    ) throws(IMAPError) {
        var left: [String] = [credentials.initialResponse]
        var command = "AUTHENTICATE \(mechanism)"
        if abilities.contains("SASL-IR") { command += " \(left.removeFirst())" }
        var reasons: [String] = []
        do throws(IMAPError) {
            _ = try run([.text(command)], connection) { question in
                if left.isEmpty {
                    // Why not, in JSON; the refusal itself follows when it has been taken note of.
                    reasons += base64Decoded(question).map { [$0] } ?? []
                    return ""
                }
                return left.removeFirst()
            }
        } catch {
            guard case .refused(let code, let text) = error else { throw error }
            throw .refused(code: code, ([text] + reasons).joined(separator: "\n"))
        }
    }

    // MARK: Commands

    @discardableResult func run(
        _ command: String, _ connection: ServerConnection, literalMax: Int = IMAPSession.literalMax
    ) throws(IMAPError) -> Answer {
        try run([.text(command)], connection, literalMax: literalMax)
    }

    /// Sends a command and reads what it leads to. A connection on which that fails is in the middle of
    /// something, and closed. `reply` answers what the server asks within the command.
    @discardableResult func run(
        _ parts: [Part], _ connection: ServerConnection, literalMax: Int = IMAPSession.literalMax,
        reply: ((String) -> String)? = nil
    ) throws(IMAPError) -> Answer {
        let end: (word: String, text: String, answer: Answer)
        do throws(MailFault) {
            end = try exchange(parts, connection, literalMax, reply)
        } catch {
            connection.close()
            throw .fault(error)
        }
        guard end.word == "OK" else {
            throw .refused(code: end.answer.codes.last?.first?.atom?.uppercased(), end.text)
        }
        return end.answer
    }

    private func exchange(
        _ parts: [Part], _ connection: ServerConnection, _ literalMax: Int, _ reply: ((String) -> String)?
    ) throws(MailFault) -> (word: String, text: String, answer: Answer) {
        guard connection.isOpen else { throw .disconnected }
        commands += 1
        let tag = "B\(commands)"
        // The server agrees before each of the others comes: where a literal begins, it may say no.
        var pieces = [Array("\(tag) ".utf8)]
        for part in parts {
            switch part {
            case .text(let text): pieces[pieces.count - 1] += Array(text.utf8)
            case .literal(let bytes):
                pieces[pieces.count - 1] += Array("{\(bytes.count)}\r\n".utf8)
                pieces.append(bytes)
            }
        }
        pieces[pieces.count - 1] += Array("\r\n".utf8)
        var next = 1
        var answer = Answer()
        try connection.write(pieces[0])
        while true {
            switch try IMAPResponse(from: connection, literalMax: literalMax) {
            case .data(let values): answer.data.append(values)
            case .more where next < pieces.count:
                try connection.write(pieces[next])
                next += 1
            case .more(let question):
                guard let reply else { throw .protocol("the server asks for more data after the last") }
                try connection.write("\(reply(question))\r\n")
            case .status(let found, let word, let code, let text):
                // The one that ends the command may have no code, which says something, too.
                if !code.isEmpty || found != nil { answer.codes.append(code) }
                if found == tag { return (word, text, answer) }
                if word == "BYE" { throw .disconnected }
            }
        }
    }
}
