import Foundation
import JSON
import StandIns
import Testing

/// Services that repeat what lets us in as they refuse it: their words are kept and shown, the secrets are not.
@Suite(.ownThread) struct RepeatedSecrets {
    let server = BureauProcess.shared

    private static let secret = "123456789:AAF-nobody_may_read_this"

    /// A server that knows nobody, and says what it was asked for, and with what.
    private func repeating() throws -> ServiceStandIn {
        try ServiceStandIn { request in
            let keys = ["Authorization", "X-Postmark-Server-Token", "X-API-Key"].compactMap(request.header)
            let words = "Cannot \(request.method) \(request.target) by \(keys.joined(separator: " "))."
            let body: JSON = ["message": .string(words), "ErrorCode": 10]
            return StandInAnswer(401, body.serialized)
        }
    }

    /// Checks that nothing that can be read has the secret, beside what was answered.
    private func expectKeptNowhere(
        _ answers: JSON..., of agency: Agency, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let kept = try [
            "integrations", "alerts", "tool-calls", "audit", "events", "jobs", "messages", "refusals",
        ].flatMap { try agency.owner.every("/v1/\($0)") }
        let everything = JSON.array(answers + kept).serialized + server.log
        // As it is, and as Mailgun takes it.
        for secret in [Self.secret, Data("api:\(Self.secret)".utf8).base64EncodedString()] {
            #expect(!everything.contains(secret), sourceLocation: sourceLocation)
        }
    }

    private static let services: [(String, String, JSON)] = [
        ("telegram", "chat", ["bot_token": .string(secret), "secret_token": "of-webhooks"]),
        ("postmark", "email_sending", ["server_token": .string(secret)]),
        ("sendgrid", "email_sending", ["api_key": .string(secret)]),
        ("stripe", "payments", ["secret_key": .string(secret)]),
        ("mailgun", "email_sending", ["api_key": .string(secret)]),
    ]

    @Test(arguments: services)
    func `what a service says of a key that it refuses is kept without the key`(
        _ provider: String, _ capability: String, _ credentials: JSON
    ) throws {
        let (agency, service) = (try server.quietAgency(), try repeating())
        let made = try agency.connect(
            provider, service.url, credentials: credentials,
            settings: provider == "mailgun" ? ["domain": "mg.acme.test"] : [:], capability: capability)
        let trial = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        let detail = trial.text("detail")
        #expect(trial["ok"] == false && detail.contains("Cannot GET /") && detail.contains("…"), "\(detail)")
        let error = try agency.owner.get("/v1/integrations/\(made.id)").ok().text("error")
        #expect(error == detail)
        try expectKeptNowhere(trial, of: agency)
    }

    @Test func `a mail that is refused with the key in the answer is held without it`() throws {
        let (agency, service) = (try server.signUp(), try repeating())
        try agency.readyToMail()
        let made = try agency.connect(
            "postmark", service.url, credentials: ["server_token": .string(Self.secret)])
        let held = try agency.message(try agency.send(try agency.makeContact(1)), "held")
        let error = try agency.owner.get("/v1/integrations/\(made.id)").ok().text("error")
        #expect(error.contains("Cannot POST /email by …"), "\(error)")
        let call = try #require(try agency.sendingCalls().first)
        #expect(call["error"]?.text("detail").contains("by …") == true, "\(call.serialized)")
        try expectKeptNowhere(held, call, of: agency)
    }

    @Test func `a mailbox that repeats the password as it refuses it is shown without it`() throws {
        let (agency, password) = (try server.mailAgency(), "pa55-w0rd")
        let box = try IMAPStandIn { settings in
            settings.answer = { command, _ in
                guard command.hasPrefix("AUTHENTICATE") else { return nil }
                return ["NO [AUTHENTICATIONFAILED] not ann by \(password), not \(command)"]
            }
        }
        let made = try agency.connect(
            "imap", "email_receiving", ["base_url": .string(box.url), "security": "none", "poll_minutes": 1],
            ["username": "ann", "password": .string(password)])
        func shown() throws -> JSON { try agency.owner.get("/v1/integrations/\(made.id)").ok() }
        try eventuallyTrue("its failure") { try shown().text("status") == "failing" }
        let error = try shown().text("error")
        #expect(error.contains("not ann by …"), "\(error)")
        let kept = try ["integrations", "alerts", "tool-calls", "audit", "jobs"].flatMap {
            try agency.owner.every("/v1/\($0)")
        }
        let everything = JSON.array(kept).serialized + server.log
        let sent = try #require(box.commands.compactMap { $0.split(separator: " ").dropFirst(2).first }.first)
        #expect(!everything.contains(password) && !everything.contains(sent))
    }

    @Test func `a page that is refused with the key in the answer is told without it`() throws {
        let (agency, service) = (try server.quietAgency(), try repeating())
        let made = try agency.connect(
            "stripe", service.url, credentials: ["secret_key": .string(Self.secret)], capability: "payments")
        let invoice = try agency.owner.invoice(try agency.owner.makeClient())
        let token = try #require(invoice.text("public_url").split(separator: "/p/").last)
        try server.anonymous.post("/p/\(token)/pay").problem(503, "unavailable")
        let failing = try agency.owner.get("/v1/integrations/\(made.id)").ok()
        #expect(failing.text("status") == "failing" && failing.text("error").contains("by Bearer …"))
        try expectKeptNowhere(failing, of: agency)
    }
}
