import JSON
import StandIns
import Testing

/// Words of content are tried on people, and what is surely better is what everybody gets from then on.
@Suite(.ownThread) struct ContentTrials {
    let server = BureauProcess.shared
    private static let start = "2027-01-04T09:00:00.000Z"
    private static let agent = "/v1/agents/content_distribution"

    /// A sandbox with a door for answers.
    private struct Trial {
        let box: SandboxCaller, door: JSON, postmark: PostmarkStandIn, item: JSON

        func leads(_ numbers: Range<Int>) throws -> [JSON] {
            let operations = numbers.map { number -> JSON in ["op": "create", "body": lead(number)] }
            try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
            let emails = Set(numbers.map { lead($0).text("email") })
            return try box.owner.every("/v1/leads").filter { emails.contains($0.text("email")) }
        }

        func distribute() throws {
            try box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
            try box.advance("P1D")
        }

        /// The words that each of some leads got.
        func subjects(_ leads: [JSON]) throws -> [String] {
            let sent = try box.owner.every("/v1/messages?direction=outbound&status=sent")
            let byContact = Dictionary(sent.map { ($0.text("contact_id"), $0.text("subject")) }) { $1 }
            return leads.map { byContact[$0.text("contact_id")] ?? "" }
        }

        func variants() throws -> [JSON] {
            try box.owner.get("/v1/content-items/\(item.id)/results").ok()["variants"]?.array ?? []
        }

        func answer(_ leads: some Collection<JSON>, until counts: [Int]) throws {
            for lead in leads {
                let mail = postmark.mail(
                    "r\(lead.id)", from: lead.text("email"), text: "Yes, please call me.")
                try box.owner.server.deliver(mail, to: door).ok()
            }
            try eventuallyTrue("the answers") {
                try variants().map { $0["replied"]?.int } == counts.map(Int64.init)
            }
        }

        func adopted() throws -> JSON {
            try box.owner.get("/v1/content-items/\(item.id)").ok()["adopted_variant"] ?? .null
        }

        func decisions() throws -> [JSON] {
            try box.owner.every("/v1/decisions?agent=content_distribution&subject_id=\(item.id)")
        }

        func sell(to lead: JSON) throws {
            let deal = try box.owner.post(
                "/v1/deals", ["lead_id": .string(lead.id), "name": "Ads", "value": dollars(1000)]
            ).ok(201)
            try box.owner.patch("/v1/deals/\(deal.id)", ["stage": "won"]).ok()
        }

        func set(adopts: Bool) throws {
            try box.owner.patch("\(ContentTrials.agent)/config", ["adopt_winners": .bool(adopts)]).ok()
            try box.owner.post("\(ContentTrials.agent)/config/publish").ok()
        }
    }

    private func trial(_ more: JSONObject = [:]) throws -> Trial {
        let box = try server.quietAgency().sandbox(startAt: Self.start), postmark = try PostmarkStandIn()
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try box.owner.patch(Self.agent, ["state": "active", "autonomy": "autopilot"]).ok()
        let door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        var body: JSONObject = [
            "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five ways.",
            "status": "approved",
            "variants": [["name": "a", "subject": "Short"], ["name": "b", "subject": "Longer words"]],
        ]
        for (name, value) in more.members { body[name] = value }
        let item = try box.owner.post("/v1/content-items", .object(body)).ok(201)
        return Trial(box: box, door: door, postmark: postmark, item: item)
    }

