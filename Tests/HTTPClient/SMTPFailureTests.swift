import StandIns
import Testing

@testable import HTTPClient

/// More than the sockets of both sides hold, so that its end cannot have left while the server reads nothing.
private let longMail = String(repeating: String(repeating: "a line ", count: 100) + "\r\n", count: 11_500)

/// The knowledge about a mail that did not go well.
@Suite struct SMTPFailureTests {
    private func send(
        deadline: Duration = .seconds(20), text: String = smallMail, extensions: [String] = ["PIPELINING"],
        _ act: @escaping @Sendable (SMTPStandIn.Moment) -> SMTPStandIn.Action
    ) async throws -> (SMTPOutcome, SMTPStandIn) {
        let server = try SMTPStandIn {
            ($0.act, $0.extensions) = (act, extensions)
        }
        let outcome = await makeSMTPClient().send(
            try submission(server.url, text: text) { $0.deadline = deadline })
        return (outcome, server)
    }

    @Test(
        arguments: [
            (SMTPStandIn.Stage.greeting, SMTPRefusal.Stage.connect), (.hello, .connect), (.sender, .sender),
            (.recipient, .recipient), (.data, .data), (.end, .data),
        ], [("451 4.7.1 later", false), ("550 5.1.1 never", true), ("554 no", true)])
    func `a server's no is told with its code, where it was said, and whether it lasts`(
        _ stage: (at: SMTPStandIn.Stage, told: SMTPRefusal.Stage), _ reply: (text: String, isPermanent: Bool)
    ) async throws {
        for extensions in [["PIPELINING"], []] {
            let (outcome, server) = try await send(extensions: extensions) {
                $0.stage == stage.at ? .say(reply.text) : .usual
            }
            let refusal = try #require(outcome.refusal)
            #expect(refusal.stage == stage.told)
            #expect(refusal.isPermanent == reply.isPermanent)
            #expect(reply.text.hasPrefix("\(refusal.reply.code)"))
            #expect(
                refusal.reply.status
                    == (reply.text.contains(".") ? String(reply.text.split(separator: " ")[1]) : nil))
            #expect(refusal.recipient == (stage.told == .recipient ? "ann@example.com" : nil))
            #expect(server.mailCount == 0)
        }
    }

    @Test func `when one of several recipients is refused the mail goes to none`() async throws {
        let server = try SMTPStandIn {
            $0.act = { $0.line.contains("bob@") ? .say("550-5.1.1 there is\r\n550 5.1.1 no bob") : .usual }
        }
        let client = makeSMTPClient()
        let outcome = await client.send(
            try submission(server.url) {
                $0.recipients = ["ann@example.com", "bob@example.com", "cy@example.com"]
            })
        #expect(outcome.refusal?.recipient == "bob@example.com")
        #expect(outcome.refusal?.reply.text == "there is\nno bob")
        #expect(server.mailCount == 0)
        // And the connection is as good as new.
        #expect(await client.send(try submission(server.url)).accepted != nil)
        #expect((server.connections, server.mails.map(\.recipients)) == (1, [["ann@example.com"]]))
    }

    @Test(arguments: [SMTPStandIn.Stage.greeting, .hello, .sender, .recipient, .data, .body], [true, false])
    func `a connection that breaks before the mail's end has sent nothing`(
        _ stage: SMTPStandIn.Stage, _ isReset: Bool
    ) async throws {
        let (outcome, server) = try await send(text: stage == .body ? longMail : smallMail) {
            $0.stage == stage ? (isReset ? .reset : .close) : .usual
        }
        // One that breaks so early may be seen as not made.
        let isConnect = stage == .greeting && isReset && outcome.notSent == .connect(host: "127.0.0.1")
        #expect(outcome.notSent == .disconnected || isConnect, "\(outcome)")
        #expect(server.mailCount == 0)
    }

    @Test func `a connection that breaks after the mail's end leaves it open`() async throws {
        for action in [SMTPStandIn.Action.close, .reset, .sayAndClose("nonsense"), .sayAndClose("25")] {
            let (outcome, _) = try await send { $0.stage == .end ? action : .usual }
            #expect(outcome.unknown != nil, "\(outcome)")
        }
    }

    @Test func `what a server says before it leaves in the middle is told`() async throws {
        let server = try SMTPStandIn {
            $0.act = { $0.stage == .end ? .sayAndClose("552 5.3.4 too much") : .usual }
        }
        let outcome = await makeSMTPClient().send(try submission(server.url))
        #expect(outcome.refusal?.reply.code == 552)
        #expect(outcome.refusal?.stage == .data)
    }

    @Test(arguments: [SMTPStandIn.Stage.greeting, .hello, .sender, .recipient, .data])
    func `a server that is silent before the mail's end was sent nothing when the time is up`(
        _ stage: SMTPStandIn.Stage
    ) async throws {
        let (outcome, _) = try await send(deadline: .milliseconds(300)) {
            $0.stage == stage ? .silence : .usual
        }
        #expect(outcome.notSent == .timeout)
    }

    @Test func `a server that takes no more of a mail was not sent it when the time is up`() async throws {
        let released = Signal()
        let (outcome, _) = try await send(deadline: .milliseconds(700), text: longMail) {
            $0.stage == .body ? .wait { released.wait() } : .usual
        }
        released.open()
        #expect(outcome.notSent == .timeout)
    }

    @Test func `a server that is silent after the mail's end leaves it open`() async throws {
        let (outcome, _) = try await send(deadline: .milliseconds(500)) {
            $0.stage == .end ? .silence : .usual
        }
        #expect(outcome.unknown == .timeout)
    }

    @Test func `a server that greets late has its time for that`() async throws {
        let server = try SMTPStandIn { $0.act = { $0.stage == .greeting ? .silence : .usual } }
        let outcome = await makeSMTPClient().send(
            try submission(server.url) { $0.connectDeadline = .milliseconds(200) })
        #expect(outcome.notSent == .timeout)
    }

    @Test func `who is not there was sent nothing`() async throws {
        let server = try SMTPStandIn()
        server.stop()
        let client = makeSMTPClient {
            $0.lookUp = { $0 == "mail.example" ? [IPAddress(v4: 0x7F00_0001)] : [] }
        }
        // The port may still take one connection that it never greets.
        let gone = await client.send(try submission("smtp://127.0.0.1:1"))
        #expect(gone.notSent == .connect(host: "127.0.0.1"))
        #expect(
            await client.send(try submission("smtp://none.example")).notSent == .dns(host: "none.example"))
    }

    // MARK: Those who lose interest

    @Test(arguments: [SMTPStandIn.Stage.greeting, .sender, .body])
    func `a mail that is cancelled before its end is not sent`(_ stage: SMTPStandIn.Stage) async throws {
        let (reached, released) = (Signal(), Signal())
        let server = try SMTPStandIn {
            $0.extensions = []
            $0.act = { moment in
                guard moment.stage == stage else { return .usual }
                reached.open()
                // Without reading on.
                return .wait { released.wait() }
            }
        }
        let task = Task { await makeSMTPClient().send(try submission(server.url, text: longMail)) }
        await onThread { reached.wait() }
        task.cancel()
        #expect(try await task.value.notSent == .cancelled)
        released.open()
    }

    @Test func `the reply to a mail whose end was sent is heard, though nobody waits for it`() async throws {
        let (reached, cancelled) = (Signal(), Signal())
        let server = try SMTPStandIn {
            $0.act = { moment in
                guard moment.stage == .end else { return .usual }
                reached.open()
                return .wait { cancelled.wait() }
            }
        }
        let task = Task { await makeSMTPClient().send(try submission(server.url)) }
        await onThread { reached.wait() }
        task.cancel()
        cancelled.open()
        #expect(try await task.value.accepted != nil)
    }

    @Test func `a mail that waits for its turn can be cancelled, and waits no longer than its time`()
        async throws
    {
        let (reached, released) = (Signal(), Signal())
        let server = try SMTPStandIn {
            $0.act = { moment in
                guard moment.stage == .sender, moment.mail == 1 else { return .usual }
                reached.open()
                return .wait { released.wait() }
            }
        }
        let client = makeSMTPClient(connectionsMax: 1)
        let first = Task { await client.send(try submission(server.url)) }
        await onThread { reached.wait() }
        let second = Task { await client.send(try submission(server.url)) }
        second.cancel()
        #expect(try await second.value.notSent == .cancelled)
        let third = Task { await client.send(try submission(server.url) { $0.deadline = .zero }) }
        released.open()
        #expect(try await third.value.notSent == .timeout)
        #expect(try await first.value.accepted != nil)
        #expect(server.mailCount == 1)
    }

    @Test func `a client that is closed sends nothing more`() async throws {
        let server = try SMTPStandIn()
        let client = makeSMTPClient()
        #expect(await client.send(try submission(server.url)).accepted != nil)
        client.close()
        #expect(await client.send(try submission(server.url)).notSent == .closed)
    }
}
