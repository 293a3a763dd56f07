import JSON
import StandIns
import Testing

/// The cost of connectors by their plans, the sum of the month, and the plan that would be better. The
/// sandboxes' clocks show noon of the fifth: half of the day is to come, and 26 days after it.
@Suite(.ownThread) struct ConnectorPlans {
    let server = BureauProcess.shared

    private func sandbox(_ start: String = "2027-01-05T12:00:00.000Z") throws -> SandboxCaller {
        try server.mailSandbox(start)
    }

    // MARK: What calls cost

    @Test func `what a plan includes costs nothing, what is beyond its price, and the fee is expected`()
        throws
    {
        let box = try sandbox()
        let made = try box.connectMail([
            "price": dollars(30),
            "plan": ["name": "Basic", "fee": dollars(5), "included": 10, "price": dollars(10)],
        ])
        try box.mail(0..<12)
        let use = try box.use(of: made), month = use["month"]
        #expect(month?["calls"] == 12 && month?["cost"] == cents(2))
        #expect(month?["fee"] == cents(500) && month?["included_left"] == 0)
        // 12 a day, of which half of one and 26 are to come.
        #expect(month?["expected_calls"] == 330 && month?["expected_cost"] == cents(500 + 2 + 318))
        let costs = try box.owner.get("/v1/costs/summary").ok()["month"]
        #expect(costs?["spent"] == cents(2) && costs?["fees"] == cents(500))
        #expect(costs?["expected"] == cents(820))
        try box.advance(to: "2027-02-01T12:00:00.000Z")
        try box.mail(12..<13)
        let next = try box.use(of: made)["month"]
        #expect(next?["cost"] == cents(0) && next?["included_left"] == 9)
    }

    @Test func `what a plan includes is one count for all who use the service, and its end is told ahead`()
        throws
    {
        let box = try sandbox()
        try box.owner.patch(
            "/v1/agents/customer_service", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let made = try box.connectMail([
            "name": "Postmark", "plan": ["name": "Basic", "included": 5, "price": dollars(10)],
        ])
        func alerts() throws -> [JSON] {
            try box.owner.every("/v1/alerts?open=true").filter { $0["subject"]?["id"] == .string(made.id) }
        }
        try box.mail(0..<3)
        #expect(try alerts().isEmpty)
        try box.owner.askAboutLogo()
        try box.advance("PT0S")
        let use = try box.use(of: made)
        #expect(use["by"]?["agents"]?.array?.map(\.id) == ["customer_service"])
        let answers = try #require(use["month"]?["calls"]?.int) - 3
        #expect(answers >= 1 && use["month"]?["included_left"] == .integer(max(0, 2 - answers)))
        let alert = try #require(try alerts().first)
        #expect(
            alert.text("kind") == "quota_near" && alert.text("title").contains("of 5 included calls left"))
        try box.mail(3..<6)
        let paid = try box.use(of: made)["month"]
        #expect(paid?["calls"] == .integer(6 + answers) && paid?["included_left"] == 0)
        #expect(paid?["cost"] == cents(1 + answers))
        #expect(try alerts().map(\.id) == [alert.id] && alerts()[0].text("title").contains("has 0 of 5"))
        try box.owner.patch(
            "/v1/integrations/\(made.id)", ["plan": ["name": "Pro", "included": 100, "price": dollars(10)]]
        ).ok()
        #expect(try alerts().isEmpty)
    }

