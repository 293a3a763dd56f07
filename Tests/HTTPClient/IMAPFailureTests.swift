import StandIns
import Telemetry
import Testing

@testable import HTTPClient

/// Servers of IMAP that are unlike the others, or wrong.
@Suite struct IMAPFailureTests {
    private func open(
        _ server: IMAPStandIn, as credentials: MailCredentials = .password(user: "a\"b", "c\\d"),
        deadline: Duration = .seconds(20), client: IMAPClient = IMAPClient(mailConfiguration()),
        upgrade: MailServer.Security = .none
    ) async throws(IMAPError) -> IMAPMailbox {
        let place: MailServer
        do throws(MailFault) { place = try MailServer(server.url, upgrade: upgrade) } catch {
            throw .fault(error)
        }
        return try await client.open(on: place, as: credentials, deadline: deadline)
    }

    @Test func `a server that knows LOGIN alone is told name and password as they are`() async throws {
        let server = try IMAPStandIn { settings in
            settings.abilities = "IMAP4rev1"
            settings.answer = { command, conversation in
                guard command.hasPrefix("LOGIN {3}") else { return nil }
                try conversation.send("+ go on\r\n")
                let user = try conversation.read(3)
                let rest = try conversation.readLine()
                try conversation.send("+ go on\r\n")
                let password = try conversation.read(3)
                let isKnown = user == Array("a\"b".utf8) && rest == " {3}" && password == Array("c\\d".utf8)
                return try conversation.readLine() == "" && isKnown ? ["OK done"] : ["NO who"]
            }
        }
        #expect(try await open(server).state.validity == 7)
    }

    @Test(arguments: [MailServer.Security.startTLS, .startTLSIfOffered])
    func `a mailbox's password is not said in the clear`(_ security: MailServer.Security) async throws {
        let server = try IMAPStandIn { $0.abilities = "IMAP4rev1 AUTH=PLAIN SASL-IR" }
        let failure = await #expect(throws: IMAPError.self) { try await open(server, upgrade: security) }
        guard case .fault(.tls) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(!server.commands.contains { $0.hasPrefix("LOGIN") || $0.hasPrefix("AUTHENTICATE") })
    }

    @Test func `a server that takes no first word is told the second`() async throws {
        let server = try IMAPStandIn { settings in
            settings.abilities = "IMAP4rev1 AUTH=XOAUTH2"
            settings.answer = { command, conversation in
                guard command == "AUTHENTICATE XOAUTH2" else { return nil }
                try conversation.send("+ \r\n")
                let first = try conversation.readLine()
                return first == "dXNlcj1ib3RAYnVyZWF1LnRlc3QBYXV0aD1CZWFyZXIgeWEyOS50b2sBAQ=="
                    ? ["OK"] : ["NO"]
            }
        }
        let token = MailCredentials.bearer(user: "bot@bureau.test", token: "ya29.tok")
        #expect(try await open(server, as: token).state.count == 1)
    }

