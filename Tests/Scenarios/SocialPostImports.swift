import JSON
import StandIns
import Testing

/// Posts that come in from a file: planned as if each had been planned by hand, told row by row, and taken back.
@Suite(.ownThread) struct SocialPostImports {
    let server = BureauProcess.shared

    private func account(_ owner: Caller, _ network: String, _ name: String, _ more: JSONObject = [:]) throws
    {
        var body: JSONObject = ["network": .string(network), "name": .string(name)]
        for (name, value) in more.members { body[name] = value }
        try owner.post("/v1/social-accounts", .object(body)).ok(201)
    }

    private func posts(_ owner: Caller) throws -> [JSON] { try owner.every("/v1/social-posts") }

    private func undone(_ agency: Agency, _ state: JSON) throws -> JSON {
        try agency.owner.post("/v1/imports/\(state.id)/undo").ok(202)
        return try eventually("the end of the undo") {
            let now = try agency.owner.get("/v1/imports/\(state.id)").ok()
            return now.text("status") == "undone" ? now : .none
        }
    }

    @Test func `a month of posts comes in, each at its hour by the account's clock or by its queue`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try account(
            owner, "x", "Acme on X",
            ["time_zone": "Europe/Berlin", "queue": [["weekday": 1, "at": "09:00"]]])
        try account(owner, "tiktok", "Acme clips")
        let file = csv(
            ["Caption", "Profile", "Date", "Time", "Queue", "Notes for us"],
            [
                ["Summer, and how we plan it.\nIn two lines.", "Acme on X", "01.07.2099", "10:30", "", "a"],
                ["Winter comes.", "Acme on X", "2099-01-07 10:30", "", "", "b"],
                ["Whenever there is room.", "Acme on X", "", "", "yes", ""],
                ["And once more, later.", "Acme on X", "", "", "yes", ""],
                ["Not sure yet.", "Acme on X", "", "", "", ""],
            ], separator: ";")
        let state = try agency.bringIn("social-posts", file)
        let faults = try agency.faults(of: state)
        #expect(counts(state) == [5, 0, 0, 0], "\(state.serialized) \(faults)")
        let all = try posts(owner).map { (String($0.text("text").prefix(6)), $0) }
        let by = Dictionary(uniqueKeysWithValues: all)
        #expect(by["Summer"]?.text("scheduled_at") == "2099-07-01T08:30:00.000Z")
        #expect(by["Summer"]?.text("text") == "Summer, and how we plan it.\nIn two lines.")
        #expect(by["Winter"]?.text("scheduled_at") == "2099-01-07T09:30:00.000Z")
        let (first, second) = (by["Whenev"]?.text("scheduled_at"), by["And on"]?.text("scheduled_at"))
        #expect(first != nil && second != nil && first != second)
        #expect(by["Not su"]?.text("status") == "draft")
        #expect(by.values.count { $0.text("status") == "scheduled" } == 4)
        #expect(try owner.told("social_post.scheduled").count == 4)
        // That file says nothing new.
        #expect(counts(try agency.bringIn("social-posts", file)) == [0, 0, 5, 0])
        // Another agency imports the export to an account of the same name, unchanged.
        let other = try server.quietAgency()
        try account(other.owner, "x", "Acme on X")
        let taken = try agency.taken("social-posts", "csv").body
        #expect(counts(try other.bringIn("social-posts", taken)) == [5, 0, 0, 0])
        func hours(_ owner: Caller) throws -> Set<[String]> {
            Set(try posts(owner).map { [$0.text("text"), $0.text("scheduled_at")] })
        }
        let (here, there) = (try hours(owner), try hours(other.owner))
        #expect(there == here)
        #expect(counts(try other.bringIn("social-posts", taken)) == [0, 0, 5, 0])
    }

    @Test func `posts are exported by their own format, whatever the format of the file`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try account(owner, "instagram", "Acme pictures")
        let id = try owner.get("/v1/social-accounts").ok()["data"]?[0].id ?? ""
        for (text, format) in [("One for the feed.", "post"), ("Gone tomorrow.", "story")] {
            try owner.post(
                "/v1/social-posts",
                ["account_id": .string(id), "text": .string(text), "format": .string(format)]
            ).ok(201)
        }
        func texts(_ query: String) throws -> [String?] {
            parsedCSV(try owner.get("/v1/social-posts/export\(query)").text).map { $0["text"] }
        }
        #expect(try texts("?format=story") == ["Gone tomorrow."])
        #expect(try texts("?file_format=csv&format=story") == ["Gone tomorrow."])
        let lines = try owner.get("/v1/social-posts/export?file_format=jsonl&format=post").text
        #expect(lines.split(separator: "\n").count == 1 && lines.contains("One for the feed."))
        #expect(try texts("?format=csv").count == 2, "the older name still says how the file is written")
        try owner.get("/v1/social-posts/export?format=xml").problem(400)
        try owner.get("/v1/social-posts/export?file_format=xml").problem(400, "invalid_parameter")
    }

    @Test func `every fault has its row and its column, and the other rows come in`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try account(owner, "x", "Acme on X")
        try account(owner, "tiktok", "Acme clips")
        let long = String(repeating: "a", count: 281)
        let file = csv(
            ["text", "account", "scheduled_at", "queue", "file", "thread"],
            [
                ["Fine.", "Acme on X", "2099-03-01T10:00:00Z", "", "", ""],
                [long, "Acme on X", "2001-03-01T10:00:00Z", "", "", ""],
                [long, "Acme on X", "some day", "perhaps", "gone.png", ""],
                ["Whose?", "Nobody's", "2099-03-01T10:00:00Z", "", "", ""],
                ["fine.", "Acme on X", "2099-03-09T10:00:00Z", "", "", ""],
                ["No film.", "Acme clips", "2099-03-01T10:00:00Z", "", "", ""],
                ["", "Acme on X", "2099-03-01T10:00:00Z", "", "", ""],
                ["Both?", "Acme on X", "2099-03-02T10:00:00Z", "yes", "", ""],
                ["No queue.", "Acme on X", "", "yes", "", ""],
                ["Also fine.", "Acme on X", "2099-03-03T10:00:00Z", "", "", "One; two"],
            ])
        let state = try agency.bringIn("social-posts", file)
        #expect(counts(state) == [2, 0, 0, 8], "\(state.serialized)")
        let faults = Set(try agency.faults(of: state))
        let wanted: Set = [
            "2 text text_too_long", "2 scheduled_at in_the_past",
            "3 text text_too_long", "3 scheduled_at invalid_date", "3 queue wrong_type",
            "3 file unknown_reference", "4 account unknown_reference", "5 text duplicate_text",
            "6 options.privacy_level required", "6 media media_required", "7 text required",
            "8 queue conflict", "9 queue required",
        ]
        #expect(faults.isSuperset(of: wanted.filter { !$0.hasPrefix("6") }), "\(faults.sorted())")
        #expect(faults.contains { $0.hasPrefix("6 media") }, "\(faults.sorted())")
        #expect(Set(faults.map { $0.prefix(1) }) == ["2", "3", "4", "5", "6", "7", "8", "9"])
        let made = try posts(owner)
        #expect(Set(made.map { $0.text("text") }) == ["Fine.", "Also fine."])
        #expect(made.first { $0.text("text") == "Also fine." }?["thread"] == ["One", "two"])
    }

    @Test func `a picture goes with its post by its name, and with what it shows`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try account(owner, "instagram", "Acme pictures")
        let picture = try owner.request(
            "POST", "/v1/files?name=garden.jpg", raw: SampleMedia.jpeg(1080, 1080),
            headers: ["Content-Type": "image/jpeg"]
        ).ok(201)
        let file = csv(
            ["text", "account", "scheduled_at", "image", "alt text"],
            [
                ["Our garden.", "Acme pictures", "2099-05-01T10:00:00Z", "garden.jpg", "Roses; and a bench"],
                ["Our garden again.", "Acme pictures", "2099-05-02T10:00:00Z", "garden.jpg", ""],
            ])
        let state = try agency.bringIn("social-posts", file)
        #expect(counts(state) == [1, 0, 0, 1], "\(state.serialized)")
        #expect(try agency.faults(of: state) == ["2 media.0.alt_text alt_text_required"])
        let media = try posts(owner)[0]["media"]?.array
        #expect(media?.count == 1 && media?[0]["file_id"]?.text == picture.id)
        #expect(media?[0]["alt_text"] == "Roses; and a bench")
    }

    @Test func `a file of posts that is killed in the middle comes in whole, each row once`() throws {
        let own = try BureauProcess.start(), agency = try own.quietAgency(), owner = agency.owner
        try account(owner, "x", "Acme on X", ["queue": [["weekday": 1, "at": "09:00"]]])
        let count = many(600)
        // Each third takes an hour of the queue: none may be taken twice, or left out.
        let rows = (0..<count).map { number in
            let hour = "20\(50 + number / 360)-\(["01", "02", "03"][number % 3])-15T10:00:00Z"
            return ["Post \(number).", "Acme on X", number % 3 == 0 ? "" : hour, number % 3 == 0 ? "yes" : ""]
        }
        let answer = try owner.post(
            "/v1/social-posts/import",
            raw: Array(csv(["text", "account", "scheduled_at", "queue"], rows).utf8), type: "text/csv")
        let place = try #require(answer.header("Location"))
        for share in [1, count / 2] {
            try eventuallyTrue("a part of it", every: .milliseconds(2)) {
                (try owner.get(place).ok()["processed"]?.int ?? 0) >= share
            }
            try own.killAndRestart()
        }
        let state = try agency.finished(answer)
        #expect(counts(state) == [Int64(count), 0, 0, 0], "\(state.serialized)")
        let posts = try posts(owner)
        #expect(Set(posts.map { $0.text("text") }).count == count && posts.count == count)
        #expect(posts.allSatisfy { $0["status"] == "scheduled" })
        let hours = posts.filter { $0.text("scheduled_at").hasSuffix("T09:00:00.000Z") }
            .map { $0.text("scheduled_at") }
        #expect(hours.count == count / 3 && Set(hours).count == hours.count)
        #expect(try owner.told("social_post.scheduled").count == count)
    }

    @Test func `an undo takes back what waits, and leaves what has left`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try account(owner, "x", "Acme on X")
        let rows = (1...4).map { ["Post number \($0).", "Acme on X", "2099-06-0\($0)T10:00:00Z"] }
        let state = try agency.bringIn("social-posts", csv(["text", "account", "scheduled_at"], rows))
        #expect(counts(state) == [4, 0, 0, 0])
        let gone = try #require(try posts(owner).first { $0.text("text") == "Post number 2." })
        try owner.post("/v1/social-posts/\(gone.id)/publish").ok(202)
        try eventuallyTrue("it has left") {
            try owner.get("/v1/social-posts/\(gone.id)").ok()["status"] == "awaiting_person"
        }
        let end = try undone(agency, state)
        #expect(["removed", "kept"].map { end[$0]?.int } == [3, 1])
        #expect(try posts(owner).map(\.id) == [gone.id])
        let changes = try owner.every("/v1/imports/\(state.id)/changes")
        #expect(changes.map { $0.text("outcome") } == ["removed", "kept", "removed", "removed"])
        let viewer = try agency.colleague("viewer")
        try viewer.post("/v1/social-posts/import", raw: Array("text\nx\n".utf8), type: "text/csv").problem(
            403)
    }

    @Test func `sounds come in from a file with their licences, and the same file says nothing new`() throws {
        let agency = try server.quietAgency()
        let file = csv(
            ["Title", "Platform", "Link", "License note", "Expires", "Type"],
            [
                ["Slow mornings", "tiktok", "https://www.tiktok.com/music/1", "CML", "2099-12-31", ""],
                ["Tulip song", "instagram", "", "Bought of the band", "", "Musik"],
                ["Nobody's", "tiktok", "", "", "", ""],
                ["Tulip song", "instagram", "", "Ours", "", "Effect"],
            ])
        let state = try agency.bringIn("sounds", file)
        #expect(counts(state) == [3, 0, 0, 1], "\(state.serialized)")
        let sounds = try agency.owner.every("/v1/sounds?sort=name&kind=sound")
        #expect(sounds.map { $0.text("name") } == ["Slow mornings", "Tulip song"])
        let effects = try agency.owner.every("/v1/sounds?kind=camera_effect")
        #expect(effects.map { $0.text("licence") } == ["Ours"])
        #expect(sounds.first?["valid_until"] == "2099-12-31" && sounds.first?["licence"] == "CML")
        #expect(sounds.last?["network"] == "instagram")
        #expect(counts(try agency.bringIn("sounds", file)) == [0, 0, 3, 1])
        let wrong = try agency.owner.post("/v1/sounds", ["name": "x"]).faults()
        #expect(wrong == ["/licence": "required"])
    }
}