    @Test func `a plan that comes in the middle of a month includes what is left of it`() throws {
        let box = try sandbox()
        let made = try box.connectMail(["price": dollars(10)])
        try box.mail(0..<3)
        try box.owner.patch(
            "/v1/integrations/\(made.id)", ["plan": ["name": "Free", "included": 4]]
        ).ok()
        #expect(try box.use(of: made)["month"]?["included_left"] == 1)
        try box.mail(3..<5)
        #expect(
            try box.use(of: made)["month"]?["cost"] == cents(3 + 1), "without its own price it has this one")
    }

    @Test func `a change of price holds by itself from its day on, and is reckoned with before`() throws {
        let box = try sandbox()
        let made = try box.connectMail([
            "price": dollars(10), "price_change": ["price": dollars(20), "from": "2027-01-20"],
        ])
        try box.mail(0..<4)
        let month = try box.use(of: made)["month"]
        #expect(month?["cost"] == cents(4))
        // Four a day: two more today, 14 days at a cent, and 12 at two.
        #expect(month?["expected_cost"] == cents(4 + 2 + 14 * 4 + 12 * 4 * 2))
        #expect(try box.owner.get("/v1/costs/summary").ok()["month"]?["expected"] == cents(158))
        try box.advance(to: "2027-01-20T00:00:00.000Z")
        try box.mail(4..<5)
        #expect(try box.use(of: made)["month"]?["cost"] == cents(4 + 2))
        let path = "/v1/integrations/\(made.id)"
        let renamed = try box.owner.patch(path, ["name": "Mail"]).ok()
        #expect(renamed["price_change"]?.text("from") == "2027-01-20")
        let priced = try box.owner.patch(path, ["price": dollars(30)]).ok()
        #expect(priced["price_change"] == .null, "a price that is set takes its place")
        try box.mail(5..<6)
        #expect(try box.use(of: made)["month"]?["cost"] == cents(4 + 2 + 3))
    }

    @Test func `a price that is set counts at once in what the month comes to`() throws {
        let box = try sandbox()
        let made = try box.connectMail(["price": dollars(10)])
        try box.mail(0..<4)
        try box.owner.patch("/v1/integrations/\(made.id)", ["price": dollars(20)]).ok()
        // Four at a cent, two more today and 26 days of four at two.
        let expected = cents(4 + 2 * 2 + 26 * 4 * 2)
        #expect(try box.use(of: made)["month"]?["expected_cost"] == expected)
        #expect(try box.owner.get("/v1/costs/summary").ok()["month"]?["expected"] == expected)
    }

    @Test func `of two equals the one with calls left that cost nothing goes first`() throws {
        let (one, other) = (try ScriptedMailService("postmark"), try ScriptedMailService("mailgun"))
        let agency = try server.signUp()
        try agency.readyToMail()
        let paid = try agency.connect(one, ["price": dollars(10)])
        let free = try agency.connect(
            other, ["price": dollars(10), "plan": ["name": "Free", "included": 3]])
        for number in 0..<3 {
            for message in try agency.mail(number..<number + 1) { try agency.message(message, "sent") }
        }
        let calls = try agency.sendingCalls()
        #expect(calls.map { $0.text("integration_id") } == [free.id, free.id, free.id])
        #expect(Set(calls.map(why)) == ["measured"])
        let details = calls.map { $0["why"]?.text("detail") ?? "" }
        for (detail, left) in zip(details, [3, 2, 1]) {
            #expect(detail.contains("\(left) free call"))
        }
        for message in try agency.mail(3..<13) { try agency.message(message, "sent") }
        _ = try agency.sendingCalls()
        #expect(!one.mails.isEmpty, "they are tried in turn again")
        let spent = try [paid, free].map { try agency.use(of: $0)["month"]?["cost"]?["amount"]?.int ?? 0 }
        #expect(spent.reduce(0, +) == 10)
    }

    // MARK: What is to come

    @Test func `what is switched off, or gone, is expected to come to what it has cost`() throws {
        let box = try sandbox()
        let made = try box.connectMail(["price": dollars(10)]), path = "/v1/integrations/\(made.id)"
        func expected() throws -> JSON? {
            try box.owner.get("/v1/costs/summary").ok()["month"]?["expected"]
        }
        try box.mail(0..<4)
        // Two more today, and 26 days of four.
        #expect(try expected() == cents(4 + 2 + 26 * 4))
        try box.owner.patch(path, ["status": "disabled"]).ok()
        let month = try box.use(of: made)["month"]
        #expect(month?["expected_calls"] == 4 && month?["expected_cost"] == cents(4))
        #expect(month?["error"]?.double == 0)
        #expect(try expected() == cents(4))
        try box.owner.patch(path, ["status": "active"]).ok()
        #expect(try expected() == cents(110))
        try box.owner.delete(path).ok(204)
        #expect(try expected() == cents(4))
    }

    @Test func `a month is expected to be to the one before it what it was a year ago`() throws {
        let box = try sandbox("2026-12-01T12:00:00.000Z")
        try box.keepSchedules()
        let made = try box.connectMail(["price": dollars(10)])
        try box.mail(0..<4)
        try box.advance(to: "2027-01-05T12:00:00.000Z")
        try box.mail(4..<10)
        try box.advance(to: "2027-12-30T12:00:00.000Z")
        try box.mail(10..<14)
        try box.advance(to: "2028-01-01T00:00:00.000Z")
        let month = try box.use(of: made)["month"]
        // Four in two days, 31 days, and half as many again as in December.
        #expect(month?["calls"] == 0 && month?["expected_calls"] == 93)
        #expect(month?["expected_cost"] == cents(93))
        #expect(try box.owner.get("/v1/costs/summary").ok()["month"]?["expected"] == cents(93))
    }

    @Test func `the trend is a week beside the one before`() throws {
        let box = try sandbox()
        let made = try box.connectMail(["price": dollars(10)])
        #expect(try box.use(of: made)["trend"]?["calls"] == .null)
        try box.mail(0..<2)
        try box.advance(to: "2027-01-12T12:00:00.000Z")
        try box.mail(2..<5)
        try box.advance(to: "2027-01-18T12:00:00.000Z")
        let use = try box.use(of: made), trend = use["trend"]
        #expect(trend?["calls"]?.double == 0.5 && trend?["cost"]?.double == 0.5)
        #expect(trend?["failures"] == .null && trend?["latency"] == .null)
        let days = use["days"]?.array?.map { "\($0.text("date")): \($0["calls"]?.int ?? 0)" }
        #expect(days == ["2027-01-12: 3", "2027-01-05: 2"], "each day by itself, the last first")
        let performance = use["performance"]?[0]
        #expect(performance?["usual"]?["calls"] == 5 && performance?["today"]?["calls"] == 0)
        #expect(performance?["usual"]?["success_rate"]?.double == 1)
    }

    // MARK: Other plans

    @Test func `a higher plan is proposed that is cheaper than paying beyond`() throws {
        let box = try sandbox()
        let made = try box.connectMail([
            "name": "Postmark", "price": dollars(100),
            "plans": [
                ["name": "Pro", "fee": dollars(10), "included": 200, "price": dollars(50)],
                ["name": "Scale", "fee": dollars(90), "included": 100_000],
            ],
        ])
        try box.mail(0..<8)
        let found = try box.proposal(about: made)
        #expect(found.text("title") == "Move Postmark to the plan Pro")
        // 220 calls at ten cents, against the fee and 20 at five.
        #expect(found["saves"] == cents(2200 - 1000 - 20 * 5))
        let consequence = found.text("consequence")
        #expect(consequence.contains("220 calls are expected") && consequence.contains("$22.00"))
        #expect(
            consequence.contains("$10.00 per month with 200 calls") && consequence.contains("$11.00"))
    }

    @Test func `one that goes on is proposed where the plan's limit ends before the month, with the day`()
        throws
    {
        let box = try sandbox()
        let made = try box.connectMail([
            "name": "Postmark", "plan": ["name": "Free", "included": 101, "limit": 101],
            "plans": [
                ["name": "Small", "fee": dollars(5), "included": 200, "limit": 200],
                ["name": "Pro", "fee": dollars(20), "included": 1000],
            ],
        ])
        let quota = try box.owner.get("/v1/integrations/\(made.id)").ok()["quota"]?[0]
        #expect(quota?.text("per") == "month" && quota?["limit"] == 101)
        try box.mail(0..<7)
        try box.win(box.reachedLead(11), dollars(100))
        let found = try box.proposal(about: made)
        #expect(found.text("title") == "Move Postmark to the plan Pro" && found["saves"] == cents(0))
        let consequence = found.text("consequence")
        #expect(
            consequence.contains("used up on January 17, 2027") && consequence.contains("220 are expected"))
        #expect(consequence.contains("$20.00 per month") && !consequence.contains("limits.month"))
        try box.owner.patch("/v1/integrations/\(made.id)", ["limits": ["month": 50]]).ok()
        #expect(try box.proposal(about: made).text("consequence").contains("limits.month"))
    }

    @Test func `a lower plan is proposed where much is unused`() throws {
        let box = try sandbox()
        let made = try box.connectMail([
            "name": "Postmark", "plan": ["name": "Scale", "fee": dollars(100), "included": 10_000],
            "plans": [["name": "Basic", "fee": dollars(10), "included": 1000, "price": dollars(50)]],
        ])
        try box.mail(0..<8)
        let found = try box.proposal(about: made)
        #expect(found.text("title") == "Move Postmark to the plan Basic" && found["saves"] == cents(9000))
        #expect(found.text("consequence").contains("9,780 of its 10,000 calls stay unused"))
        let costs = try box.owner.get("/v1/costs/summary", ["Accept-Language": "de"]).ok()
        let german = costs["proposals"]?.array?.first ?? .null
        #expect(german.text("title") == "Postmark auf den Tarif Basic umstellen")
        #expect(german.text("consequence").contains("9.780 der 10.000 enthaltenen bleiben ungenutzt"))
        #expect(german.text("consequence").contains("kostet 10,00"))
    }

    // MARK: What may be said of plans

    @Test func `every fault of plans and prices is named`() throws {
        let box = try sandbox()
        let made = try box.connectMail([:]), path = "/v1/integrations/\(made.id)"
        func faults(_ body: JSON) throws -> [String] {
            let errors = try box.owner.patch(path, body).problem(422)["errors"]?.array ?? []
            return errors.map { "\($0.text("pointer")) \($0.text("code"))" }.sorted()
        }
        let euros = cents(500, "EUR"), much = cents(100_000_001)
        let amounts = try faults([
            "price": euros, "price_change": ["price": euros, "from": "2027-02-01"],
            "plan": ["name": "Pro", "fee": euros, "price": much],
            "plans": [["name": "One"], ["name": "one", "fee": much, "price": euros]],
        ])
        #expect(
            amounts == [
                "/plan/fee/currency invalid_currency", "/plan/price/amount out_of_range",
                "/plans/1/fee/amount out_of_range", "/plans/1/name already_exists",
                "/plans/1/price/currency invalid_currency", "/price/currency invalid_currency",
                "/price_change/price/currency invalid_currency",
            ])
        let fields = try faults([
            "plan": ["included": -1, "fees": 1], "price_change": ["from": "soon"],
            "plans": [["name": "One", "included": 10, "limit": 5]],
        ])
        #expect(
            fields == [
                "/plan/fees unknown_field", "/plan/included out_of_range", "/plan/name required",
                "/plans/0/limit out_of_range", "/price_change/from invalid_date",
                "/price_change/price required",
            ])
        let kept = try box.owner.get(path).ok()
        #expect(kept["plan"] == .null && kept["plans"] == [] && kept["price_change"] == .null)
        let plan: JSON = [
            "name": "Pro", "fee": dollars(5), "included": 10, "price": .null, "limit": .null,
        ]
        #expect(try box.owner.patch(path, ["plan": plan]).ok()["plan"] == plan)
        #expect(try box.owner.patch(path, ["plan": .null]).ok()["plan"] == .null)
    }
}
