import JSON
import StandIns
import Testing

/// The console's page of connectors in a real browser, with axe looking on.
@Suite(.ownThread) struct ConnectorBrowser {
    let server = BureauProcess.shared

    @Test func `an owner sees what a service is used for, what is left of it and what is to come`() throws {
        let mail = try ScriptedMailService("postmark") { number in
            number == 0 ? StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#) : nil
        }
        let agency = try server.signUp()
        try agency.readyToMail(["time_zone": "UTC"])
        let made = try agency.connect(
            mail, ["name": "Postmark", "price": dollars(20), "limits": ["month": 20], "pacing": "burst"])
        let first = try agency.mail(0..<1)[0]
        try eventuallyTrue("the failure") {
            try agency.sendingCalls().contains { $0.text("state") == "failed" }
        }
        try agency.owner.post("/v1/messages/\(first.id)/retry").ok(202)
        for message in [first] + (try agency.mail(1..<4)) { try agency.message(message, "sent") }
        _ = try agency.sendingCalls()
        let month = try #require(try agency.use(of: made)["month"])
        #expect(month["calls"] == 5 && month["failures"] == 1 && month["cost"] == cents(8))
        let quota = try #require(
            try agency.owner.get("/v1/integrations/\(made.id)").ok()["quota"]?.array?.first)
        let young = try server.quietAgency()
        let found = try inBrowser(
            "connectors.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "name": "Postmark", "month": month, "quota": quota,
                "young": ["email": .string(young.email), "password": .string(young.password)],
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
