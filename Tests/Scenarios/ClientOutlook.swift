import JSON
import StandIns
import Testing

/// What is expected of clients, from what is known of them, with its range and its reasons.
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

    @Test func `a client has a manager of the agency's own, and the day it left`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try owner.makeClient(["manager_id": .string(agency.user.id)])
        #expect(client.text("manager_id") == agency.user.id && client["ended_at"] == .null)
        let left = try owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        #expect(!left.text("ended_at").isEmpty)
        #expect(try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()["ended_at"] == .null)
    }
}
