import JSON
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
}