    @Test func `a variant is adopted once it is surely better and the agency allows it, and not before`()
        throws
    {
        let trial = try trial(), leads = try trial.leads(0..<70)
        try trial.distribute()
        let words = try trial.subjects(leads)
        let longer = zip(leads, words).filter { $1 == "Longer words" }.map(\.0)
        let short = zip(leads, words).filter { $1 == "Short" }.map(\.0)
        #expect(short.count >= 20 && longer.count >= 20 && short.count + longer.count == 70)

        // Three against one: 0 lies within the bounds of the difference, and nothing is decided.
        try trial.set(adopts: true)
        try trial.answer(short.prefix(1), until: [1, 0])
        try trial.answer(longer.prefix(3), until: [1, 3])
        try trial.box.advance("P2D")
        let bounds = try #require(try trial.variants().last?["interval"]?.array)
        #expect(bounds[0].double ?? 1 < 0 && bounds[1].double ?? -1 > 0)
        #expect(try trial.adopted() == .null && trial.decisions().isEmpty)

        // Everybody answers to the longer words. Where the agency has not allowed it, that is told once.
        try trial.set(adopts: false)
        try trial.answer(longer.dropFirst(3), until: [1, longer.count])
        let last = try #require(try trial.variants().last)
        #expect(last["interval"]?.array?.first?.double ?? 0 > 0)
        // A reader who buys afterwards is a conversion of the words that they have read.
        try trial.sell(to: longer[0])
        #expect(try trial.variants().map { $0["converted"]?.int } == [0, 1])
        let rates = Double(longer.count) / Double(longer.count) - 1 / Double(short.count)
        #expect(abs((last["difference"]?.double ?? 0) - rates) < 0.001)
        try trial.box.advance("P3D")
        #expect(try trial.adopted() == .null)
        let told = try trial.decisions()
        #expect(told.count == 1 && told.first?["outcome"] == ["variant": "b"])
        let replay = try trial.box.owner.post("/v1/decisions/\(told.first?.id ?? "")/replay").ok()
        #expect(replay["same"] == true)

        try trial.set(adopts: true)
        try trial.box.advance("P3D")
        #expect(try trial.adopted() == "b")
        #expect(try trial.decisions().count == 2, "adopted once, on the first day that it was allowed")
        let later = try trial.leads(100..<112)
        try trial.distribute()
        #expect(try Set(trial.subjects(later)) == ["Longer words"])

        // Undone by hand it stays undone, however sure the numbers are.
        let path = "/v1/content-items/\(trial.item.id)"
        #expect(try trial.box.owner.delete("\(path)/adoption").ok()["adopted_variant"] == .null)
        try trial.box.advance("P3D")
        #expect(try trial.adopted() == .null && trial.decisions().count == 2)
        let last12 = try trial.leads(200..<212)
        try trial.distribute()
        #expect(try Set(trial.subjects(last12)) == ["Short", "Longer words"])
    }

    @Test func `where leads that are won are the goal, no answers choose a variant`() throws {
        let trial = try trial(["goal": "converted"]), leads = try trial.leads(0..<70)
        try trial.set(adopts: true)
        try trial.distribute()
        let words = try trial.subjects(leads)
        let longer = zip(leads, words).filter { $1 == "Longer words" }.map(\.0)
        let short = zip(leads, words).filter { $1 == "Short" }.map(\.0)
        // All answer to the short words, and nobody buys.
        try trial.answer(short, until: [short.count, 0])
        try trial.box.advance("P2D")
        #expect(try trial.adopted() == .null && trial.decisions().isEmpty)
        #expect(try trial.variants().map { $0["rate"]?.double } == [0, 0])
        for lead in longer { try trial.sell(to: lead) }
        try trial.box.advance("P2D")
        #expect(try trial.adopted() == "b")
        let made = try #require(try trial.decisions().first)
        #expect(made["outcome"] == ["variant": "b"])
        let replay = try trial.box.owner.post("/v1/decisions/\(made.id)/replay").ok()
        #expect(replay["same"] == true)
        let results = try trial.box.owner.get("/v1/content-items/\(trial.item.id)/results").ok()
        #expect(results["goal"] == "converted" && results["winner"] == "b")
        #expect(try trial.variants().map { $0["rate"]?.double } == [0, 1])
    }

    @Test func `people adopt a variant by hand, one that there is, and no other agency's`() throws {
        let agency = try server.quietAgency()
        let item = try agency.owner.post(
            "/v1/content-items",
            [
                "title": "x", "type": "educational", "subject": "x", "body": "x", "status": "approved",
                "variants": [["name": "a"], ["name": "b", "subject": "y"]],
            ]
        ).ok(201)
        let path = "/v1/content-items/\(item.id)"
        #expect(
            try agency.owner.post("\(path)/adopt", ["variant": "c"]).faults() == [
                "/variant": "unknown_reference"
            ])
        let settled = try agency.owner.post("\(path)/adopt", ["variant": "a"]).ok()
        #expect(settled["adopted_variant"] == "a" && settled["settled_at"] != .null)
        try agency.colleague("member").post("\(path)/adopt", ["variant": "b"]).problem(403, "forbidden")
        for (method, way) in [("POST", "adopt"), ("DELETE", "adoption")] {
            let stranger = try server.signUp().owner
            let answer =
                method == "POST"
                ? try stranger.post("\(path)/\(way)", ["variant": "a"])
                : try stranger.delete("\(path)/\(way)")
            try answer.problem(404, "not_found")
        }
        // Other variants are another trial.
        let variants: JSON = [["name": "c"], ["name": "d", "subject": "y"]]
        let changed = try agency.owner.patch(path, ["variants": variants]).ok()
        #expect(changed["adopted_variant"] == .null && changed["settled_at"] == .null)
    }
}
