import StandIns
import Testing

@testable import HTTPClient

/// Mails go to a server that we have not written.
@Suite struct SMTPServerTests {
    @Test func `a server takes a mail whole, with dots, long lines and other letters`() async throws {
        let server = try AiosmtpdServer()
        let text =
            "Subject: Zoë\r\n\r\n.\r\n..\r\n.x\r\nZoë 💌\r\n\(String(repeating: "long ", count: 199))\r\n\r\n.\r\n"
        let client = makeSMTPClient()
        let (url, user) = ("smtp://mail.example:\(server.port)", "bot@bureau.test")
        func send(_ password: String, _ text: String) async throws -> SMTPOutcome {
            await client.send(
                try submission(url, upgrade: .startTLS, as: .password(user: user, password), text: text) {
                    $0.server.certificates = server.certificate.path
                    $0.needsUTF8 = true
                    $0.recipients = ["zoë@example.com", "ann@example.com"]
                })
        }
        let outcomes = [try await send("pa55", text), try await send("pa55", "Subject: 2\r\n\r\nTwo\r\n")]
        for outcome in outcomes { #expect(outcome.accepted?.text == "kept", "\(outcome)") }
        #expect(server.mails == [Array(text.utf8), Array("Subject: 2\r\n\r\nTwo\r\n".utf8)])
        let refusal = try #require(try await send("other", text).refusal)
        #expect((refusal.stage, refusal.reply.code) == (.auth, 535))
        #expect(server.mails.count == 2)
    }
}
