import JSON
import StandIns
import Testing

/// Pictures and films of posts: each network gets what it takes, and what cannot be made to fit is refused when a post
/// is planned.
@Suite(.ownThread) struct PostMedia {
    let server = BureauProcess.shared
    private static let far = "2099-01-01T10:00:00.000Z"

    private func account(_ owner: Caller, _ network: String) throws -> JSON {
        try owner.post(
            "/v1/social-accounts", ["network": .string(network), "name": .string("Acme on \(network)")]
        ).ok(201)
    }

    private func body(
        _ account: JSON, _ text: String, _ media: [JSON], at moment: String? = far, _ more: JSONObject = [:]
    ) -> JSON {
        var body: JSONObject = [
            "account_id": .string(account.id), "text": .string(text), "media": .array(media),
        ]
        if let moment { body["scheduled_at"] = .string(moment) }
        for (name, value) in more.members { body[name] = value }
        return .object(body)
    }

    private func plan(_ agency: Agency, _ account: JSON, _ text: String, _ media: [JSON]) throws -> JSON {
        try agency.owner.post("/v1/social-posts", body(account, text, media)).ok(201)
    }

    /// The first picture of a post as the network would show it.
    private func shown(_ agency: Agency, _ post: JSON) throws -> JSON {
        let check = try agency.owner.post("/v1/social-posts/\(post.id)/check", [:]).ok()
        return try #require(check["preview"]?["media"]?[0])
    }

    private func variants(_ owner: Caller, of file: String) throws -> [JSON] {
        try owner.every("/v1/files").filter { $0["original_id"]?.text == file }
    }

    private func holds(_ word: String, _ bytes: [UInt8]) -> Bool {
        bytes.firstRange(of: Array(word.utf8)) != nil
    }

    // MARK: Pictures

    @Test func `each network gets a picture as it takes it, made once, and the original stays`() throws {
        let (agency, web) = (try server.quietAgency(), try GraphPublishingStandIn())
        let owner = agency.owner
        let drawing = SampleMedia.png(600, 1000) { x, y in (UInt8(x & 255), UInt8(y & 255), 90, 255) }
        let medium = try agency.medium(drawing, "plan.png")
        let file = medium.text("file_id")
        let instagram = try agency.connectNetwork(
            "instagram", web.service.url, ["access_token": .string(web.token)],
            ["ig_user_id": .string(web.account)])
        let post = try plan(agency, instagram, "The plan", [medium])
        let picture = try shown(agency, post)
        #expect(picture["media_type"] == "image/jpeg" && picture["converted"] == true)
        #expect(picture["width"] == 600 && picture["height"] == 750, "four to five, the narrowest")
        let made = try owner.get(picture.text("url"))
        #expect(made.status == 200 && made.body.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(try owner.get("/v1/files/\(file)/content").body == drawing)
        #expect(try variants(owner, of: file).map { $0.text("name") } == ["plan-instagram-post.jpg"])
        // Planned again, and published: it is there.
        _ = try plan(agency, instagram, "The plan, once more", [medium])
        let id = try agency.publish(instagram, "The plan, now", ["media": .array([medium])])
        try agency.post(id, is: "published")
        #expect(try variants(owner, of: file).count == 1)
        let address = try #require(web.containers.first?["image_url"])
        let path = "/f/" + (address.split(separator: "/").last ?? "")
        #expect(try server.anonymous.get(path).body == made.body, "the network fetches what was made")
        // Another network takes the drawing as it is.
        let other = try shown(agency, try plan(agency, try account(owner, "x"), "The plan", [medium]))
        #expect(other["converted"] == false && other["media_type"] == "image/png")
        #expect(try owner.get(other.text("url")).body == drawing)
        #expect(try variants(owner, of: file).count == 1)
    }

    @Test func `a picture is cut for Instagram's feed, and whole in a story`() throws {
        let agency = try server.quietAgency(), owner = agency.owner,
            instagram = try account(owner, "instagram")
        let medium = try agency.medium(SampleMedia.jpeg(1080, 1920), "tall.jpg")
        let feed = try shown(agency, try plan(agency, instagram, "In the feed", [medium]))
        #expect(feed["width"] == 1080 && feed["height"] == 1350 && feed["converted"] == true)
        let body = body(instagram, "In a story", [medium], at: Self.far, ["format": "story"])
        let story = try shown(agency, try owner.post("/v1/social-posts", body).ok(201))
        #expect(story["width"] == 1080 && story["height"] == 1920 && story["converted"] == false)
        let large = try agency.medium(SampleMedia.jpeg(4000, 2000, size: 9_000_000), "large.jpg")
        let wide = try shown(agency, try plan(agency, instagram, "A wall", [large]))
        #expect(wide["width"] == 1440 && wide["height"] == 753 && (wide["size"]?.int ?? 0) < 8 << 20)
    }

