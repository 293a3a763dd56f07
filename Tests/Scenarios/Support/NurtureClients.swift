import Foundation
import JSON
import TestRandomness
import Testing

/// Clients of an agency that keeps in touch by itself: figures come for them, they wait for urgent help, projects of
/// theirs end, and people whom they have named buy and pay.
final class NurtureClients {
    private let box: SandboxCaller
    private let seed: UInt64
    private var clients: [Client] = []
    private var told = 0

    private struct Client {
        let record: JSON, referral: JSON
        var project: String
        /// When it has waited for urgent help; its ticket is the one of the last time.
        var troubles: [ClosedRange<Date>] = []
        var ticket: String?
        /// The client that the person it has named became.
        var named: JSON?
    }

    init(_ box: SandboxCaller, seed: UInt64) throws {
        (self.box, self.seed) = (box, seed)
        let agent = "/v1/agents/client_management"
        try box.owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        let reward: JSON = ["reward": cents(20_000), "expires_after": "P1Y", "max_per_year": 5]
        try box.owner.patch("\(agent)/config", ["referrals": reward]).ok()
        try box.owner.post("\(agent)/config/publish").ok()
        for number in 0..<2 { try takeIn(number) }
    }

    private func takeIn(_ number: Int) throws {
        let record = try box.owner.makeClient([
            "name": .string("Client \(number)"), "tier": "growth",
            "contact_email": .string("boss@client\(number).example"),
        ])
        try figure(40, record)
        try box.owner.post(
            "/v1/goals",
            [
                "client_id": .string(record.id), "metric": "crm.enquiries", "target": 100,
                "name": "Enquiries", "by": "2040-06-30",
            ]
        ).ok(201)
        let referral = try box.owner.post(
            "/v1/referrals",
            [
                "referrer": ["type": "client", "id": .string(record.id)],
                "referred": [
                    "name": .string("Friend \(number)"), "company": .string("Friends \(number)"),
                    "email": .string("friend@friends\(number).example"),
                ],
            ]
        ).ok(201)
        clients.append(Client(record: record, referral: referral, project: try project(record)))
    }

    /// The leads that clients have named, of whom the story tells nothing else.
    var leads: [String] { clients.map { $0.referral.text("lead_id") } }

    // MARK: What happens

    /// Something happens to one of them; answers what.
    func turn(_ chance: inout SeededGenerator) throws -> String {
        let place = chance.below(clients.count), name = clients[place].record.text("name")
        switch chance.below(4) {
        case 0:
            let value = 30 + chance.below(120)
            try figure(value, clients[place].record)
            return "\(name) has \(value) enquiries"
        case 1:
            if clients[place].ticket != nil { return try resolve(place) }
            return try wait(place)
        case 2: return try complete(place)
        default: return try pay(place)
        }
    }

    private func figure(_ value: Int, _ client: JSON) throws {
        // A figure of today is replaced.
        let status = try box.owner.post(
            "/v1/metrics",
            [
                "client_id": .string(client.id), "source": "crm", "metric": "enquiries",
                "date": .string(String(try box.now().prefix(10))), "value": JSON(value),
            ]
        ).status
        #expect([200, 201].contains(status))
    }

    private func wait(_ place: Int) throws -> String {
        let client = clients[place].record
        clients[place].ticket = try box.owner.post(
            "/v1/tickets",
            [
                "subject": "It is broken", "body": "An error.", "client_id": .string(client.id),
                "priority": "urgent",
            ]
        ).ok(201).id
        clients[place].troubles.append(try now()...Date.distantFuture)
        return "\(client.text("name")) waits for urgent help"
    }

    private func resolve(_ place: Int) throws -> String {
        if let ticket = clients[place].ticket, let last = clients[place].troubles.popLast() {
            clients[place].troubles.append(last.lowerBound...(try now()))
            clients[place].ticket = nil
            try box.owner.post("/v1/tickets/\(ticket)/resolve", ["resolution": "Works."]).ok()
        }
        return "\(clients[place].record.text("name")) is helped"
    }

    private func project(_ client: JSON) throws -> String {
        told += 1
        return try box.owner.project(client, ["name": .string("Project \(told)")]).id
    }

    private func complete(_ place: Int) throws -> String {
        let client = clients[place].record
        try box.owner.patch("/v1/projects/\(clients[place].project)", ["status": "completed"]).ok()
        clients[place].project = try project(client)
        return "a project of \(client.text("name")) ends"
    }

    /// The person whom the client has named becomes a client with the first invoice, and pays this one and all others.
    private func pay(_ place: Int) throws -> String {
        let fields: JSONObject = [
            "name": .string("Named \(place)"), "contact_email": nil,
            "lead_id": clients[place].referral["lead_id"] ?? .null,
        ]
        let named = try clients[place].named ?? box.owner.makeClient(fields)
        clients[place].named = named
        _ = try box.owner.pay(try box.owner.invoice(named), 50_000).ok(201)
        return "\(named.text("name")) pays"
    }

    private func now() throws -> Date { try Date(iso: box.now()) }

    // MARK: What always holds

    /// Helps all who wait, and ends a project of each, so that there is something to thank for.
    func end() throws {
        for place in clients.indices {
            _ = try resolve(place)
            _ = try complete(place)
        }
    }

    /// The people who were leads and have bought: clients hear of what is for them, whatever was drawn before.
    func bought() throws -> Set<String> {
        Set(
            try clients.filter { $0.named != nil }.map {
                try box.owner.get("/v1/leads/\($0.referral.text("lead_id"))").ok().text("contact_id")
            })
    }

    /// Nobody is thanked twice for anything, nor at a bad moment, nor rewarded twice.
    func check(_ sent: [JSON], after trace: [String]) throws {
        var thanks: Set<[String]> = []
        for mail in sent where mail["cause"]?["type"] == "gratitude" {
            let sources = (mail["sources"]?.array ?? []).filter {
                ["goal", "project"].contains($0.text("type"))
            }
            // The first one is thanked for, and the others are ahead.
            let source = try #require(sources.first?.id, "seed \(seed): \(mail)")
            let key = [mail.text("client_id"), mail.text("topic"), source]
            #expect(thanks.insert(key).inserted, "seed \(seed): \(mail) after \(trace)")
        }
        for client in clients {
            #expect(thanks.contains { $0[0] == client.record.id }, "seed \(seed): no thanks after \(trace)")
            let own = try sent.filter {
                $0.text("client_id") == client.record.id || $0["contact_id"] == client.record["contact_id"]
            }.map { (mail: $0, at: try Date(iso: $0.text("sent_at"))) }
            for (mail, at) in own {
                let isBad = client.troubles.contains { $0.lowerBound < at && at < $0.upperBound }
                #expect(!isBad, "seed \(seed): \(mail) after \(trace)")
            }
            let credits = try box.owner.every("/v1/credits?client_id=\(client.record.id)").count
            #expect(credits == (client.named == nil ? 0 : 1), "seed \(seed): \(credits) after \(trace)")
        }
    }
}
