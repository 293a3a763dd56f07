import JSON
import Testing

/// The sample agency of `bureau demo` has something in every list, and nothing that would call out.
@Suite(.ownThread) struct SampleViews {
    /// The lists that the sample agency cannot fill honestly, and why.
    private let excused = [
        "/v1/ad-audiences": "they are told to an advertising service, and the sample agency has none",
        "/v1/ad-campaigns": "they are read from an advertising service, and the sample agency asks none",
        "/v1/lead-form-responses": "as of `/v1/lead-forms`",
        "/v1/lead-forms": "networks are asked for them, and the sample agency is signed in at none",
        "/v1/metric-reads": "a reading of metrics asks a service, and the sample agency asks none",
        "/v1/network-spaces": "as of `/v1/lead-forms`", "/v1/network-trends": "as of `/v1/lead-forms`",
        "/v1/post-changes": "a post is changed at a network, and the sample agency is signed in at none",
        "/v1/post-promotions":
            "they are in an advertising service's campaigns, and the sample agency has none",
        "/v1/schedules/conflicts": "conflicts are mistakes, and the schedules that it has fit together",
        "/v1/schedules/proposals": "the orchestrator proposes times once it has seen weeks of real runs",
        "/v1/social-mentions": "as of `/v1/lead-forms`",
    ]

    @Test func `every list of the sample agency has something in it`() throws {
        let demo = try BureauProcess.demo()
        let owner = try demo.sampleOwner()
        let lists = try owner.wholeLists()
        #expect(lists.count > 100, "the pattern finds the lists")
        #expect(Set(excused.keys).subtracting(lists).isEmpty, "an excuse is for a list that is there")
        var empty = lists.filter { excused[$0] == nil }
        // Agents and jobs make some of it, within the first seconds.
        _ = try? eventually("every list to have something", within: .seconds(60), every: .milliseconds(200)) {
            () -> Bool? in
            empty = try empty.filter { try owner.get("\($0)?limit=1").ok().items.isEmpty }
            return empty.isEmpty ? true : nil
        }
        #expect(empty.isEmpty, "nothing in \(empty)")
        try asksNobody(owner)
    }

    /// Services that could call out have been captured, or are switched off.
    private func asksNobody(_ owner: Caller) throws {
        #expect(try owner.every("/v1/webhooks").map { $0.text("status") } == ["disabled"])
        let deliveries = try owner.every("/v1/webhook-deliveries")
        #expect(Set(deliveries.map { $0.text("event_type") }).isSuperset(of: ["webhook.test"]))
        #expect(deliveries.allSatisfy { $0["status"] == "captured" && $0["attempt_count"] == 0 })
        #expect(try owner.every("/v1/models").map { $0["enabled"] } == [false])
        #expect(
            try owner.every("/v1/crawls").map { "\($0.text("status")) \($0.text("reason"))" } == [
                "failed sandbox"
            ])
        let domain = try owner.every("/v1/sending-domains")
        #expect(domain.map { $0.text("status") } == ["unverified"] && domain[0]["checked_at"] == .null)
        let active = try owner.every("/v1/integrations?status=active").map { $0.text("provider") }.sorted()
        #expect(active == ["http", "web_chat"], "nobody asks the first, and visitors ask the second")
        let outside = ["webhook.delivery", "discovery.crawl", "sending_domain.check", "metrics.read"]
        let jobs = try outside.flatMap { try owner.every("/v1/jobs?kind=\($0)") }
        #expect(jobs.allSatisfy { $0["state"] == "completed" }, "what did not leave is over")
    }
}

extension Caller {
    /// The lists that the document of the API names and that belong to no other record, but for those of portals and
    /// of the platform.
    func wholeLists() throws -> [String] {
        let paths = try get("/openapi.json").ok()["paths"]?.object?.members ?? []
        return paths.filter { path, item in
            let answer = item["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
            return !path.contains("{") && !path.hasPrefix("/v1/portal") && !path.hasPrefix("/v1/admin")
                && answer?["properties"]?["next_cursor"] != nil
        }.map(\.0)
    }
}

extension BureauProcess {
    /// A folder in which `bureau demo` has made its agency, for which it takes half a minute of a processor.
    private static let seeded = Result {
        let demo = BureauProcess(command: "demo")
        try demo.start()
        _ = try demo.samplePassword()
        demo.stop(within: 60)
        return demo
    }

    /// The sample agency on a server of its own, from a copy of such a folder. On a database's server it is made anew.
    static func demo() throws -> BureauProcess {
        let demo = BureauProcess(command: "demo")
        if demo.database == nil { _ = try run(["/bin/cp", "-a", seeded.get().folder, demo.folder]) }
        try demo.start()
        return demo
    }
}
