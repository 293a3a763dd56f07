import JSON
import Testing

/// A client's goals are measured by its figures, and reached once.
@Suite(.ownThread) struct ClientGoals {
    let server = BureauProcess.shared

    private func figure(_ owner: Caller, _ client: JSON, _ date: String, _ value: Double) throws {
        let answer = try owner.post(
            "/v1/metrics",
            [
                "client_id": .string(client.id), "source": "crm", "metric": "leads", "date": .string(date),
                "value": .number(value),
            ])
        #expect([200, 201].contains(answer.status))
    }

    private func goal(_ owner: Caller, _ client: JSON, _ more: JSON = [:]) throws -> JSON {
        let fields: JSON = [
            "client_id": .string(client.id), "metric": "crm.leads", "target": 100, "by": "2035-12-31",
        ]
        return try owner.post("/v1/goals", fields.merging(more)).ok(201)
    }

    @Test func `the newest figure counts from where it began, and the goal is reached once`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        try figure(owner, client, "2020-01-01", 40)
        let made = try goal(owner, client)
        #expect([made["baseline"], made["current"], made["progress"]] == [40, 40, 0])
        #expect(made["reached_at"] == .null && made.text("measure") == "latest")
        func now() throws -> JSON { try owner.get("/v1/goals/\(made.id)").ok() }
        try figure(owner, client, "2020-02-01", 70)
        #expect(try [now()["current"], now()["progress"]] == [70, 0.5])
        // A correction of an old day changes nothing of where it stands.
        try figure(owner, client, "2020-01-01", 45)
        #expect(try now()["current"] == 70)
        try figure(owner, client, "2020-03-01", 113)
        let reached = try now()
        #expect(reached["progress"] == 1 && reached["reached_at"]?.text != nil)
        #expect(reached["evidence"]?.array?.map { $0.text("type") } == ["metric"])
        try figure(owner, client, "2020-04-01", 120)
        #expect(try owner.told("goal.reached", of: made.id).count == 1)
        #expect(try now()["current"] == 113, "what was reached stays as it was")
    }

    @Test func `a sum counts from its day, and less can be the aim`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        try figure(owner, client, "2020-01-01", 1000)
        let sum = try goal(owner, client, ["measure": "sum", "from": "2020-02-01"])
        #expect([sum["baseline"], sum["reached_at"]] == [0, .null])
        let fewer = try goal(owner, client, ["direction": "at_most", "target": 50])
        #expect(fewer["baseline"] == 1000)
        try figure(owner, client, "2020-02-01", 60)
        #expect(try owner.get("/v1/goals/\(sum.id)").ok()["progress"] == 0.6)
        #expect(try owner.get("/v1/goals/\(fewer.id)").ok()["reached_at"] == .null)
        try figure(owner, client, "2020-02-02", 40)
        for id in [sum.id, fewer.id] {
            #expect(try owner.get("/v1/goals/\(id)").ok()["reached_at"]?.text != nil)
        }
        #expect(try owner.get("/v1/goals/\(sum.id)").ok()["evidence"]?.array?.count == 2)
    }

    @Test func `a report says of a goal where it began, where it is and how far, in each language`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try owner.makeClient(["contact_email": "ann@acme.example"])
        // Nothing was known of it when it was made.
        _ = try goal(owner, client, ["name": "Early"])
        try figure(owner, client, "2020-01-01", 40)
        _ = try goal(owner, client, ["name": "More leads"])
        try figure(owner, client, "2020-02-01", 70)
        let ways = [
            "en": "(began at 40, 50 % of the way)",
            "de": "(Beginn bei 40, 50 % des Wegs)", "fr": "(départ à 40, 50 % du chemin)",
            "es": "(inicio en 40, 50 % del camino)", "it": "(inizio da 40, 50 % del percorso)",
            "pt": "(início em 40, 50 % do caminho)", "nl": "(begin bij 40, 50 % van de weg)",
        ]
        for (language, words) in ways {
            let asked: JSON = ["client_id": .string(client.id), "locale": .string(language)]
            let report = try owner.post("/v1/reports", asked).ok(201)
            let texts = (report["sections"]?.array ?? []).map { $0.text("text") }
            let text = try #require(texts.first { $0.contains("More leads") })
            #expect(text.contains(words), "\(language): \(text)")
            if language == "en" { #expect(text.contains("Early: 70 of 100, by") && text.contains(" (0 % of")) }
            #expect(try owner.get("/v1/reports/\(report.id).html").text.contains(words))
        }
        let ann = try agency.clientPerson(of: client, "admin", email: "ann@acme.example")
        let own = try #require(try ann.every("/v1/portal/goals").first { $0.text("name") == "More leads" })
        #expect([own["baseline"], own["current"], own["progress"]] == [40, 70, 0.5])
    }

    @Test func `what is wrong with a goal is named, and another agency's client is none`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let theirs = try server.quietAgency().owner.makeClient()
        func faults(_ more: JSON) throws -> [String: String] {
            let fields: JSON = [
                "client_id": .string(client.id), "metric": "crm.leads", "target": 1, "by": "2035-01-31",
            ]
            return try owner.post("/v1/goals", fields.merging(more)).faults()
        }
        #expect(
            try faults(["metric": "x", "by": "2020-01-01"]) == [
                "/metric": "invalid_choice", "/by": "out_of_range",
            ])
        #expect(try faults(["direction": "sideways"]) == ["/direction": "invalid_choice"])
        #expect(try faults(["from": "2036-01-01"]) == ["/by": "out_of_range"])
        #expect(try faults(["client_id": .string(theirs.id)]) == ["/client_id": "unknown_reference"])
        let made = try goal(owner, client)
        #expect(
            try owner.patch("/v1/goals/\(made.id)", ["reached_at": "2030-01-01T00:00:00Z"]).faults() == [
                "/reached_at": "read_only"
            ])
    }
}
