internal import Telemetry

/// One mail over one connection, from the greeting, where there was none yet, to the reply to its end.
struct SMTPDelivery {
    /// A reply that is known is worth a moment more than what breaks off at once and leaves it open.
    static let graceAfterEnd: Duration = .seconds(5)

    private enum Stop: Error {
        case refused(SMTPRefusal)
        case fault(MailFault)
    }

    let submission: SMTPSubmission
    let connection: ServerConnection
    let deadline: Instant
    /// Ours, as the server is greeted with it.
    let name: String
    let isCancelled: () -> Bool
    private var hasBegun = false
    private var hasEnded = false

    init(
        _ submission: SMTPSubmission, over connection: ServerConnection, until deadline: Instant,
        name: String,
        isCancelled: @escaping () -> Bool
    ) {
        (self.submission, self.connection, self.deadline) = (submission, connection, deadline)
        (self.name, self.isCancelled) = (name, isCancelled)
    }

    /// Leaves the connection ready for the next mail, or closed.
    mutating func run() -> SMTPOutcome {
        // It may have waited for its turn.
        if isCancelled() { return .notSent(.cancelled) }
        if Instant.steadyClock() >= deadline { return .notSent(.timeout) }
        (connection.deadline, connection.isCancelled) = (deadline, isCancelled)
        defer { connection.isCancelled = { false } }
        // A connection that was good a while ago may be dead by now.
        let isKept =
            !submission.isTrial && connection.isOpen && connection.server == submission.server
            && connection.signedIn == submission.credentials
        if isKept {
            let outcome = attempt()
            // The server had left meanwhile, or wants no more over one connection.
            guard !hasBegun, !connection.isOpen else { return outcome }
            switch outcome {
            case .notSent(.disconnected): break
            case .refused(let refusal) where refusal.reply.code == 421: break
            default: return outcome
            }
        } else if connection.isOpen {
            sayGoodbye(connection)
            (connection.deadline, connection.isCancelled) = (deadline, isCancelled)
        }
        return attempt()
    }

    private mutating func attempt() -> SMTPOutcome {
        do throws(Stop) {
            if !connection.isOpen {
                try open()
                try signIn()
            }
            if submission.isTrial {
                let reply = try say("NOOP")
                try need(reply, at: .connect)
                return .accepted(reply)
            }
            let abilities = SMTPAbilities(connection.greeting)
            try envelope(abilities)
            return .accepted(try body())
        } catch {
            return conclude(error)
        }
    }

    private func conclude(_ stop: Stop) -> SMTPOutcome {
        switch stop {
        case .refused(let refusal):
            if refusal.reply.code == 421 || [.connect, .tls, .auth].contains(refusal.stage)
                || hasBegun && !hasEnded
            {
                connection.close()
            } else if !hasEnded {
                reset()
            }
            return .refused(refusal)
        case .fault(let fault):
            connection.close()
            guard hasEnded else { return .notSent(fault) }
            return .unknown(isCancelled() ? .cancelled : fault)
        }
    }

    // MARK: Getting there

    private func open() throws(Stop) {
        connection.deadline = min(deadline, .steadyClock() + submission.connectDeadline)
        defer { connection.deadline = deadline }
        do throws(MailFault) {
            try connection.open(submission.server, name: name)
        } catch {
            let last = connection.greeting.last { SMTPLine($0)?.isLast ?? false }
            if let reply = last.flatMap({ SMTPReply([$0]) }), reply.isRefusal {
                switch error {
                case .tls: throw .refused(SMTPRefusal(reply: reply, stage: .tls))
                case .protocol, .disconnected: throw .refused(SMTPRefusal(reply: reply, stage: .connect))
                default: break
                }
            }
            throw .fault(error)
        }
    }

    private func signIn() throws(Stop) {
        guard let credentials = submission.credentials else { return }
        let offered = SMTPAbilities(connection.greeting).authentications
        if !connection.isSecure, submission.server.security != .none {
            throw .fault(.tls("the server does not offer TLS, and credentials are sent over TLS only"))
        }
        var reply: SMTPReply
        switch credentials {
        case .password where offered.contains("PLAIN"):
            reply = try say("AUTH PLAIN \(credentials.initialResponse)")
        case .password(let user, let password) where offered.contains("LOGIN"):
            reply = try say("AUTH LOGIN")
            if reply.code == 334 { reply = try say(base64(user)) }
            if reply.code == 334 { reply = try say(base64(password)) }
        case .bearer where offered.contains("XOAUTH2"):
            reply = try say("AUTH XOAUTH2 \(credentials.initialResponse)")
            if reply.code == 334 {
                // Why not, in JSON; the refusal itself follows when it has been taken note of.
                let reason = base64Decoded(reply.text)
                reply = try say("")
                if let reason { reply.text += "\n\(reason)" }
            }
        case .password: throw .fault(.unsupported("sign-in with PLAIN or LOGIN"))
        case .bearer: throw .fault(.unsupported("sign-in with XOAUTH2"))
        }
        try need(reply, at: .auth)
        connection.signedIn = credentials
    }

