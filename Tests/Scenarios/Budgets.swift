import JSON
import StandIns
import Testing

/// Budgets hold and let go, and tell of it.
@Suite(.ownThread) struct Budgets {
    let server = BureauProcess.shared

    private func mailing() throws -> (Agency, SMTPStandIn) {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        return (agency, sink)
    }

    /// The alerts of a budget, the oldest first.
    private func alerts(_ caller: Caller, of budget: JSON) throws -> [JSON] {
        try caller.every("/v1/alerts?subject_id=\(budget.id)&sort=created_at")
    }

    @Test func `a campaign's budget holds its mails, and nobody else's`() throws {
        let (agency, sink) = try mailing()
        let budget = try agency.owner.post(
            "/v1/budgets", ["kind": "sends", "limit": 1, "per": "month", "campaign_id": "spring"]
        ).ok(201)
        try agency.message(try agency.send(try agency.makeContact(1), ["campaign_id": "spring"]), "sent")
        let held = try agency.message(
            try agency.send(try agency.makeContact(2), ["campaign_id": "spring"]), "held")
        #expect(held["reasons"]?[0]["code"] == "budget_exhausted")
        try agency.message(try agency.send(try agency.makeContact(3), ["campaign_id": "autumn"]), "sent")
        try agency.message(try agency.send(try agency.makeContact(4)), "sent")
        #expect(sink.mailCount == 3)
        #expect(try agency.owner.get("/v1/budgets/\(budget.id)").ok()["spent"] == 1)
    }

    @Test func `what a month's budget holds is told to wait for the next month`() throws {
        let (agency, _) = try mailing()
        let budget = try agency.owner.post("/v1/budgets", ["kind": "sends", "limit": 0, "per": "month"])
            .ok(201)
        let held = try agency.message(try agency.send(try agency.makeContact(1)), "held")
        #expect(held["reasons"]?[0]["until"] == budget["resets_at"])
        #expect(held["reasons"]?[0].text("detail").contains(budget.text("resets_at")) == true)
    }

    @Test func `a budget of money holds mails at their price, and a higher limit lets them go`() throws {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail()
        let service = try agency.connect("smtp", sink.url)
        // A thousand mails for ten dollars.
        try agency.owner.patch("/v1/integrations/\(service.id)", ["price": dollars(10)]).ok()
        let limit: JSON = ["amount": 2, "currency": "USD"]
        let budget = try agency.owner.post("/v1/budgets", ["kind": "money", "limit": limit]).ok(201)
        for number in 1...2 {
            try agency.message(try agency.send(try agency.makeContact(number)), "sent")
        }
        let held = try agency.message(try agency.send(try agency.makeContact(3)), "held")
        #expect(held["reasons"]?[0]["code"] == "budget_exhausted")
        #expect(try agency.owner.get("/v1/budgets/\(budget.id)").ok()["spent"] == limit)
        try agency.owner.patch("/v1/budgets/\(budget.id)", ["limit": dollars(1)]).ok()
        try agency.message(held, "sent")
    }

    @Test func `a budget that is deleted lets go what it held`() throws {
        let (agency, _) = try mailing()
        let budget = try agency.owner.post("/v1/budgets", ["kind": "sends", "limit": 0]).ok(201)
        let held = try agency.message(try agency.send(try agency.makeContact(1)), "held")
        #expect(try agency.owner.delete("/v1/budgets/\(budget.id)").status == 204)
        try agency.message(held, "sent")
    }

    @Test func `a budget of five raises one alert, and a higher limit ends it`() throws {
        let (agency, _) = try mailing()
        let budget = try agency.owner.post("/v1/budgets", ["kind": "sends", "limit": 5]).ok(201)
        for number in 1...5 {
            try agency.message(try agency.send(try agency.makeContact(number)), "sent")
        }
        let held = try agency.message(try agency.send(try agency.makeContact(6)), "held")
        let told = try alerts(agency.owner, of: budget)
        #expect(told.count == 1)
        let alert = try #require(told.first)
        #expect(alert["kind"] == "budget_warned" && alert["severity"] == "critical")
        #expect(alert.text("title").contains("5 of 5"))
        #expect(alert.text("recommended_action").contains("Raise its limit"))
        try agency.owner.patch("/v1/budgets/\(budget.id)", ["limit": 50]).ok()
        #expect(try agency.owner.get("/v1/alerts/\(alert.id)").ok()["resolved_by"] == "system")
        try agency.message(held, "sent")
    }

    @Test func `the next day begins without yesterday's alert`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let budget = try box.owner.post("/v1/budgets", ["kind": "sends", "limit": 2]).ok(201)
        func send(_ number: Int) throws {
            let contact = try box.owner.post(
                "/v1/contacts",
                ["name": "Person", "email": .string("p\(number)@example.com"), "country": "US"]
            ).ok(201)
            try box.owner.post(
                "/v1/messages",
                [
                    "channel": "email", "contact_id": .string(contact.id), "subject": "Hi", "body": "Hi.",
                    "purpose": "transactional",
                ]
            ).ok(202)
            try box.advance("PT0S")
        }
        for number in 1...2 { try send(number) }
        #expect(try alerts(box.owner, of: budget).map { $0["resolved_at"] } == [.null])
        try box.advance("P1D")
        try send(3)
        #expect(try alerts(box.owner, of: budget).map { $0["resolved_by"] } == ["system"])
        try send(4)
        let told = try alerts(box.owner, of: budget)
        #expect(told.map { $0["resolved_by"] } == ["system", .null])
    }

    @Test func `a budget in another currency than the agency's is refused with what to give instead`() throws
    {
        let agency = try server.quietAgency()
        let euros: JSON = ["amount": 500, "currency": "EUR"]
        let refusal = try agency.owner.post("/v1/budgets", ["kind": "money", "limit": euros]).problem(422)
        #expect(refusal["errors"]?[0]["code"] == "invalid_currency")
        #expect(refusal["errors"]?[0].text("detail").contains("limit must be in USD") == true)
    }

    @Test func `a budget follows its agency to another currency with its next limit`() throws {
        let agency = try server.quietAgency()
        let budget = try agency.owner.post("/v1/budgets", ["kind": "money", "limit": dollars(5)]).ok(201)
        try agency.owner.patch("/v1/settings", ["currency": "EUR"]).ok()
        let path = "/v1/budgets/\(budget.id)"
        #expect(
            try agency.owner.patch(path, ["limit": dollars(5)]).ok()["version"] == 1, "sent back as it is")
        #expect(
            try agency.owner.patch(path, ["limit": dollars(6)]).faults() == [
                "/limit/currency": "invalid_currency"
            ])
        let euros: JSON = ["amount": 600, "currency": "EUR"]
        #expect(try agency.owner.patch(path, ["limit": euros]).ok()["limit"] == euros)
    }
}
