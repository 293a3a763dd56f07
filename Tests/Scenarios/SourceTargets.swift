import JSON
import StandIns
import Testing

/// Lead finding in figures: leads a day, accuracy, diversity, verification, each beside its target.
@Suite(.ownThread) struct SourceTargets {
    /// A directory of firms with their size and their address, all on one page.
    private func directory(_ site: Searching, _ name: String, _ firms: [(String, Int, String)]) throws {
        site.web.set("\(name).example/list") { _ in
            let rows = firms.map { firm, size, email in
                "<li class='firm'><h2>\(firm)</h2><b>\(size)</b><u>\(email)</u><i>Berlin</i></li>"
            }
            return StandInAnswer(200, "<html><body>\(rows.joined())</body></html>", headers: Searching.page)
        }
        let fields: JSON = ["company": "h2", "employee_count": "b", "email": "u", "location": "i"]
        try site.declare("\(name).example", name, ["next": .null, "fields": fields])
    }

    @Test func `yield, accuracy, diversity and verification are told by source, with the targets they miss`()
        throws
    {
        let names = try MailNames()
        let site = try Searching(names.settings.merging(["outbound.allow_private": "true"]) { $1 })
        let owner = site.agency.owner
        let services = try AddressServices(site.agency)
        try directory(
            site, "firms",
            [
                ("Firm One", 100, "jane@one.example"), ("Firm Two", 200, "jane@two.example"),
                ("Firm Three", 300, "jane@three.example"), ("Firm Four", 400, "gone@four.example"),
            ])
        try directory(
            site, "shops", [("Firm Three", 300, "jane@three.example"), ("Shop", 900, "jane@shop.example")])
        func figures(_ days: Int) throws -> JSON {
            try owner.get("/v1/lead-source-figures?days=\(days)").ok()
        }
        #expect(try figures(1)["yield"] == .null && figures(1)["accuracy"] == .null)
        for name in ["firms", "shops"] {
            _ = try site.searched([name], ["employee_count": ["gte": 150]])
        }
        for lead in try site.leads { _ = try owner.checked(lead.text("email")) }
        try eventuallyTrue("the judgements") {
            try site.leads.allSatisfy { ["deliverable", "undeliverable"].contains($0.text("email_status")) }
        }
        #expect(services.abstract.service.requests.count >= 4)
        let all = try figures(1)
        let rows = Dictionary(
            uniqueKeysWithValues: (all["by_source"]?.array ?? []).map { ($0.text("source"), $0) })
        let (firms, shops) = (try #require(rows["firms"]), try #require(rows["shops"]))
        #expect(
            firms["found"] == 4 && firms["leads"] == 3 && firms["rejected"] == 1 && firms["duplicates"] == 0)
        #expect(
            shops["found"] == 2 && shops["leads"] == 1 && shops["rejected"] == 0 && shops["duplicates"] == 1)
        #expect(
            firms["yield"]?.double == 0.75 && shops["yield"]?.double == 0.5 && all["yield"]?.double == 0.667)
        // Three of four leads come from one: 1 - (9 + 1) / 16.
        #expect(all["diversity"]?.double == 0.375)
        #expect(firms["checked"] == 3 && firms["verified"] == 2)
        #expect(firms["verification_rate"]?.double == 0.667 && shops["verification_rate"]?.double == 1)
        #expect(all["verification_rate"]?.double == 0.75)
        #expect(try all["leads_per_day"]?.double == 4 && figures(2)["leads_per_day"]?.double == 2)
        let targets: JSON = ["leads_per_day": 20, "accuracy": 0.95, "active_sources": 5]
        #expect(all["targets"] == targets && all["missed"] == ["leads_per_day"])
        #expect(firms["accuracy"]?.double == 1 && firms["missed"] == [])

        // Each lead has four values of its source's: one of twelve, and so of sixteen, is wrong.
        let two = try #require(try site.leads.first { $0.text("company") == "Firm Two" })
        let size = try owner.fact(two, "employee_count")
        _ = try owner.post("/v1/facts/\(size.id)/reject", ["reason": "That is the whole group."]).ok()
        let now = try figures(1), wrong = now["by_source"]?.array?.first { $0["source"] == "firms" }
        #expect(wrong?["values"] == 12 && wrong?["wrong"] == 1 && wrong?["accuracy"]?.double == 0.917)
        #expect(wrong?["missed"] == ["accuracy"])
        #expect(now["values"] == 16 && now["accuracy"]?.double == 0.938)
        #expect(now["missed"] == ["leads_per_day", "accuracy"])

        let agent = "/v1/agents/lead_generation"
        _ = try owner.patch(
            "\(agent)/config", ["target_leads_per_day": 4, "target_accuracy_percent": 90]
        ).ok()
        _ = try owner.post("\(agent)/config/publish").ok()
        // A company that a source names again was brought by itself.
        #expect(try site.searched(["firms"], ["employee_count": ["gte": 150]])["duplicates"] == 3)
        let again = try figures(1)["by_source"]?.array?.first { $0["source"] == "firms" }
        #expect(again?["found"] == 4 && again?["duplicates"] == 0 && again?["yield"]?.double == 0.75)
        let met = try figures(1)
        #expect(met["missed"] == [] && met["targets"]?["leads_per_day"] == 4)
        #expect(met["targets"]?["accuracy"]?.double == 0.9)
    }

    @Test func `each lead of a file counts once: for the source that the file names, or else for the file`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let rows = [
            "company,source", "Firm One,referral", "Firm Two,purchased list", "Firm Three,",
            "Firm Four,referral",
        ]
        let made = try owner.post(
            "/v1/leads/import", raw: Array(rows.joined(separator: "\n").utf8), type: "text/csv"
        ).ok(202)
        try eventuallyTrue("the import") {
            try owner.get("/v1/imports/\(made.id)").ok()["created"] == 4
        }
        let all = try owner.get("/v1/lead-source-figures?days=2").ok()
        let counts = (all["by_source"]?.array ?? []).map { "\($0.text("source")) \($0["leads"]?.int ?? 0)" }
        #expect(counts == ["file 2", "referral 2"])
        #expect(all["leads"] == 4 && all["leads_per_day"]?.double == 2 && all["diversity"]?.double == 0.5)
        #expect(all["by_day"]?.array?.compactMap { $0["leads"]?.int } == [4])
    }
}
