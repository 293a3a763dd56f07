import Foundation
import JSON
import StandIns
import Testing

/// A package may have a plan of its own, by which its clients are taken in.
@Suite(.ownThread) struct OnboardingPlans {
    let server = BureauProcess.shared

    private func onboarding(_ owner: Caller, of client: JSON) throws -> JSON {
        try #require(try owner.every("/v1/onboardings?client_id=\(client.id)").first)
    }

    @Test func `a client is taken in by its package's plan, and those of other packages by the usual steps`()
        throws
    {
        let owner = try server.quietAgency().owner, packages = try owner.every("/v1/packages")
        let own = packages[0], path = "/v1/packages/\(own.id)"
        let steps: JSON = [
            ["key": "welcome"], ["key": "requirements", "days": 14],
            ["key": "audit", "title": "Audit of the shop", "after": ["welcome"], "days": 3],
            ["key": "access", "title": "Access to the shop", "owner": "client"],
            ["key": "delivery_plan", "after": ["audit", "access"]], ["key": "first_report"],
        ]
        let changed = try owner.patch(path, ["onboarding_steps": steps]).ok()
        #expect(changed["onboarding_steps"]?.array?.count == 6)
        let client = try owner.makeClient(["package_id": .string(own.id)])
        let begun = try onboarding(owner, of: client), plan = begun["steps"]?.array ?? []
        let keys = ["welcome", "requirements", "audit", "access", "delivery_plan", "first_report"]
        #expect(plan.map { $0.text("key") } == keys)
        #expect(plan.map { $0.text("state") } == ["done", "open", "open", "open", "waiting", "waiting"])
        #expect(plan.map { $0.text("owner") } == ["agent", "client", "agency", "client", "agency", "agency"])
        #expect(
            plan.map { $0["after"] ?? .null }
                == [[], ["welcome"], ["welcome"], [], ["audit", "access"], ["delivery_plan"]])
        #expect(plan.map { $0["days"]?.int ?? -1 } == [0, 14, 3, 7, 7, 31])
        #expect(plan[2]["title"] == "Audit of the shop" && plan[2]["kind"] == "task")
        #expect(plan[1]["fields"]?.array?.isEmpty == false && plan[2]["fields"] == [])
        let place = "/v1/onboardings/\(begun.id)/steps"
        try owner.post("\(place)/delivery_plan/complete").problem(409, "invalid_transition")
        for key in keys.dropFirst() { try owner.post("\(place)/\(key)/complete").ok() }
        #expect(try onboarding(owner, of: client).text("status") == "completed")
        #expect(try owner.get("/v1/clients/\(client.id)").ok().text("lifecycle") == "active")
        for package in packages.prefix(2) {
            try owner.patch(path, ["onboarding_steps": []]).ok()
            let usual = try owner.makeClient(["package_id": .string(package.id)])
            #expect(try onboarding(owner, of: usual)["steps"]?.array?.count == 8)
        }
    }

    @Test func `what is left out of the usual steps keeps nothing shut, and what came before it does`()
        throws
    {
        let owner = try server.quietAgency().owner
        let package = try #require(try owner.every("/v1/packages").first)
        let steps: JSON = [["key": "welcome"], ["key": "account_setup"], ["key": "delivery_plan"]]
        try owner.patch("/v1/packages/\(package.id)", ["onboarding_steps": steps]).ok()
        let client = try owner.makeClient(["package_id": .string(package.id)])
        let begun = try onboarding(owner, of: client)
        #expect(begun["steps"]?.array?.last?["after"] == ["account_setup", "welcome"], "\(begun)")
    }

    @Test func `a plan that nobody could follow is refused, each fault at its place`() throws {
        let owner = try server.quietAgency().owner
        let path = "/v1/packages/\(try #require(try owner.every("/v1/packages").first).id)"
        func faults(_ steps: JSON) throws -> [String: String] {
            let faults = try owner.patch(path, ["onboarding_steps": steps]).faults()
            return Dictionary(
                uniqueKeysWithValues: faults.map {
                    (String($0.key.trimmingPrefix("/onboarding_steps")), $0.value)
                })
        }
        #expect(
            try faults([["key": "welcome"], ["key": "audit"], ["key": "a b", "title": "A"]])
                == ["/1/title": "required", "/2/key": "invalid_key"])
        let audit: JSON = ["key": "audit", "title": "Audit", "after": ["never"]]
        #expect(
            try faults([["key": "kick_off"], ["key": "kick_off"], audit])
                == ["/1/key": "duplicate_value", "/2/after/0": "unknown_reference"])
        // The last one only waits for the two that wait for each other.
        #expect(
            try faults([
                ["key": "kick_off", "after": ["audit"]],
                ["key": "audit", "title": "Audit", "after": ["kick_off"]],
                ["key": "late", "title": "Late", "after": ["audit"]],
            ]) == ["/0/after": "conflict", "/1/after": "conflict"])
        #expect(try faults([["key": "welcome"]]) == ["": "required"])
        #expect(
            try faults([["key": "audit", "title": "Audit", "owner": "robot", "days": 1000]])
                == ["/0/owner": "invalid_choice", "/0/days": "out_of_range"])
        #expect(try owner.get(path).ok()["onboarding_steps"] == [])
    }

    @Test func `a plan refers to its own steps alone, whoever's identifiers it is given`() throws {
        let (mine, theirs) = (try server.quietAgency().owner, try server.quietAgency().owner)
        let own = try #require(try mine.every("/v1/packages").first)
        let other = try #require(try theirs.every("/v1/packages").first)
        let client = try theirs.makeClient(["package_id": .string(other.id)])
        let steps: JSON = [["key": "welcome"], ["key": .string(client.id), "title": "Call them"]]
        try mine.patch("/v1/packages/\(other.id)", ["onboarding_steps": steps]).problem(404, "not_found")
        let path = "/v1/packages/\(own.id)"
        for id in [client.id, other.id, try onboarding(theirs, of: client).id] {
            let step: JSON = ["key": "audit", "title": "Audit", "after": [.string(id)]]
            #expect(
                try mine.patch(path, ["onboarding_steps": [["key": "kick_off"], step]]).faults()
                    == ["/onboarding_steps/1/after/0": "unknown_reference"])
        }
        // As the name of a step it is a word, and shows nothing of what it names elsewhere.
        try mine.patch(path, ["onboarding_steps": steps]).ok()
        let begun = try onboarding(mine, of: mine.makeClient(["package_id": .string(own.id)]))
        #expect(begun["steps"]?[1].text("title") == "Call them")
        let refused = try mine.post("/v1/clients", ["name": "Acme", "package_id": .string(other.id)])
        #expect(try refused.faults() == ["/package_id": "unknown_reference"])
        #expect(try mine.every("/v1/onboardings").count == 1)
        #expect(try theirs.get("/v1/packages/\(other.id)").ok()["onboarding_steps"] == [])
        #expect(try onboarding(theirs, of: client)["steps"]?.array?.count == 8)
    }

    @Test func `changed as clients come and the server dies, a plan is whole for each of them`() throws {
        let server = try BureauProcess.start(), sink = try SMTPStandIn(), agency = try server.signUp()
        let owner = agency.owner
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        try owner.patch("/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]).ok()
        let package = try #require(try owner.every("/v1/packages").first).id
        let plans = [
            ["welcome", "account_setup", "delivery_plan"],
            ["welcome", "audit", "access", "requirements", "kick_off", "first_report"],
        ]
        @Sendable func change(_ number: Int) throws -> Answer {
            let steps = plans[number % 2].map { key -> JSON in ["key": .string(key), "title": "Step"] }
            return try owner.patch("/v1/packages/\(package)", ["onboarding_steps": .array(steps)])
        }
        try change(0).ok()
        for round in 1...2 {
            let isOver = DispatchGroup()
            for isPlanner in [true, false] {
                isOver.enter()
                Thread {
                    for number in 1... {
                        let client: JSON = [
                            "name": "Acme", "package_id": .string(package),
                            "contact_email": .string("c\(round)-\(number)@acme.example"),
                        ]
                        let answer = try? isPlanner ? change(number) : owner.post("/v1/clients", client)
                        guard let answer, answer.status < 300 else { break }
                    }
                    isOver.leave()
                }.start()
            }
            try eventuallyTrue("clients of round \(round)", every: .milliseconds(2)) {
                try owner.total(of: "clients") ?? 0 >= Int64(10 * round)
            }
            server.kill()
            isOver.wait()
            try server.start()
        }
        let clients = Set(try owner.every("/v1/clients").map(\.id))
        let begun = try owner.every("/v1/onboardings")
        #expect(begun.count == clients.count && Set(begun.map { $0.text("client_id") }) == clients)
        for one in begun {
            let keys = (one["steps"]?.array ?? []).map { $0.text("key") }
            #expect(plans.contains(keys), "\(keys)")
        }
        // The workflow of each goes on, and has greeted its client once.
        let welcomes = try eventually("a welcome for each") { () -> [JSON]? in
            let all = try owner.every("/v1/messages?topic=client_welcome&direction=outbound")
            return all.count < clients.count ? nil : all
        }
        #expect(welcomes.count == clients.count && Set(welcomes.map { $0.text("client_id") }) == clients)
    }
}
