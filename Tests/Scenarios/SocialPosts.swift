import JSON
import Testing

/// Posts on social networks: what fits where, when each leaves, and that nothing leaves twice.
@Suite(.ownThread) struct SocialPosts {
    let server = BureauProcess.shared
    private static let far = "2099-01-01T10:00:00.000Z"

    private func account(_ owner: Caller, _ network: String = "x", _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["network": .string(network), "name": .string("Acme on \(network)")]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/social-accounts", .object(body)).ok(201)
    }

    private func body(_ account: JSON, _ text: String, _ more: JSONObject = [:]) -> JSON {
        var body: JSONObject = ["account_id": .string(account.id), "text": .string(text)]
        for (name, value) in more.members { body[name] = value }
        return .object(body)
    }

    private func post(
        _ owner: Caller, _ account: JSON, _ text: String, _ more: JSONObject = [:]
    ) throws -> JSON {
        try owner.post("/v1/social-posts", body(account, text, more)).ok(201)
    }

    private func state(_ owner: Caller, _ id: String) throws -> JSON {
        try owner.get("/v1/social-posts/\(id)").ok()
    }

    private func codes(_ problem: JSON) -> Set<String> {
        Set((problem["errors"]?.array ?? []).map { $0.text("code") })
    }

    @Test func `one table says what each network takes`() throws {
        let owner = try server.quietAgency().owner
        let rules = try owner.every("/v1/social-networks")
        #expect(rules.count == 6)
        let most = Dictionary(uniqueKeysWithValues: rules.map { ($0.text("network"), $0["text_max"]?.int) })
        #expect(most["x"] == 280)
        #expect(most["linkedin"] == 3000)
        #expect(most["instagram"] == 2200)
        #expect(most["facebook"] == 63_206)
        #expect(most["tiktok"] == 2200 && most["youtube"] == 5000)
        #expect(rules.first { $0["network"] == "instagram" }?["mentions_max"] == 20)
        // The check follows it: one character more is too many, and none before.
        for (network, told) in most {
            let limit = Int(told ?? 0), one = try account(owner, network).id
            let words = String(repeating: "word ", count: limit / 5 + 1)
            for length in [limit, limit + 1] {
                let answer = try owner.post(
                    "/v1/social-posts/preview",
                    ["account_ids": [.string(one)], "text": .string("\(words.prefix(length - 1))a")]
                ).ok()
                let faults = answer["previews"]?[0]["faults"]?.array ?? []
                let lengths = faults.filter { $0["code"] == "text_too_long" }.compactMap { $0["max"]?.int }
                #expect(lengths == (length > limit ? [Int64(limit)] : []), "\(network)")
            }
        }
    }

    @Test func `characters are counted as each network counts them`() throws {
        let owner = try server.quietAgency().owner
        // YouTube counts bytes; the others count UTF-16, in which what is beyond the first plane counts twice.
        let units = [
            ("youtube", "ä", 2), ("youtube", "漢", 3), ("linkedin", "ä", 1), ("linkedin", "😀", 2),
            ("instagram", "😀", 2), ("tiktok", "😀", 2), ("facebook", "😀", 2),
        ]
        for (network, letter, size) in units {
            let one = try account(owner, network).id
            let rules = try owner.every("/v1/social-networks").first { $0["network"] == .string(network) }
            let most = Int(rules?["text_max"]?.int ?? 0)
            for count in [most / size, most / size + 1] {
                let answer = try owner.post(
                    "/v1/social-posts/preview",
                    [
                        "account_ids": [.string(one)],
                        "text": .string(String(repeating: letter, count: count)),
                    ]
                ).ok()
                let fault = (answer["previews"]?[0]["faults"]?.array ?? []).first {
                    $0["code"] == "text_too_long"
                }
                let length = count * size > most ? Int64(count * size) : nil
                #expect(fault?["length"]?.int == length, "\(count) of \(letter) on \(network)")
            }
        }
    }