    @Test func `a server that takes no sign-in of ours is told apart from one that refuses`() async throws {
        let server = try IMAPStandIn { $0.abilities = "IMAP4rev1 LOGINDISABLED" }
        await #expect(throws: IMAPError.fault(.unsupported("sign-in with a password"))) {
            try await open(server)
        }
        await #expect(throws: IMAPError.fault(.unsupported("sign-in with XOAUTH2"))) {
            try await open(server, as: .bearer(user: "a", token: "b"))
        }
        let busy = try IMAPStandIn {
            $0.answer = { command, _ in command.hasPrefix("AUTH") ? ["NO [UNAVAILABLE] later"] : nil }
        }
        await #expect(throws: IMAPError.refused(code: "UNAVAILABLE", "later")) { try await open(busy) }
    }

    @Test(arguments: [
        ("IMAP4rev1", ["UID COPY 3 \"Done\"", "UID STORE 3 +FLAGS.SILENT (\\Deleted)"]),
        (
            "IMAP4rev1 UIDPLUS",
            ["UID COPY 3 \"Done\"", "UID STORE 3 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 3"]
        ), ("IMAP4rev1 UIDPLUS MOVE", ["UID MOVE 3 \"Done\""]),
    ])
    func `a mail is moved by what the server can`(_ abilities: String, _ commands: [String]) async throws {
        let server = try IMAPStandIn { $0.abilities = abilities + " AUTH=PLAIN SASL-IR" }
        try await open(server).move(3, to: "Done")
        #expect(server.commands.filter { $0.hasPrefix("UID") } == commands)
    }

    @Test func `what a server tells of other mails is not the one that was asked for`() async throws {
        let server = try IMAPStandIn {
            $0.answer = { command, _ in
                guard command.hasPrefix("UID FETCH 5") else { return nil }
                return [
                    "* 9 EXISTS", "* 1 FETCH (UID 4 RFC822.SIZE 3 BODY[] {3}", "bad)",
                    "* 3 FETCH (FLAGS (\\Seen))",
                    "* 2 FETCH (BODY[] {4}",
                    "good UID 5 RFC822.SIZE 4 FLAGS (\\Answered x) X-GM (NIL \"a)\"))",
                    "* 5 EXPUNGE", "* OK [ALERT] hear", "OK done",
                ]
            }
        }
        let mail = try #require(try await open(server).fetch(5, sizeMax: 100))
        #expect((String(decoding: mail.bytes, as: UTF8.self), mail.flags) == ("good", ["\\Answered", "x"]))
        #expect(try await open(server).fetch(6, sizeMax: 100) == nil)
    }

    @Test(arguments: [
        ["* 1 FETCH (UID 1 BODY[] {9999999999}", "OK"], ["* 1 FETCH (UID 1 BODY[] {3000000}"], ["nonsense"],
        ["* 1 FETCH ((((((((((((((((((((((((((("], ["* 1 FETCH (UID 1 BODY[] \"open)"], ["+ more?"],
        ["Z9 OK other"],
        [], ["* 1 FETCH (UID 1 BODY[] {-5}"], ["* BYE shutting down"],
    ])
    func `a server that answers wrongly is left`(_ lines: [String]) async throws {
        let server = try IMAPStandIn {
            $0.answer = { command, conversation in
                guard command.hasPrefix("UID FETCH") else { return nil }
                for line in lines { try conversation.send("\(line)\r\n") }
                return []
            }
        }
        let mailbox = try await open(server)
        let error = await #expect(throws: IMAPError.self) { try await mailbox.fetch(1, sizeMax: 1000) }
        guard case .fault = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await #expect(throws: IMAPError.fault(.disconnected)) { try await mailbox.uids(above: 0) }
    }

    @Test func `a server that does not want us says so`() async throws {
        let server = try IMAPStandIn { $0.greeting = "* BYE too many" }
        await #expect(throws: IMAPError.refused(code: nil, "too many")) { try await open(server) }
    }

    @Test func `a server that is silent ends at the deadline, and for who loses interest at once`()
        async throws
    {
        let reached = Signal()
        let server = try IMAPStandIn {
            $0.answer = { command, conversation in
                guard command.hasPrefix("UID") else { return nil }
                reached.open()
                conversation.waitForEnd()
                return []
            }
        }
        let hasty = try await open(server, deadline: .milliseconds(300))
        await #expect(throws: IMAPError.fault(.timeout)) { try await hasty.markSeen(1) }
        let patient = try await open(server)
        await onThread { reached.wait() }
        let task = Task { try await patient.markSeen(1) }
        await onThread { reached.wait() }
        task.cancel()
        await #expect(throws: IMAPError.fault(.cancelled)) { try await task.value }
    }

    @Test func `connections that have ended make room`() async throws {
        let server = try IMAPStandIn {
            $0.answer = { command, _ in command.hasPrefix("SELECT") ? ["NO none"] : nil }
        }
        let client = IMAPClient(mailConfiguration(), connectionsMax: 1)
        var refusals = 0
        // The one before may still be saying goodbye.
        while refusals < 3 {
            let error = await #expect(throws: IMAPError.self) { try await open(server, client: client) }
            if error == .refused(code: nil, "none") { refusals += 1 } else { #expect(error == .fault(.busy)) }
        }
    }

    // MARK: Texts

    @Test(arguments: [
        ("INBOX", "INBOX"), ("Entwürfe", "Entw&APw-rfe"), ("A&B", "A&-B"),
        (
            "~peter/mail/台北/日本語",
            "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
        ), ("💌", "&2D3cjA-"),
    ])
    func `a folder's name is written as servers have it`(_ name: String, _ written: String) {
        #expect(imapFolder(name) == written)
        #expect(imapFolderName(written) == name)
    }

    @Test func `a date is read`() {
        #expect(internalDate("17-Jul-1996 02:44:25 -0700") == Instant(seconds: 837_596_665))
        #expect(internalDate(" 1-Jan-1970 00:00:00 +0000") == Instant(seconds: 0))
        for text in ["", "17-Jul-1996", "17-Xyz-1996 02:44:25 -0700", "17-Jul-1996 02:44:25 0700"] {
            #expect(internalDate(text) == nil)
        }
    }

    @Test func `a name that could be a command is not said`() async throws {
        let server = try IMAPStandIn { _ in }
        let mailbox = try await open(server)
        let before = server.commands.count
        // Control characters are letters like others in the folders' own writing.
        try await mailbox.create("x\"\r\nB9 LOGOUT")
        #expect(server.commands.count == before + 1)
        #expect(server.commands.last == "CREATE \"x\\\"&AA0ACg-B9 LOGOUT\"")
    }
}