    // MARK: The mail

    private func envelope(_ abilities: SMTPAbilities) throws(Stop) {
        let message = submission.message
        var parameters = ""
        if let limit = abilities.sizeMax {
            guard message.count <= limit else { throw .fault(.tooLarge(limit: limit)) }
            parameters += " SIZE=\(message.count)"
        }
        let needsUTF8 = submission.needsUTF8 || submission.hasUTF8Address
        if needsUTF8 || hasEightBits(message) {
            guard abilities.takesEightBits else { throw .fault(.unsupported("8BITMIME")) }
            parameters += " BODY=8BITMIME"
        }
        if needsUTF8 {
            guard abilities.takesUTF8 else { throw .fault(.unsupported("SMTPUTF8")) }
            parameters += " SMTPUTF8"
        }
        var commands: [(text: String, stage: SMTPRefusal.Stage, recipient: String?)] = [
            ("MAIL FROM:<\(submission.sender ?? "")>\(parameters)", .sender, nil)
        ]
        commands += submission.recipients.map { ("RCPT TO:<\($0)>", .recipient, $0) }
        guard abilities.takesPipelines else {
            for command in commands {
                try need(try say(command.text), at: command.stage, of: command.recipient)
            }
            return
        }
        try write(commands.map { "\($0.text)\r\n" }.joined())
        var refusal: SMTPRefusal?
        for command in commands {
            do throws(Stop) {
                try need(try readReply(), at: command.stage, of: command.recipient)
            } catch {
                guard case .refused(let no) = error else { throw error }
                // Replies to what was said with it follow, but after a 421.
                if no.reply.code == 421 { throw error }
                refusal = refusal ?? no
            }
        }
        if let refusal { throw .refused(refusal) }
    }

    private mutating func body() throws(Stop) -> SMTPReply {
        let ready = try say("DATA")
        if ready.code != 354 {
            try need(ready, at: .data)
            throw .fault(.protocol("\(ready.code) to DATA"))
        }
        // A line of a dot alone is the end.
        let lines = mailLines(submission.message, stuffed: true) + Array(".\r\n".utf8)
        hasBegun = true
        do throws(MailFault) {
            try connection.write(lines)
        } catch {
            // It may have said why before it left.
            connection.deadline = min(deadline, .steadyClock() + .seconds(1))
            if error == .disconnected, let reply = try? readReply(), reply.isRefusal {
                throw .refused(SMTPRefusal(reply: reply, stage: .data))
            }
            throw .fault(error)
        }
        // From here on the server has the mail whole, or will: only its word tells what became of it.
        hasEnded = true
        awaitGracefully()
        let reply = try readReply()
        try need(reply, at: .data)
        return reply
    }

    private func awaitGracefully() {
        let (connection, isCancelled) = (connection, isCancelled)
        var isLimited = false
        connection.isCancelled = {
            if !isLimited, isCancelled() {
                isLimited = true
                connection.deadline = min(connection.deadline, .steadyClock() + Self.graceAfterEnd)
            }
            return false
        }
    }

    /// Takes back a mail that was refused on its way; the next one finds the connection as new.
    private func reset() {
        (connection.deadline, connection.isCancelled) = (.steadyClock() + .seconds(5), { false })
        if (try? say("RSET"))?.isSuccess != true { connection.close() }
    }

    // MARK: Lines

    private func need(
        _ reply: SMTPReply, at stage: SMTPRefusal.Stage, of recipient: String? = nil
    ) throws(Stop) {
        if reply.isSuccess { return }
        guard reply.isRefusal else {
            throw .fault(.protocol("\(reply.code), which is not a reply to this command"))
        }
        throw .refused(SMTPRefusal(reply: reply, stage: stage, recipient: recipient))
    }

    private func say(_ line: String) throws(Stop) -> SMTPReply {
        try write("\(line)\r\n")
        return try readReply()
    }

    private func write(_ text: String) throws(Stop) {
        do throws(MailFault) { try connection.write(text) } catch { throw .fault(error) }
    }

    private func readReply() throws(Stop) -> SMTPReply {
        do throws(MailFault) { return try smtpReply(from: connection) } catch { throw .fault(error) }
    }
}

private func smtpReply(from connection: ServerConnection) throws(MailFault) -> SMTPReply {
    var lines: [String] = []
    while lines.count < 100 {
        let text = String(decoding: try connection.readLine(), as: UTF8.self)
        guard let line = SMTPLine(text) else { break }
        lines.append(text)
        if line.isLast, let reply = SMTPReply(lines) { return reply }
    }
    throw .protocol("a line is not an SMTP reply")
}

/// Ends a connection as its server expects it to be ended.
func sayGoodbye(_ connection: ServerConnection) {
    (connection.deadline, connection.isCancelled) = (.steadyClock() + .seconds(2), { false })
    if (try? connection.write("QUIT\r\n")) != nil { _ = try? smtpReply(from: connection) }
    connection.close()
}