    @Test func `a text is measured as X measures it`() throws {
        let owner = try server.quietAgency().owner, x = try account(owner)
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"
        func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
        let link = "https://example.com/" + repeated("b", 300) + " "
        let at: JSONObject = ["scheduled_at": .string(Self.far)]
        for fits in [
            repeated("a", 280), repeated("漢", 140), repeated(family, 140), link + repeated("a", 256),
            repeated("e\u{301}", 280),
        ] {
            _ = try post(owner, x, fits, at)
        }
        for over in [
            repeated("a", 281), repeated("漢", 140) + "a", repeated(family, 140) + "a",
            link + repeated("a", 257),
        ] {
            let problem = try owner.post("/v1/social-posts", body(x, over, at)).problem(422, "text_too_long")
            let fault = try #require(problem["errors"]?.array?.first)
            #expect(fault["pointer"] == "/text")
            #expect(fault["length"] == 281)
            #expect(fault["max"] == 280)
        }
    }

    @Test func `marks that nobody sees are refused with their place, those of scripts and emoji stay`() throws
    {
        let owner = try server.quietAgency().owner, x = try account(owner)
        let path = "/v1/social-posts", at: JSONObject = ["scheduled_at": .string(Self.far)]
        let hidden = [
            ("Ro\u{200B}ses", "3, U+200B"), ("We \u{202E}tsop\u{202C} roses", "4, U+202E"),
            ("Pay \u{2066}us\u{2069} now", "5, U+2066"), ("Red \u{202A}roses\u{202C} here", "5, U+202A"),
        ]
        for (text, place) in hidden {
            let problem = try owner.post(path, body(x, text, at)).problem(422, "hidden_characters")
            let fault = try #require(problem["errors"]?.array?.first)
            #expect(fault["pointer"] == "/text" && fault.text("detail").contains("place \(place),"))
        }
        let thread: JSONObject = ["format": "thread", "thread": ["and\u{200B}so on"]]
        let draft = try post(owner, x, "One, and", thread)
        let check = try owner.post("\(path)/\(draft.id)/check", [:]).ok()
        #expect(check["faults"]?[0]["pointer"] == "/thread/0", "drafts may have them, and hear of it")
        for text in [
            "We \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} roses", "\u{5D5}\u{5E8}\u{5D3}\u{200F}, roses",
            "\u{1797}\u{17B6}\u{200B}\u{1781}\u{17D2}\u{1798}",
        ] { _ = try post(owner, x, text, at) }
    }

    @Test func `a draft may be unfinished, and all that does not fit is named when it is planned`() throws {
        let owner = try server.quietAgency().owner, instagram = try account(owner, "instagram")
        let text = String(repeating: "#tag ", count: 31) + String(repeating: "x", count: 10_000)
        let draft = try post(owner, instagram, text)
        #expect(draft["status"] == "draft")
        let check = try owner.post("/v1/social-posts/\(draft.id)/check", [:]).ok()
        #expect(check["fits"] == false)
        let wanted: Set = ["text_too_long", "too_many_hashtags", "media_required"]
        #expect(Set((check["faults"]?.array ?? []).map { $0.text("code") }) == wanted)
        let refused = try owner.post(
            "/v1/social-posts/\(draft.id)/schedule", ["at": .string(Self.far)]
        ).problem(422)
        #expect(codes(refused) == wanted)
        #expect(try state(owner, draft.id)["status"] == "draft")
        let crowd = (0..<21).map { "@friend\($0)" }.joined(separator: " ") + " a@b.example http://10.0.0.1/x"
        let crowded = try owner.post(
            "/v1/social-posts", body(instagram, crowd, ["scheduled_at": .string(Self.far)])
        ).problem(422)
        #expect(codes(crowded) == ["too_many_mentions", "invalid_url", "media_required"])
        let mentions = crowded["errors"]?.array?.first { $0["code"] == "too_many_mentions" }
        #expect(mentions?["length"] == 21 && mentions?["max"] == 20)
        for inner in ["http://127.0.0.1/", "http://[::1]/", "http://localhost/x", "http://10.1.2.3/"] {
            let faults = try owner.post(
                "/v1/social-posts", body(instagram, "x", ["link": .string(inner)])
            ).faults()
            #expect(faults["/link"] == "invalid_url", "\(inner)")
        }
        let late = try owner.post(
            "/v1/social-posts", body(instagram, "x", ["scheduled_at": "2001-01-01T10:00:00.000Z"])
        ).problem(422)
        #expect(codes(late) == ["in_the_past", "media_required"])
    }

