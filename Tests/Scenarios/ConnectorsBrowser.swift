import JSON
import StandIns
import Testing

/// The console's page of connectors in a real browser, with axe looking on.
@Suite(.ownThread) struct ConnectorsBrowser {
    let server = BureauProcess.shared

    @Test func `services are seen, tested, limited and given new credentials on the page`() throws {
        let refusal = StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#)
        let failing = try ScriptedMailService("postmark") { _ in refusal }
        let limited = try ScriptedMailService("mailgun")
        let agency = try server.quietAgency()
        try agency.readyToMail()
        let first = try agency.connect(failing)
        let second = try agency.connect(
            limited, priority: 2,
            [
                "limits": ["hour": 20],
                "plan": ["name": "Basic", "fee": dollars(5), "included": 100],
            ])
        for message in try agency.mail(0..<8) { try agency.message(message, "sent") }
        let young = try server.quietAgency()
        let found = try inBrowser(
            "connectors.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "token": .string(agency.token),
                "failing": .string(first.id), "limited": .string(second.id),
                "young": ["email": .string(young.email), "password": .string(young.password)],
                "reader": try agency.signIn("desk", may: ["integrations:read"]),
                "stranger": try agency.signIn("scout", may: ["leads:read"]),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
