import StandIns
import Testing

@testable import HTTPClient

/// Mails that arrive, and what of a mail arrives.
@Suite struct SMTPTests {
    @Test func `a mail arrives whole, from whom and to whom it was sent`() async throws {
        let server = try SMTPStandIn()
        let outcome = await makeSMTPClient().send(
            try submission(server.url) { $0.recipients = ["ann@example.com", "bob@example.com"] })
        let reply = try #require(outcome.accepted)
        #expect((reply.code, reply.status, reply.text) == (250, "2.0.0", "queued as 1-1"))
        let mail = try #require(server.mails.first)
        #expect(mail.text == smallMail)
        #expect(mail.mailCommand == "MAIL FROM:<bounce+1@bureau.test> SIZE=\(smallMail.utf8.count)")
        #expect(mail.recipients == ["ann@example.com", "bob@example.com"])
        #expect(server.commands.first == "EHLO bureau.test")
    }

    @Test(arguments: [
        ("a\nb", "a\r\nb\r\n"), ("a\rb\r\n", "a\r\nb\r\n"), ("a\n.\nb\r\n", "a\r\n.\r\nb\r\n"),
        ("a\r.\rb", "a\r\n.\r\nb\r\n"), ("a\r\n.\r\n.\r\nQUIT\r\n", "a\r\n.\r\n.\r\nQUIT\r\n"), ("", ""),
        ("a\n\r\nb", "a\r\n\r\nb\r\n"), (".", ".\r\n"),
        ("a\r\n.\nMAIL FROM:<x@y>\r\n", "a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
    ])
    func `no text ends a mail before its end`(_ text: String, _ arrived: String) async throws {
        let server = try SMTPStandIn()
        let outcome = await makeSMTPClient().send(try submission(server.url, text: text))
        #expect(outcome.accepted != nil)
        #expect(server.mails.map(\.text) == [arrived])
        #expect(server.commands.filter { $0.hasPrefix("MAIL") }.count == 1)
    }

    @Test func `a large mail arrives whole`() async throws {
        let server = try SMTPStandIn()
        let line = String(repeating: "0123456789", count: 95) + "\r\n.\r\n"
        let text = String(repeating: line, count: 5_000)
        let outcome = await makeSMTPClient().send(try submission(server.url, text: text))
        #expect(outcome.accepted != nil)
        #expect(server.mails.first?.bytes == Array(text.utf8))
    }

    @Test func `a mail without a way back is sent so`() async throws {
        let server = try SMTPStandIn { $0.extensions = [] }
        _ = await makeSMTPClient().send(try submission(server.url) { $0.sender = nil })
        #expect(server.mails.map(\.mailCommand) == ["MAIL FROM:<>"])
    }

    @Test func `letters beyond ASCII are announced, and go nowhere where they are not taken`() async throws {
        let all = try SMTPStandIn()
        let client = makeSMTPClient()
        _ = await client.send(try submission(all.url, text: "Zoë"))
        _ = await client.send(try submission(all.url, text: "Zoe") { $0.recipients = ["zoë@example.com"] })
        _ = await client.send(try submission(all.url, text: "Zoe") { $0.needsUTF8 = true })
        #expect(
            all.mails.map { $0.mailCommand.split(separator: " ").dropFirst(2).joined(separator: " ") } == [
                "SIZE=4 BODY=8BITMIME", "SIZE=3 BODY=8BITMIME SMTPUTF8", "SIZE=3 BODY=8BITMIME SMTPUTF8",
            ])
        let none = try SMTPStandIn { $0.extensions = [] }
        #expect(await client.send(try submission(none.url, text: "Zoë")).notSent == .unsupported("8BITMIME"))
        let some = try SMTPStandIn { $0.extensions = ["8BITMIME"] }
        #expect(
            await client.send(try submission(some.url) { $0.needsUTF8 = true }).notSent
                == .unsupported("SMTPUTF8"))
        #expect(none.mailCount + some.mailCount == 0)
    }

    @Test func `a mail that is larger than a server takes is not sent there`() async throws {
        let server = try SMTPStandIn { $0.extensions = ["SIZE 10"] }
        #expect(await makeSMTPClient().send(try submission(server.url)).notSent == .tooLarge(limit: 10))
        #expect(!server.commands.contains { $0.hasPrefix("MAIL") })
    }

    // MARK: Connections

    @Test func `a connection is kept and used again, for the same server and name`() async throws {
        let server = try SMTPStandIn { $0.mechanisms = ["PLAIN"] }
        let client = makeSMTPClient()
        let known = MailCredentials.password(user: "bot@bureau.test", "pa55")
        for _ in 0..<20 { #expect(await client.send(try submission(server.url, as: known)).accepted != nil) }
        #expect((server.connections, server.mailCount) == (1, 20))
        let other = MailCredentials.password(user: "other@bureau.test", "pa55")
        #expect(await client.send(try submission(server.url, as: other)).refusal?.stage == .auth)
        #expect(server.connections == 2)
    }

    @Test(arguments: [false, true])
    func `a connection that the server has closed meanwhile is made again`(_ says421: Bool) async throws {
        let server = try SMTPStandIn { settings in
            settings.act = { moment in
                guard moment.connection == 1, moment.mail == 2, moment.stage == .sender else { return .usual }
                return says421 ? .sayAndClose("421 4.3.2 no more") : .close
            }
        }
        let client = makeSMTPClient()
        for _ in 0..<3 { #expect(await client.send(try submission(server.url)).accepted != nil) }
        #expect((server.connections, server.mailCount) == (2, 3))
    }

    @Test func `a first connection that breaks is not made again`() async throws {
        let server = try SMTPStandIn { $0.act = { $0.stage == .sender ? .close : .usual } }
        #expect(await makeSMTPClient().send(try submission(server.url)).notSent == .disconnected)
        #expect(server.connections == 1)
    }

    @Test func `beyond the most connections mails wait for one another, whoever they are for`() async throws {
        let servers = try (0..<3).map { _ in try SMTPStandIn() }
        let client = makeSMTPClient(connectionsMax: 2)
        let outcomes = try await withThrowingTaskGroup(of: SMTPOutcome.self) { group in
            for index in 0..<60 {
                group.addTask { await client.send(try submission(servers[index % 3].url)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.accepted != nil })
        #expect(servers.map(\.mailCount) == [20, 20, 20])
    }

    @Test func `without pipelining every command waits for its answer`() async throws {
        let server = try SMTPStandIn { $0.extensions = ["8BITMIME"] }
        let client = makeSMTPClient()
        for _ in 0..<3 { #expect(await client.send(try submission(server.url)).accepted != nil) }
        #expect((server.connections, server.mailCount) == (1, 3))
    }

    // MARK: What is not sent at all

    @Test(arguments: [
        "ann@example.com>\r\nRCPT TO:<eve@example.com", "a\nb@example.com", "a b@example.com",
        "<ann@example.com>",
        "ann", "@example.com", "ann@", "", "a\u{0}@example.com", "a\u{85}@example.com",
        "a\u{2028}b@example.com",
    ])
    func `an address that could be a command is not said`(_ address: String) async throws {
        let server = try SMTPStandIn()
        let client = makeSMTPClient()
        let outcomes = [
            await client.send(try submission(server.url) { $0.recipients = [address] }),
            await client.send(try submission(server.url) { $0.sender = address }),
        ]
        for outcome in outcomes {
            #expect(outcome.notSent == .invalid("an address is not a valid email address"))
        }
        #expect(server.connections == 0)
    }

    @Test func `a server inside is not called`() async throws {
        let server = try SMTPStandIn()
        let closed = SMTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: false)))
        let outcome = await closed.send(try submission(server.url))
        #expect(outcome.notSent == .refusedAddress(host: "127.0.0.1", kind: .loopback))
        let named = makeSMTPClient { $0.lookUp = { _ in [IPAddress("10.0.0.1")!] } }
        #expect(
            await named.send(try submission("smtp://mail.example:\(server.port)")).notSent
                == .refusedAddress(host: "mail.example", kind: .private))
        #expect(server.connections == 0)
    }
}
