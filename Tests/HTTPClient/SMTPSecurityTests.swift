import StandIns
import Testing

@testable import HTTPClient

/// To whom a mail and a password are given.
@Suite struct SMTPSecurityTests {
    private static let password = MailCredentials.password(user: "bot@bureau.test", "pa55")
    private static let token = MailCredentials.bearer(user: "bot@bureau.test", token: "ya29.tok")

    private func send(
        _ server: SMTPStandIn, _ upgrade: MailServer.Security = .startTLS,
        as credentials: MailCredentials? = nil,
        trusting certificate: TestCertificate? = nil, host: String = "mail.example"
    ) async throws -> SMTPOutcome {
        let url = server.url.replacing("127.0.0.1", with: host)
        return await makeSMTPClient().send(
            try submission(url, upgrade: upgrade, as: credentials) {
                $0.server.certificates = certificate?.path
            })
    }

    @Test(arguments: [true, false], [password, token])
    func `over TLS a mail is sent to who is trusted, in either way`(
        _ isAtOnce: Bool, _ credentials: MailCredentials
    ) async throws {
        let certificate = try TestCertificate(for: "mail.example")
        let server = try SMTPStandIn {
            ($0.certificate, $0.isSecureAtOnce, $0.mechanisms) = (
                certificate, isAtOnce, ["PLAIN", "XOAUTH2"]
            )
        }
        #expect(try await send(server, as: credentials, trusting: certificate).accepted != nil)
        #expect(server.mails.map(\.text) == [smallMail])
        // The password was said once, and not before TLS.
        let talk = server.commands.map { String($0.prefix(4)) }.filter { $0 != "QUIT" }
        #expect(talk == (isAtOnce ? [] : ["EHLO", "STAR"]) + ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
    }

    @Test func `a large mail goes whole through TLS`() async throws {
        let certificate = try TestCertificate(for: "mail.example")
        let server = try SMTPStandIn { $0.certificate = certificate }
        let text = String(repeating: String(repeating: "x", count: 900) + "\r\n", count: 5_000)
        let outcome = await makeSMTPClient().send(
            try submission("smtp://mail.example:\(server.port)", upgrade: .startTLS, text: text) {
                $0.server.certificates = certificate.path
            })
        #expect(outcome.accepted != nil)
        #expect(server.mails.first?.bytes == Array(text.utf8))
    }

    @Test(arguments: [true, false])
    func `a server that is not trusted, or is another, gets nothing`(_ isAtOnce: Bool) async throws {
        let certificate = try TestCertificate(for: "mail.example")
        let server = try SMTPStandIn { ($0.certificate, $0.isSecureAtOnce) = (certificate, isAtOnce) }
        let outcomes = [
            try await send(server), try await send(server, trusting: certificate, host: "other.example"),
            try await send(server, .startTLSIfOffered, host: "other.example"),
        ]
        for outcome in outcomes {
            guard case .notSent(.tls) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
        #expect(!server.commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
    }

    @Test func `where TLS has to be and is not, nothing is sent`() async throws {
        let server = try SMTPStandIn()
        guard case .notSent(.tls) = try await send(server) else {
            Issue.record("it was sent")
            return
        }
        #expect(server.commands == ["EHLO bureau.test"])
        #expect(try await send(server, .startTLSIfOffered).accepted != nil)
    }

    @Test func `a password is not said in the clear where TLS was hoped for`() async throws {
        let server = try SMTPStandIn { $0.mechanisms = ["PLAIN"] }
        guard case .notSent(.tls) = try await send(server, .startTLSIfOffered, as: Self.password) else {
            Issue.record("it was sent")
            return
        }
        #expect(!server.commands.contains { $0.hasPrefix("AUTH") })
        #expect(try await send(server, .none, as: Self.password).accepted != nil)
    }

    @Test func `a server that has no TLS today is asked again`() async throws {
        let certificate = try TestCertificate(for: "mail.example")
        let server = try SMTPStandIn {
            ($0.certificate, $0.act) = (
                certificate, { $0.stage == .startTLS ? .say("454 4.7.0 not now") : .usual }
            )
        }
        let refusal = try #require(try await send(server, trusting: certificate).refusal)
        #expect((refusal.stage, refusal.reply.code, refusal.isPermanent) == (.tls, 454, false))
    }

    @Test func `what is said with the answer to STARTTLS is not believed`() async throws {
        let certificate = try TestCertificate(for: "mail.example")
        let server = try SMTPStandIn {
            let injected = "220 go ahead\r\n250-stand-in\r\n250 AUTH PLAIN"
            ($0.certificate, $0.act) = (certificate, { $0.stage == .startTLS ? .say(injected) : .usual })
        }
        let outcome = try await send(server, as: Self.password, trusting: certificate)
        #expect(outcome.accepted == nil)
        #expect(!server.commands.contains { $0.hasPrefix("AUTH") })
    }

    // MARK: Signing in

    @Test(arguments: ["PLAIN", "LOGIN"])
    func `a password is said by what the server takes`(_ mechanism: String) async throws {
        let server = try SMTPStandIn { $0.mechanisms = ["CRAM-MD5", mechanism] }
        #expect(try await send(server, .none, as: Self.password).accepted != nil)
        let wrong = MailCredentials.password(user: "bot@bureau.test", "other")
        let refusal = try #require(try await send(server, .none, as: wrong).refusal)
        #expect((refusal.stage, refusal.reply.code, refusal.isPermanent) == (.auth, 535, true))
        #expect(server.mailCount == 1)
    }

    @Test func `a token that has run out is refused, and the reason told`() async throws {
        let server = try SMTPStandIn { $0.mechanisms = ["XOAUTH2"] }
        #expect(try await send(server, .none, as: Self.token).accepted != nil)
        #expect(
            server.commands.contains(
                "AUTH XOAUTH2 dXNlcj1ib3RAYnVyZWF1LnRlc3QBYXV0aD1CZWFyZXIgeWEyOS50b2sBAQ=="))
        let old = MailCredentials.bearer(user: "bot@bureau.test", token: "old")
        let refusal = try #require(try await send(server, .none, as: old).refusal)
        #expect((refusal.stage, refusal.reply.code, refusal.reply.status) == (.auth, 535, "5.7.8"))
        #expect(refusal.reply.text.contains(#""status":"401""#))
    }

    @Test func `a server that takes neither is told apart from one that refuses`() async throws {
        let server = try SMTPStandIn { $0.mechanisms = ["CRAM-MD5"] }
        for credentials in [Self.password, Self.token] {
            guard case .notSent(.unsupported) = try await send(server, .none, as: credentials) else {
                Issue.record("it was sent")
                continue
            }
        }
    }

    @Test func `signing in can fail for now`() async throws {
        let server = try SMTPStandIn {
            $0.mechanisms = ["PLAIN"]
            $0.act = { $0.stage == .auth ? .say("454 4.7.0 not now") : .usual }
        }
        let refusal = try #require(try await send(server, .none, as: Self.password).refusal)
        #expect((refusal.stage, refusal.isPermanent) == (.auth, false))
    }
}
