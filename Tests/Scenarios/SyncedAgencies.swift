import JSON
import StandIns
import Synchronization
import TestRandomness
import Testing

/// The way between two agencies, on which a process dies at a call that was chosen.
private final class WayBetween: Sendable {
    struct Death: Sendable {
        /// The number of calls that come first, and whether the deed is done and only its answer is lost.
        let after: Int, isDone: Bool
        let kill: @Sendable () throws -> Void
    }

    private final class Plan: Sendable {
        let death = Mutex<(left: Int, Death)?>(nil), isQuiet = Mutex(true)

        func carryOut(_ death: Death) {
            try? death.kill()
            isQuiet.withLock { $0 = true }
        }

        /// The death that is due with this call.
        func take() -> Death? {
            death.withLock { death in
                guard let (left, plan) = death else { return nil }
                death = left > 0 ? (left - 1, plan) : nil
                return left > 0 ? nil : plan
            }
        }
    }

    private let plan = Plan()
    let service: ServiceStandIn

    init(to other: BureauProcess) throws {
        let plan = plan
        service = try ServiceStandIn { request in
            let death = plan.take()
            if let death, !death.isDone { plan.carryOut(death) }
            var headers: [String: String] = [:]
            for name in ["Authorization", "Content-Type", "Idempotency-Key"] {
                if let value = request.header(name) { headers[name] = value }
            }
            let answer = try? other.anonymous.request(
                request.method, request.target, raw: request.body.isEmpty ? nil : request.body,
                headers: headers)
            if let death, death.isDone { plan.carryOut(death) }
            guard let answer, death == nil else { return StandInAnswer(504, "") }
            return StandInAnswer(
                answer.status, answer.text, headers: [("Content-Type", "application/json")])
        }
    }

    func plan(_ death: Death) {
        plan.isQuiet.withLock { $0 = false }
        plan.death.withLock { $0 = (death.after, death) }
    }

    /// Whether whoever was to die has died.
    var isQuiet: Bool { plan.isQuiet.withLock { $0 } }
}

/// Two agencies on two servers, of which one knows the other by a connector that it has declared itself.
@Suite(.ownThread) struct SyncedAgencies {
    private static let names = ["contact_name", "company", "contact_title", "industry"]

    /// The other agency's API, as a connector.
    private func connector(at url: String) -> JSON {
        let fields = (["email"] + Self.names).map { name -> JSON in
            ["name": .string(name), "type": name == "email" ? "email" : "text"]
        }
        return [
            "name": "other_bureau", "auth": ["kind": "bearer", "credential": "token"],
            "base_url": .string(url),
            "objects": [
                [
                    "name": "leads", "id": "/id", "updated_at": "/updated_at",
                    "list": [
                        "path": "/v1/leads",
                        "query": [
                            "updated_at[gte]": "{{ since }}", "sort": "updated_at", "limit": "20",
                        ],
                        "items": "/data",
                        "next": ["kind": "token", "at": "/next_cursor", "parameter": "cursor"],
                    ],
                    "find": ["path": "/v1/leads", "query": ["email": "{{ key }}"], "items": "/data"],
                    "create": ["path": "/v1/leads"], "update": ["path": "/v1/leads/{{ id }}"],
                    "fields": .array(fields),
                ]
            ],
        ]
    }