    @Test func `a photo loses the place where it was taken, and stands upright`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let photo = SampleMedia.photo(640, 800)
        let medium = try agency.medium(photo, "photo.jpg")
        let picture = try shown(
            agency, try plan(agency, try account(owner, "facebook"), "Outside", [medium]))
        #expect(picture["width"] == 800 && picture["height"] == 640)
        let made = try owner.get(picture.text("url")).body
        #expect(holds("Exif", photo) && !holds("Exif", made))
        let press = try agency.medium(SampleMedia.pressJPEG(640, 640), "press.jpg")
        let printed = try shown(agency, try plan(agency, try account(owner, "x"), "Printed", [press]))
        #expect(printed["converted"] == true)
    }

    @Test func `what goes with a file goes with it, and is made anew where it is gone`() throws {
        let agency = try server.quietAgency(), owner = agency.owner,
            instagram = try account(owner, "instagram")
        let medium = try agency.medium(SampleMedia.png(500, 500), "square.png")
        let file = medium.text("file_id")
        let post = try plan(agency, instagram, "Square", [medium])
        let first = try #require(try variants(owner, of: file).first)
        try owner.delete("/v1/files/\(first.id)").ok(204)
        #expect(try shown(agency, post)["converted"] == true)
        let second = try #require(try variants(owner, of: file).first)
        #expect(second.id != first.id && second["sha256"] == first["sha256"])
        try owner.delete("/v1/files/\(file)").ok(204)
        try owner.get("/v1/files/\(second.id)").problem(404, "not_found")
        try owner.get("/v1/social-posts/\(post.id)/media/0").problem(404, "not_found")
    }

    @Test func `what lies, harms or does not fit is refused when a post is planned, and the rest goes on`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner,
            instagram = try account(owner, "instagram")
        let drawing = """
            <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>\
            <svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>
            """
        let whole = SampleMedia.jpeg(800, 640)
        let cases: [(name: String, bytes: [UInt8], code: String)] = [
            ("words", Array("no picture at all".utf8), "media_type"),
            ("drawing", Array(drawing.utf8), "media_type"),
            ("head", [0xFF, 0xD8, 0xFF, 0xE0] + Array(drawing.utf8), "media_type"),
            ("huge", SampleMedia.png(saying: 60_000, 60_000), "media_too_large"),
            ("cut off", Array(whole.prefix(whole.count / 2)), "media_damaged"),
            ("moving", SampleMedia.gif(100, 100, frames: 3), "media_type"),
            ("wide", SampleMedia.jpeg(900, 200), "media_ratio"),
        ]
        for (name, bytes, code) in cases {
            let medium = try agency.medium(bytes, "picture.jpg")
            let refused = try owner.post("/v1/social-posts", body(instagram, name, [medium])).problem(
                422, code)
            #expect(refused["errors"]?[0]["pointer"] == "/media/0/file_id", "\(name)")
            #expect(refused["errors"]?.array?.count == 1, "\(name)")
            // A draft may be unfinished; its check says the same.
            let draft = try owner.post("/v1/social-posts", body(instagram, name, [medium], at: nil)).ok(201)
            let check = try owner.post("/v1/social-posts/\(draft.id)/check", [:]).ok()
            #expect(check["fits"] == false && check["faults"]?[0]["code"] == .string(code), "\(name)")
            #expect(check["preview"]?["media"]?[0]["url"] == .null, "\(name)")
            #expect(try variants(owner, of: medium.text("file_id")).isEmpty)
        }
        // Few bytes that are many points are made smaller like any other picture.
        let bomb = try agency.medium(SampleMedia.gif(6000, 6000), "dots.gif")
        let picture = try shown(agency, try plan(agency, instagram, "Dots", [bomb]))
        #expect(picture["width"] == 1440 && picture["height"] == 1440)
    }

    @Test func `a post that waits takes no picture that does not fit`() throws {
        let agency = try server.quietAgency(), owner = agency.owner,
            instagram = try account(owner, "instagram")
        let good = try agency.medium(SampleMedia.jpeg(800, 640), "good.jpg")
        let post = try plan(agency, instagram, "Waits", [good])
        let path = "/v1/social-posts/\(post.id)"
        let wide = try agency.medium(SampleMedia.jpeg(900, 200), "wide.jpg")
        try owner.patch(path, ["media": .array([wide])]).problem(422, "media_ratio")
        let tall = try agency.medium(SampleMedia.jpeg(600, 1000), "tall.jpg")
        try owner.patch(path, ["media": .array([tall])]).ok()
        #expect(try shown(agency, post)["converted"] == true)
        #expect(try owner.get(path).ok()["status"] == "scheduled")
    }

    @Test func `a picture of another agency is not there`() throws {
        let (mine, theirs) = (try server.quietAgency(), try server.quietAgency())
        let account = try account(mine.owner, "instagram")
        let medium = try mine.medium(SampleMedia.png(500, 500), "mine.png")
        let post = try plan(mine, account, "Mine", [medium])
        try theirs.owner.get("/v1/social-posts/\(post.id)/media/0").problem(404, "not_found")
        let variant = try #require(try variants(mine.owner, of: medium.text("file_id")).first)
        try theirs.owner.get("/v1/files/\(variant.id)").problem(404, "not_found")
        let stolen = try theirs.owner.post(
            "/v1/social-posts", body(try self.account(theirs.owner, "instagram"), "Mine", [medium]))
        #expect(try stolen.faults()["/media/0/file_id"] == "unknown_reference")
        #expect(try theirs.owner.every("/v1/social-posts").isEmpty, "nothing is stored")
        #expect(try theirs.owner.every("/v1/files").isEmpty)
        try mine.owner.get("/v1/social-posts/\(post.id)/media/1").problem(404, "not_found")
        try mine.owner.get("/v1/social-posts/\(post.id)/media/-1").problem(404, "not_found")
    }

    @Test func `pictures that are made while the server is killed are made once`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency(), owner = agency.owner,
            instagram = try account(owner, "instagram")
        let media = try (0..<4).map {
            try agency.medium(SampleMedia.jpeg(8000, 6000, size: 200_000 + $0), "p.jpg")
        }
        let posts = try media.enumerated().map { number, medium in
            try owner.post("/v1/social-posts", body(instagram, "n\(number)", [medium], at: nil)).ok(201)
        }
        for _ in 0..<3 { try server.killAndRestart() }
        for (post, medium) in zip(posts, media) {
            try eventuallyTrue("the picture of a draft is made", within: .seconds(90)) {
                try !variants(owner, of: medium.text("file_id")).isEmpty
            }
            let picture = try shown(agency, post)
            #expect(picture["width"] == 1440 && picture["height"] == 1080)
            #expect(try variants(owner, of: medium.text("file_id")).count == 1)
        }
    }

    // MARK: Films

    @Test func `what no film of a network can be made of is refused with the reason`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        func refusal(
            _ network: String, _ film: [UInt8], _ more: JSONObject = [:], _ part: JSONObject = [:]
        ) throws -> [String: String] {
            let medium = try agency.medium(film, "film.mp4", altText: "A film").adding(part)
            let answer = try owner.post(
                "/v1/social-posts", body(try account(owner, network), "Watch", [medium], at: Self.far, more))
            return answer.status == 201 ? [:] : try answer.faults()
        }
        let good = SampleMedia.mp4(1280, 720, seconds: 12, size: 40_000, hasSound: true)
        let long = SampleMedia.mp4(1280, 720, seconds: 150)
        #expect(try refusal("x", good) == [:])
        #expect(try refusal("x", long) == ["/media/0/file_id": "media_length"])
        #expect(try refusal("x", long, [:], ["start_seconds": 5]) == ["/media/0/file_id": "media_length"])
        #expect(try refusal("x", long, [:], ["start_seconds": 20]) == [:])
        #expect(try refusal("x", Array(good.dropLast(5000))) == ["/media/0/file_id": "media_damaged"])
        let wide = SampleMedia.mp4(1280, 720, seconds: 100)
        #expect(try refusal("facebook", wide, ["format": "reel"]) == ["/media/0/file_id": "media_ratio"])
        #expect(
            try refusal("x", good, [:], ["start_seconds": 12, "end_seconds": 14])
                == ["/media/0/start_seconds": "out_of_range"])
        #expect(
            try refusal("x", good, [:], ["start_seconds": 6, "end_seconds": 6])
                == ["/media/0/end_seconds": "out_of_range"])
        #expect(
            try refusal("x", good, [:], ["start_seconds": -1, "end_seconds": "soon"])
                == ["/media/0/start_seconds": "out_of_range", "/media/0/end_seconds": "wrong_type"])
        #expect(
            try refusal("x", SampleMedia.jpeg(640, 640), [:], ["end_seconds": 6])
                == ["/media/0/end_seconds": "conflict"])
        // A film that is taken is described, and leaves as it is.
        let medium = try agency.medium(good, "film.mp4", altText: "")
        let film = try shown(agency, try plan(agency, try account(owner, "linkedin"), "Watch", [medium]))
        #expect(film["seconds"]?.double == 12 && film["codec"] == "h264" && film["audio_codec"] == "aac")
        #expect(film["converted"] == false)
    }

    @Test func `a film that a network does not take is made anew, once for each network and part`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let bytes = SampleMedia.recording(640, 480, seconds: 4)
        let medium = try agency.medium(bytes, "garden.mov", altText: "")
        let file = medium.text("file_id"), x = try account(owner, "x")
        func made(_ count: Int) throws {
            try eventuallyTrue("\(count) films are made") { try variants(owner, of: file).count == count }
        }
        let post = try plan(agency, x, "The garden", [medium])
        // Told before it is made.
        let film = try shown(agency, post)
        #expect(film["converted"] == true && film["media_type"] == "video/mp4" && film["codec"] == "h264")
        #expect(film["audio_codec"] == "aac" && film["width"] == 640 && film["seconds"]?.double == 4)
        try made(1)
        let taken = try owner.get(film.text("url")).body
        #expect(taken[4..<8].elementsEqual("ftyp".utf8) && taken != bytes)
        #expect(try variants(owner, of: file).first?["name"] == "garden-film-x-post.mp4")
        #expect(try owner.get("/v1/files/\(file)/content").body == bytes, "the original stays")
        // That film is there already; a reel has more pictures a second, and is upright.
        let again = try owner.post("/v1/social-posts", body(x, "Again", [medium])).ok(201)
        #expect(try shown(agency, again)["converted"] == true)
        let instagram = try account(owner, "instagram")
        let reel = try owner.post(
            "/v1/social-posts", body(instagram, "A reel", [medium], at: Self.far, ["format": "reel"])
        ).ok(201)
        #expect(try shown(agency, reel)["frame_rate"]?.double.map { abs($0 - 23) < 0.01 } == true)
        try made(2)
        // A short is no wider than high: the middle of it.
        let short = try owner.post(
            "/v1/social-posts",
            body(try account(owner, "youtube"), "A short", [medium], at: Self.far, ["format": "short"])
        ).ok(201)
        try made(3)
        let square = try shown(agency, short)
        #expect(square["width"] == 480 && square["height"] == 480 && square["converted"] == true)
        // Half of it.
        let part = medium.adding(["start_seconds": 1.5, "end_seconds": 3.5])
        let half = try owner.post("/v1/social-posts", body(x, "Half", [part])).ok(201)
        #expect(try shown(agency, half)["seconds"]?.double == 2)
        try made(4)
        #expect(try shown(agency, half)["seconds"]?.double.map { abs($0 - 2) < 0.05 } == true)
        let names = try variants(owner, of: file).map { $0.text("name") }
        #expect(names.contains("garden-film-x-post-1.5-3.5.mp4"), "\(names)")
        let stored = try owner.get("/v1/social-posts/\(half.id)").ok()
        #expect(stored["media"]?[0]["start_seconds"]?.double == 1.5)
    }

    @Test func `a film that cannot be read to its end fails its post before its hour`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let medium = try agency.medium(
            SampleMedia.mp4(320, 240, seconds: 3, codec: "vp09"), "film.mp4", altText: "")
        let post = try plan(agency, try account(owner, "x"), "Watch", [medium])
        try eventuallyTrue("the post has failed") {
            try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "failed"
        }
        let failed = try owner.get("/v1/social-posts/\(post.id)").ok()
        #expect(failed["reasons"]?[0]["code"] == "media_damaged")
        #expect(try variants(owner, of: medium.text("file_id")).isEmpty)
    }

    @Test func `a film that is made while the server is killed is made once`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency(), owner = agency.owner
        let medium = try agency.medium(
            SampleMedia.recording(960, 720, seconds: 20, rate: 15), "long.mov", altText: "")
        let post = try plan(agency, try account(owner, "x"), "Long", [medium])
        try owner.get("/v1/social-posts/\(post.id)/media/0").problem(503, "unavailable")
        for _ in 0..<3 { try server.killAndRestart() }
        try eventuallyTrue("the film is made", within: .seconds(90)) {
            try !variants(owner, of: medium.text("file_id")).isEmpty
        }
        #expect(try shown(agency, post)["seconds"]?.double.map { abs($0 - 20) < 0.05 } == true)
        #expect(try variants(owner, of: medium.text("file_id")).count == 1)
        #expect(try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "scheduled")
    }
}
