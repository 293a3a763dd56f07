import JSON
import StandIns
import Testing

/// The outlook on clients, from what is known of them, with its range and its reasons.
@Suite(.ownThread) struct ClientOutlooks {
    let server = BureauProcess.shared

    private func box(of agency: Agency) throws -> SandboxCaller {
        let box = try agency.sandbox()
        try box.readyToSend()
        try box.owner.patch("/v1/agents/client_outlook", ["state": "active"]).ok()
        return box
    }

    private func probability(_ outlook: JSON, _ name: String = "probability") -> Double {
        outlook["churn"]?[name]?.double ?? -1
    }

    @Test func `who waits for urgent help is likelier to leave, worth less, and told why, and it replays`()
        throws
    {
        let box = try box(of: server.quietAgency()), owner = box.owner
        let clients = try ["Good", "Bad"].map { try owner.makeClient(["name": .string($0)]) }
        for client in clients {
            try owner.post(
                "/v1/subscriptions",
                ["client_id": .string(client.id), "description": "Retainer", "price": cents(100_000)]
            ).ok(201)
        }
        for _ in 0..<4 {
            try owner.post(
                "/v1/tickets",
                [
                    "subject": "Broken again", "body": "It is broken.", "priority": "urgent",
                    "client_id": .string(clients[1].id),
                ]
            ).ok(201)
        }
        let before = try owner.get("/v1/clients/\(clients[0].id)/outlook").ok()
        #expect(before["decision_id"] == .null && before["model"]?["name"] == "rules")
        try box.advance("P2D")
        let outlooks = try clients.map { try owner.get("/v1/clients/\($0.id)/outlook").ok() }
        for outlook in outlooks {
            let (low, most, high) = (
                probability(outlook, "low"), probability(outlook), probability(outlook, "high")
            )
            #expect(0 < low && low <= most && most <= high && high < 1)
            let worth = outlook["lifetime_value"] ?? .null
            let amounts = ["low", "amount", "high"].map { worth[$0]?.int ?? -1 }
            #expect(amounts == amounts.sorted() && amounts[0] > 0 && worth["currency"] == "USD")
            #expect(!(outlook["factors"]?.array ?? []).isEmpty && outlook["model"]?["training_size"] == 0)
            let replayed = try owner.post("/v1/decisions/\(outlook.text("decision_id"))/replay").ok()
            #expect(replayed["same"] == true)
        }
        #expect(probability(outlooks[1]) > probability(outlooks[0]))
        #expect(
            outlooks[1]["lifetime_value"]?["amount"]?.int ?? 0 < outlooks[0]["lifetime_value"]?["amount"]?.int
                ?? 0)
        let growth = outlooks.map { $0["growth"]?["probability"]?.double ?? 0 }
        #expect(0 < growth[1] && growth[1] < growth[0] && growth[0] < 1, "who may leave hardly grows")
        for outlook in outlooks {
            let growth = outlook["growth"] ?? .null
            let range = ["low", "probability", "high"].map { growth[$0]?.double ?? -1 }
            #expect(0 < range[0] && range == range.sorted() && range[0] < range[2] && range[2] < 1)
            let reasons = growth["factors"]?.array ?? []
            #expect(reasons.map { $0.text("name") } == ["tenure_months", "churn"])
            #expect(reasons.last?["value"] == outlook["churn"]?["probability"])
            #expect((reasons.last?["contribution"]?.double ?? 0) < 0)
            #expect(reasons.last?.text("evidence").hasPrefix("Leaves within a year with") == true)
        }
        let urgent = (outlooks[1]["factors"]?.array ?? []).first { $0["name"] == "urgent_tickets" }
        #expect(urgent?["value"] == 4 && (urgent?["contribution"]?.double ?? 0) > 0)
        #expect(!(urgent?.text("evidence").isEmpty ?? true))
    }

    @Test func `what has not changed is not judged again, and who is absent has no outlook`() throws {
        let agency = try server.quietAgency(), box = try box(of: agency)
        let client = try box.owner.makeClient()
        try box.advance("P1D")
        let path = "/v1/decisions?agent=client_outlook&subject_id=\(client.id)"
        #expect(try box.owner.every(path).count == 1)
        try box.owner.get("/v1/clients/client_00000000000000000000000000/outlook").problem(404)
        let live = try agency.owner.makeClient()
        try server.quietAgency().owner.get("/v1/clients/\(live.id)/outlook").problem(404)
        let person = try agency.clientPerson(of: live, "admin")
        try person.get("/v1/clients/\(live.id)/outlook").problem(403, "forbidden")
    }

    @Test func `after 49 endings rules judge, after 50 what was learned of them, and both replay`() throws {
        let box = try box(of: server.quietAgency()), owner = box.owner
        for schedule in try owner.every("/v1/schedules") {
            try owner.delete("/v1/schedules/\(schedule.id)").ok(204)
        }
        func judge(after duration: String) throws {
            try box.advance(duration)
            try owner.post("/v1/agents/client_outlook/runs", [:]).ok(202)
            try box.advance("PT0S")
        }
        let survey = try owner.post(
            "/v1/surveys", ["name": "Year", "kind": "nps", "question": "Would you name us to others?"]
        ).ok(201)
        // Content clients leave, and others stay: the opposite of what the rules take for granted.
        let clients = try (0..<98).map { number in
            let client = try owner.makeClient(["name": .string("Client \(number)")])
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "client_id": .string(client.id),
                    "score": number < 49 ? 9 : 2,
                ]
            ).ok(201)
            return client.id
        }
        func leave(_ client: String) throws {
            try owner.patch("/v1/clients/\(client)", ["status": "former"]).ok()
        }
        let staying = try #require(clients.last)
        func outlook() throws -> JSON { try owner.get("/v1/clients/\(staying)/outlook").ok() }
        func replays(_ outlook: JSON) throws -> Bool {
            let again = try owner.post("/v1/decisions/\(outlook.text("decision_id"))/replay").ok()
            return again["same"] == true && again["outcome"]?["churn"] == outlook["churn"]
        }
        for month in 0..<12 { try judge(after: month == 0 ? "PT1H" : "P31D") }
        for client in clients.prefix(49) { try leave(client) }
        try judge(after: "P31D")

        // All that a model needs is there but the fiftieth ending.
        try judge(after: "P336D")
        let ruled = try outlook()
        #expect(ruled["model"]?["name"] == "rules" && ruled["model"]?["training_size"] == 0)
        try leave(try owner.makeClient().id)
        try judge(after: "PT1H")
        let learned = try outlook()
        #expect(learned["model"]?["name"] == "logistic_regression", "\(learned)")
        #expect(learned["model"]?["training_size"] == 98, "of each client one month of the year")
        #expect(learned.text("decision_id") != ruled.text("decision_id"))
        #expect(probability(learned) < probability(ruled) && probability(learned) < 0.2)
        let satisfaction = (learned["factors"]?.array ?? []).first { $0["name"] == "satisfaction" }
        #expect((satisfaction?["contribution"]?.double ?? 0) < 0 && satisfaction?["value"] == 2)

        // The month after brings another model; each decision is repeated by its own.
        try judge(after: "P31D")
        let later = try outlook()
        #expect(later["model"]?["name"] == "logistic_regression")
        for outlook in [ruled, learned, later] { #expect(try replays(outlook)) }
    }

    @Test func `a client has a manager of the agency's own, and the day it left`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try owner.makeClient(["manager_id": .string(agency.user.id)])
        #expect(client.text("manager_id") == agency.user.id && client["ended_at"] == .null)
        let left = try owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        #expect(!left.text("ended_at").isEmpty)
        #expect(try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()["ended_at"] == .null)
    }
}