    private func sync(
        of agency: Agency, with other: Agency, at url: String? = nil, _ more: JSON = [:]
    ) throws -> String {
        let key = try other.owner.post(
            "/v1/api-keys", ["name": "sync", "scopes": ["leads:read", "leads:write"]]
        ).ok(201)
        try agency.owner.post(
            "/v1/connectors", connector(at: url ?? "http://127.0.0.1:\(other.server.port)")
        ).ok(201)
        let integration = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "custom.other_bureau", "capability": "crm", "settings": [:],
                "credentials": ["token": .string(key.text("secret"))],
            ]
        ).ok(201)
        let mapping = (["email"] + Self.names).map { name -> JSON in
            ["local": .string(name), "remote": .string(name), "key": .bool(name == "email")]
        }
        let body: JSON = [
            "integration_id": .string(integration.id), "object": "leads", "local": "leads",
            "direction": "both", "conflict": "newest", "mapping": .array(mapping),
        ]
        let made = try agency.owner.post("/v1/syncs", body.merging(more)).ok(201)
        return "/v1/syncs/\(made.id)"
    }

    private func state(of agency: Agency) throws -> [String: [String]] {
        let leads = try agency.owner.every("/v1/leads").filter { $0.text("status") != "archived" }
        return Dictionary(
            leads.map { lead in (lead.text("email"), Self.names.map { lead.text($0) }) },
            uniquingKeysWith: { first, second in first + second })
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `after random edits on both sides, and kills, both are equal`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let (here, there) = (try BureauProcess.start(), try BureauProcess.start())
        let (agency, other) = (try here.quietAgency(), try there.quietAgency())
        let path = try sync(of: agency, with: other)
        for number in 0..<30 { _ = try agency.makeLead(number) }
        for number in 20..<50 { _ = try other.makeLead(number, ["contact_name": "There"]) }
        func run() throws -> String {
            try agency.owner.ended("\(path)/run").text("status")
        }
        for round in 0..<6 {
            for side in [agency, other] {
                let leads = try side.owner.every("/v1/leads")
                for _ in 0..<8 where !leads.isEmpty {
                    let lead = leads[random.below(leads.count)]
                    let name = Self.names[random.below(Self.names.count)]
                    try side.owner.patch(
                        "/v1/leads/\(lead.id)", [name: .string("Value \(random.below(1000))")]
                    ).ok()
                }
            }
            _ = try other.makeLead(100 + round)
            _ = try agency.makeLead(200 + round)
            if random.below(2) == 0 {
                _ = try agency.owner.post("\(path)/run").ok(202)
                here.kill()
                try here.start()
            } else {
                #expect(try run() == "completed")
            }
        }
        for _ in 0..<3 { #expect(try run() == "completed") }
        let (ours, theirs) = (try state(of: agency), try state(of: other))
        #expect(ours.count == 62 && ours == theirs)
        #expect(ours.values.allSatisfy { $0.count == Self.names.count }, "somebody is there twice")
        let last = try agency.owner.ended("\(path)/run")
        for side in ["pulled", "pushed"] {
            #expect(last[side]?["updated"] == 0 && last[side]?["created"] == 0, "\(last)")
        }
        #expect(try agency.owner.every("/v1/sync-conflicts").isEmpty)
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `whichever side dies at whichever call, both are equal, and what is deleted there is gone here`(
        _ seed: UInt64
    ) throws {
        var random = SeededGenerator(seed)
        let (here, there) = (try BureauProcess.start(), try BureauProcess.start())
        let (agency, other) = (try here.quietAgency(), try there.quietAgency())
        let way = try WayBetween(to: there)
        let path = try sync(of: agency, with: other, at: way.service.url, ["deletes": "archive"])
        for number in 0..<12 { _ = try agency.makeLead(number) }
        for number in 8..<20 { _ = try other.makeLead(number, ["contact_name": "There"]) }
        func run(_ body: JSON = [:]) throws -> JSON {
            let run = try agency.owner.ended("\(path)/run", body)
            #expect(run.text("status") == "completed", "\(run)")
            return run
        }
        _ = try run()
        for round in 0..<4 {
            for side in [agency, other] {
                for lead in try side.owner.every("/v1/leads").filter({ _ in random.below(3) == 0 }) {
                    let name = Self.names[random.below(Self.names.count)]
                    try side.owner.patch(
                        "/v1/leads/\(lead.id)", [name: .string("Value \(random.below(1000))")]
                    ).ok()
                }
            }
            _ = try other.makeLead(100 + round)
            _ = try agency.makeLead(200 + round)
            // A listing, the looking up and the making of what is new here: three calls at least.
            let isHere = round % 2 == 0
            way.plan(
                .init(after: random.below(3), isDone: isHere || random.below(2) == 0) {
                    if isHere { here.kill() } else { try there.killAndRestart() }
                })
            let begun = try agency.owner.post("\(path)/run"), place = try #require(begun.header("Location"))
            try eventuallyTrue("the end of a process") { way.isQuiet }
            if isHere { try here.start() }
            try eventuallyTrue("the end of the run") {
                try agency.owner.get(place).ok().text("status") == "completed"
            }
        }
        for _ in 0..<2 { _ = try run() }
        #expect(try state(of: agency).count == 28 && state(of: agency) == state(of: other))
        for lead in try other.owner.every("/v1/leads").prefix(3) {
            try other.owner.delete("/v1/leads/\(lead.id)").ok(204)
        }
        #expect(try run(["full": true])["pulled"]?["archived"] == 3)
        let last = try run()
        for side in ["pulled", "pushed"] {
            #expect(last[side]?["updated"] == 0 && last[side]?["created"] == 0, "\(last)")
        }
        let (ours, theirs) = (try state(of: agency), try state(of: other))
        #expect(ours.count == 25 && ours == theirs, "nobody is there twice, and none comes back")
        #expect(ours.values.allSatisfy { $0.count == Self.names.count })
    }
}