    @Test func `what is being written is looked at for several accounts, and nothing is kept`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let accounts = try ["x", "linkedin"].map { try account(owner, $0) }
        let path = "/v1/social-posts/preview"
        func preview(_ more: JSONObject) throws -> [JSON] {
            var body: JSONObject = ["account_ids": .array(accounts.map { .string($0.id) })]
            for (name, value) in more.members { body[name] = value }
            return try owner.post(path, .object(body)).ok()["previews"]?.array ?? []
        }
        let long = String(repeating: "a", count: 300)
        let both = try preview(["text": .string(long), "scheduled_at": .string(Self.far)])
        #expect(both.map { $0.text("account_id") } == accounts.map(\.id))
        #expect(both.map { $0.text("network") } == ["x", "linkedin"])
        #expect(both.map { $0["fits"] == true } == [false, true])
        #expect(both[0]["faults"]?.array?.map { $0.text("code") } == ["text_too_long"])
        #expect(both[0]["faults"]?.array?.first?["length"] == 300)
        #expect(both[1]["preview"]?["length"] == 300)
        #expect(both[1]["preview"]?["parts"] == [.string(long)])
        let thread = try preview(["text": "One", "format": "thread", "thread": ["Two"]])
        #expect(thread[0]["preview"]?["parts"] == ["One", "Two"])
        #expect(thread[0]["fits"] == true)
        let late = try preview(["text": "x", "scheduled_at": "2001-01-01T10:00:00.000Z"])
        #expect(late.allSatisfy { $0["faults"]?.array?.first?["pointer"] == "/scheduled_at" })
        _ = try post(owner, accounts[0], "Said once", ["scheduled_at": .string(Self.far)])
        let again = try preview(["text": "said  ONCE", "scheduled_at": .string(Self.far)])
        #expect(again.map { $0["faults"]?.array?.count } == [1, 0])
        #expect(
            try preview(["text": "Said once", "scheduled_at": .string(Self.far), "allow_repeat": true])
                .allSatisfy { $0["fits"] == true })
        #expect(try owner.every("/v1/social-posts").count == 1, "nothing of what was looked at is kept")
        // Another agency's account is none.
        let stranger = try account(server.quietAgency().owner)
        let foreign: JSON = ["account_ids": [.string(accounts[0].id), .string(stranger.id)], "text": "x"]
        #expect(try owner.post(path, foreign).faults() == ["/account_ids/1": "unknown_reference"])
        #expect(try owner.post(path, ["text": "x"]).faults() == ["/account_ids": "required"])
    }

    @Test func `an account does not say the same twice in thirty days, unless it is told to`() throws {
        let owner = try server.quietAgency().owner
        let (one, other) = (try account(owner), try account(owner))
        _ = try post(owner, one, "Big news  today!", ["scheduled_at": .string(Self.far)])
        let week: JSONObject = ["scheduled_at": "2099-01-08T10:00:00.000Z"]
        try owner.post("/v1/social-posts", body(one, "big news today!", week)).problem(422, "duplicate_text")
        _ = try post(owner, other, "Big news today!", week)
        var again = week
        again["allow_repeat"] = true
        _ = try post(owner, one, "big news today!", again)
        _ = try post(owner, one, "big news today!", ["scheduled_at": "2099-03-10T10:00:00.000Z"])
    }

    @Test
    func `each hour of a queue is taken once, in the account's zone, and a cancelled post frees its own`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let queue: JSON = [
            ["weekday": 1, "at": "09:00"], ["weekday": 3, "at": "09:00"], ["weekday": 5, "at": "09:00"],
        ]
        let x = try account(owner, "x", ["time_zone": "Europe/Berlin", "queue": queue])
        let posts = try (0..<3).map { try post(owner, x, "n\($0)", ["queue": true]) }
        let hours = posts.map { $0.text("scheduled_at") }
        #expect(
            hours == ["2027-01-06T08:00:00.000Z", "2027-01-08T08:00:00.000Z", "2027-01-11T08:00:00.000Z"])
        try box.advance("P2D")
        try owner.post("/v1/social-posts/\(posts[1].id)/cancel", [:]).ok()
        let new = try post(owner, x, "new", ["queue": true])
        #expect(new.text("scheduled_at") == hours[1])
        #expect(try state(owner, posts[0].id).text("scheduled_at") == hours[0])
        #expect(try state(owner, posts[0].id)["status"] == "awaiting_person")
    }

    @Test func `an hour of a queue that the clock leaves out, or shows twice, is taken once`() throws {
        for (start, expected) in [
            // At half past two it is three already, which is the next hour of the queue.
            ("2027-03-22", ["2027-03-28T01:00", "2027-04-04T00:30", "2027-04-04T01:00"]),
            ("2027-10-25", ["2027-10-31T00:30", "2027-10-31T02:00", "2027-11-07T01:30"]),
        ] {
            let box = try server.quietAgency().sandbox(startAt: "\(start)T10:00:00.000Z"), owner = box.owner
            let queue: JSON = [["weekday": 7, "at": "02:30"], ["weekday": 7, "at": "03:00"]]
            let x = try account(owner, "x", ["time_zone": "Europe/Berlin", "queue": queue])
            let hours = try (0..<3).map {
                try post(owner, x, "n\($0)", ["queue": true]).text("scheduled_at").prefix(16)
            }
            #expect(hours.map(String.init) == expected)
        }
    }

    @Test func `what nothing connects is handed to a person, who says where it stands`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let x = try account(owner)
        #expect(x["status"] == "manual")
        let made = try post(owner, x, "By hand", ["scheduled_at": "2027-01-05T12:00:00.000Z"])
        try box.advance("PT1H59M59S")
        #expect(try state(owner, made.id)["status"] == "scheduled")
        try box.advance("PT1S")
        #expect(try state(owner, made.id)["status"] == "awaiting_person")
        try owner.post("/v1/social-posts/\(made.id)/done", [:]).problem(422, "required")
        let done = try owner.post(
            "/v1/social-posts/\(made.id)/done", ["url": "https://x.com/acme/status/1"]
        ).ok()
        #expect(done["status"] == "published")
        try owner.post("/v1/social-posts/\(made.id)/cancel", [:]).problem(409, "invalid_transition")
        try owner.patch("/v1/social-posts/\(made.id)", ["text": "y"]).problem(409, "invalid_transition")
    }

    @Test func `a brake holds what is due, and after an hour it is missed instead of thrown out`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let x = try account(owner)
        let early = try post(owner, x, "early", ["scheduled_at": "2027-01-05T11:00:00.000Z"])
        let later = try post(owner, x, "later", ["scheduled_at": "2027-01-05T13:30:00.000Z"])
        let campaign = try owner.post(
            "/v1/campaigns", ["name": "Spring", "objective": "leads", "start_on": "2027-01-01"]
        ).ok(201)
        let ofCampaign = try post(
            owner, x, "of a campaign",
            ["scheduled_at": "2027-01-05T15:10:00.000Z", "campaign_id": .string(campaign.id)])
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try box.advance("PT1H30M")
        let held = try state(owner, early.id)
        #expect(held["status"] == "held")
        #expect(held["reasons"]?.array?.first?["code"] == "brake")
        try box.advance("PT1H45M")
        try owner.post("/v1/brakes/\(brake.id)/release", [:]).ok()
        try box.advance("PT20M")
        #expect(try state(owner, early.id)["status"] == "missed")
        #expect(try state(owner, later.id)["status"] == "awaiting_person")
        try owner.post("/v1/social-posts/\(early.id)/schedule", ["at": "2027-01-05T15:00:00.000Z"]).ok()
        try box.advance("PT2H")
        #expect(try state(owner, early.id)["status"] == "awaiting_person")
        // A campaign that does not run holds what is of it.
        let waiting = try state(owner, ofCampaign.id)
        #expect(waiting["status"] == "held" && waiting["reasons"]?[0].text("code") == "campaign_paused")
        try owner.post("/v1/campaigns/\(campaign.id)/activate").ok()
        try box.advance("PT5M")
        #expect(try state(owner, ofCampaign.id)["status"] == "awaiting_person")
    }

    @Test func `posts that fall due while the server is killed each reach a person once`() throws {
        let server = try BureauProcess.start()
        let owner = try server.quietAgency().owner, x = try account(owner)
        let ids = try (0..<12).map { try post(owner, x, "number \($0)").id }
        for id in ids {
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            if id == ids[5] { try server.killAndRestart() }
        }
        try server.killAndRestart()
        try eventuallyTrue("every post waits for a person") {
            try ids.allSatisfy { try state(owner, $0)["status"] == "awaiting_person" }
        }
        let told = try owner.every("/v1/events").filter { $0.text("type") == "social_post.awaiting_person" }
        #expect(told.count == ids.count, "each once")
    }
}
