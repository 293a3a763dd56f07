import Foundation
import JSON
import StandIns
import Testing

/// Approved pieces go to a blog, each once; what nobody knows a person settles.
@Suite(.ownThread) struct BlogPublishing {
    let server = BureauProcess.shared

    private func connected(
        _ agency: Agency, _ web: WordPressStandIn
    ) throws -> String {
        try agency.connect(
            "wordpress", web.service.url, credentials: web.credentials, capability: "blog_publishing"
        ).id
    }

    private func item(
        _ owner: Caller, _ title: String = "Spring pruning",
        body: String = "## Roses\n\nCut them in *March*.",
        status: String = "approved"
    ) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": "educational", "subject": .string(title),
                "body": .string(body), "status": .string(status),
            ]
        ).ok(201)
    }

    private func publish(
        _ owner: Caller, _ item: JSON, _ blog: String, _ more: JSONObject = [:]
    ) throws -> JSON {
        var body: JSONObject = ["integration_id": .string(blog)]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/content-items/\(item.id)/publish", .object(body)).ok(202)
    }

    private func state(_ owner: Caller, _ item: JSON) throws -> JSON {
        try owner.get("/v1/content-items/\(item.id)").ok()
    }

    private func ended(_ owner: Caller, _ item: JSON) throws -> JSON {
        try eventually("the end of \(item.id)") {
            let now = try state(owner, item)
            return ["published", "failed", "unknown", "captured"].contains(now.text("publishing")) ? now : nil
        }
    }

    @Test func `an approved piece stands on its blog once, though the answer was lost`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web)
        let draft = try item(owner, status: "draft"), path = "/v1/content-items/\(draft.id)/publish"
        try owner.post(path, ["integration_id": .string(blog)]).problem(409, "not_approved")
        let script = "<script>alert(1)</script>\n\n[x](javascript:alert(1))"
        let made = try item(owner, body: "## Roses\n\nCut them in *March*.\n\n\(script)")
        // The front page is answered; the post is made, and its answer lost.
        web.service.next(.wait {}, .cutDone)
        let asked = try publish(owner, made, blog)
        #expect(["waiting", "publishing"].contains(asked.text("publishing")))
        let stands = try ended(owner, made), post = try #require(web.posts.all.first)
        #expect(stands["status"] == "published" && stands.text("url").hasSuffix("/2026/12/\(post.id)/"))
        #expect(stands.text("remote_id") == post.id && web.posts.all.count == 1)
        let content = post.fields["content"]?.text ?? "", slug = post.fields["slug"]?.text ?? ""
        #expect(content.contains("<h2>Roses</h2>") && content.contains("<em>March</em>"))
        #expect(!content.contains("<script") && !content.contains("javascript:alert(1)\""))
        #expect(slug == "spring-pruning-\(made.id.suffix(8))")
        let again = "/v1/content-items/\(made.id)/publish"
        try owner.post(again, ["integration_id": .string(blog)]).problem(409, "invalid_transition")
        try owner.delete("/v1/content-items/\(made.id)").problem(409, "conflict")
        let told = try owner.every("/v1/events").filter {
            $0.text("type") == "content_item.blog_published"
        }
        #expect(told.count == 1 && told.first?["data"]?["url"] == stands["url"])
        for path in ["integrations", "events", "audit", "jobs", "tool-calls", "content-items"] {
            let text = try owner.get("/v1/\(path)?limit=200").text
            #expect(!text.contains("MNOP") && !text.contains("bWlzaGE6"), "\(path)")
        }
    }

    @Test func `what cannot be published is said to whoever asks, all at once`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        let path = "/v1/content-items/\(made.id)/publish"
        let text = try owner.upload(Array("no picture".utf8), "a.txt")
        let image: JSON = ["file_id": .string(text.id), "alt_text": "A rose"]
        let elsewhere = try server.quietAgency()
        let foreign = try connected(elsewhere, web)
        let faults = try owner.post(path, ["integration_id": .string(foreign), "image": image]).faults()
        #expect(faults["/integration_id"] == "unknown_reference")
        let mail = try agency.connect("smtp", "smtp://127.0.0.1:9")
        let other = try owner.post(path, ["integration_id": .string(mail.id), "image": image]).faults()
        #expect(other["/integration_id"] == "conflict" && other["/image/file_id"] == "media_type")
        let bare = try owner.post(
            path, ["integration_id": .string(blog), "image": ["file_id": .string(text.id)]]
        ).faults()
        #expect(bare["/image/alt_text"] == "required")
        let personal = try item(owner, body: "Dear {{ contact.name }}, roses.")
        let refused = try owner.post(
            "/v1/content-items/\(personal.id)/publish", ["integration_id": .string(blog)]
        ).problem(409, "conflict")
        #expect(refused.text("detail").contains("contact.name"))
        let lied = try owner.patch("/v1/content-items/\(made.id)", ["status": "unknown"]).faults()
        #expect(lied["/status"] == "invalid_choice")
        #expect(web.posts.all.isEmpty)
    }

    @Test func `a picture stands at the head of a piece, with words for who does not see it`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        let file = try owner.upload(Base64Bytes.pixel, "rose.png")
        let image: JSON = ["file_id": .string(file.id), "alt_text": "A rose bush"]
        // The picture is stored, and the answer to it lost: it is found, and not stored again.
        web.service.next(.wait {}, .cutDone)
        _ = try publish(owner, made, blog, ["image": image])
        let stands = try ended(owner, made), picture = try #require(web.media.all.first)
        #expect(stands["status"] == "published" && stands["blog_image"] == image)
        #expect(picture.fields["alt_text"] == "A rose bush" && web.media.all.count == 1)
        #expect(web.posts.all.first?.fields["featured_media"]?.int == Int64(picture.id))
    }

    @Test func `a photo stands on a blog without the place where it was taken`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner), photo = SampleMedia.photo(640, 480)
        let exif = Array("Exif".utf8)
        #expect(photo.firstRange(of: exif) != nil)
        let file = try owner.upload(photo, "garden.jpg")
        let image: JSON = ["file_id": .string(file.id), "alt_text": "A garden"]
        _ = try publish(owner, made, blog, ["image": image])
        #expect(try ended(owner, made)["status"] == "published")
        let text = try #require(web.media.all.first?.fields["bytes"]?.text)
        let sent = [UInt8](try #require(Data(base64Encoded: text)))
        #expect(sent.starts(with: [0xFF, 0xD8, 0xFF]) && sent.firstRange(of: exif) == nil)
        #expect(try owner.get("/v1/files/\(file.id)/content").body == photo, "the original stays")
        // A picture that ends too early stands nowhere.
        let torn = try owner.upload(Array(photo.prefix(photo.count * 3 / 4)), "torn.jpg")
        let other = try item(owner, "Summer pruning")
        _ = try publish(
            owner, other, blog, ["image": ["file_id": .string(torn.id), "alt_text": "A garden"]])
        let refused = try ended(owner, other)
        #expect(refused["publishing"] == "failed" && refused["status"] == "approved")
        #expect(refused["publishing_reasons"]?[0]["code"] == "media_damaged", "\(refused)")
        #expect(web.posts.all.count == 1 && web.media.all.count == 1)
    }

    @Test func `what a blog does not have after a lost answer is said again, once`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        web.service.next(.wait {}, .cutAfter)
        _ = try publish(owner, made, blog)
        try eventuallyTrue("a look") { web.service.requests.contains { $0.target.contains("slug=") } }
        #expect(web.posts.all.isEmpty && web.service.requests.count { $0.method == "POST" } == 1)
        let stands = try ended(owner, made)
        #expect(stands["status"] == "published" && web.posts.all.count == 1)
        #expect(web.service.requests.count { $0.method == "POST" } == 2)
    }

    @Test func `where a blog does not tell, a piece is unknown until a person has looked`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        web.service.next(.wait {}, .cutDone)
        for _ in 0..<60 { web.service.next(.answer(502, "<html>bad gateway</html>")) }
        _ = try publish(owner, made, blog)
        let lost = try ended(owner, made)
        #expect(lost["status"] == "unknown" && lost["publishing"] == "unknown")
        let alerts = try owner.every("/v1/alerts?kind=content_item_unknown&open=true")
        #expect(alerts.map { $0["subject"]?.id } == [made.id])
        let path = "/v1/content-items/\(made.id)"
        try owner.patch(path, ["status": "approved"]).problem(409, "invalid_transition")
        try owner.post("\(path)/publish", ["integration_id": .string(blog)]).problem(
            409, "invalid_transition")
        web.service.behaveAgain()
        #expect(web.service.requests.count { $0.method == "POST" } == 1, "it is never said again by itself")
        let back = try owner.post("\(path)/resolve", ["outcome": "not_published"]).ok()
        #expect(back["status"] == "approved" && back["publishing"] == "failed")
        #expect(try owner.every("/v1/alerts?kind=content_item_unknown&open=true").isEmpty)
        // A person's mistake makes no second post: the blog is asked before the piece is sent.
        _ = try publish(owner, made, blog)
        #expect(try ended(owner, made)["status"] == "published" && web.posts.all.count == 1)
        try owner.post("\(path)/resolve", ["outcome": "published"]).problem(409, "invalid_transition")
    }

    @Test func `a brake holds a piece, and one whose approval is taken back does not leave`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        _ = try publish(owner, made, blog)
        try eventuallyTrue("it is held") {
            let now = try state(owner, made)
            return now.text("publishing") == "held"
                && now["publishing_reasons"]?.array?.first?["code"] == "brake"
        }
        // Pressed again, it is on its way already.
        _ = try publish(owner, made, blog)
        try owner.patch("/v1/content-items/\(made.id)", ["status": "draft"]).ok()
        try owner.post("/v1/brakes/\(brake.id)/release", [:]).ok()
        let over = try ended(owner, made)
        #expect(over["publishing"] == "failed" && over["status"] == "draft")
        #expect(over["publishing_reasons"]?.array?.first?["code"] == "not_approved")
        #expect(web.posts.all.isEmpty)
    }

    @Test func `what a blog refuses is failed with its reason, and goes when it may`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(agency, web), made = try item(owner)
        web.permit(false)
        _ = try publish(owner, made, blog)
        let refused = try ended(owner, made)
        #expect(refused["publishing"] == "failed" && refused["status"] == "approved")
        #expect(refused["publishing_reasons"]?.array?.first?["code"] == "permission_missing")
        web.permit(true)
        _ = try publish(owner, made, blog)
        #expect(try ended(owner, made)["status"] == "published" && web.posts.all.count == 1)
    }

    @Test func `a sandbox keeps what would go to a blog`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner, web = try WordPressStandIn()
        try box.quieten()
        let blog = try owner.post(
            "/v1/integrations",
            [
                "provider": "wordpress", "capability": "blog_publishing", "credentials": web.credentials,
                "settings": ["base_url": .string(web.service.url)],
            ]
        ).ok(201)
        let made = try item(owner)
        _ = try publish(owner, made, blog.id)
        try box.advance("PT1M")
        let kept = try state(owner, made)
        #expect(kept["status"] == "published" && kept["publishing"] == "captured" && kept["url"] == .null)
        #expect(web.posts.all.isEmpty)
    }

    @Test func `from an idea to its blog each step follows the one before, at the planned minute`() throws {
        let box = try server.signUp().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        let web = try WordPressStandIn()
        try box.quieten()
        let blog = try owner.post(
            "/v1/integrations",
            [
                "provider": "wordpress", "capability": "blog_publishing", "credentials": web.credentials,
                "settings": ["base_url": .string(web.service.url)],
            ]
        ).ok(201).id
        let client = try owner.post(
            "/v1/clients",
            ["name": "Acme", "contact_email": "ann@acme.example", "content_approval": true]
        ).ok(201)
        let made = try owner.post(
            "/v1/content-items",
            ["title": "Roses", "format": "blog", "status": "idea", "client_id": .string(client.id)]
        ).ok(201)
        let path = "/v1/content-items/\(made.id)", body: JSON = ["integration_id": .string(blog)]
        func step(_ verb: String, _ body: JSON? = nil) throws -> String {
            try owner.post("\(path)/\(verb)", body).ok().text("status")
        }
        func refused() throws { try owner.post("\(path)/publish", body).problem(409, "not_approved") }
        func planned(_ moment: String) throws {
            try owner.patch(path, ["status": "scheduled", "planned_at": .string(moment)]).ok()
        }
        try refused()
        try owner.patch(path, ["body": "Cut them in March.", "status": "draft"]).ok()
        try refused()
        #expect(try step("submit") == "in_review")
        try refused()
        #expect(try step("review", ["passed": true]) == "with_client")
        try refused()
        let link = try owner.get(path).ok().text("approval_url")
        let page = try #require(link.firstRange(of: "/a/").map { String(link[$0.lowerBound...]) })
        try server.anonymous.post("\(page)/approve", [:]).ok()
        #expect(try state(owner, made)["status"] == "approved")
        try planned("2027-01-08T09:00:00.000Z")
        #expect(try owner.post("\(path)/publish", body).ok(202)["publishing"] == "waiting")
        // It waits for its day, however long, and goes along where that is moved.
        try box.advance("P2D")
        try planned("2027-01-14T09:00:00.000Z")
        try box.advance("P4D")
        #expect(try state(owner, made)["publishing"] == "waiting")
        try planned("2027-01-10T12:30:00.000Z")
        try box.advance(to: "2027-01-10T12:29:00.000Z")
        #expect(try state(owner, made)["status"] == "scheduled")
        try box.advance("PT2M")
        let stands = try state(owner, made)
        #expect(stands["status"] == "published" && stands["publishing"] == "captured")
        #expect(stands.text("published_at").hasPrefix("2027-01-10T12:30"))
        let entries = try owner.get("/v1/content-calendar?from=2027-01-04&to=2027-01-31").ok()["entries"]
        let entry = try #require(entries?.array?.first { $0["id"] == .string(made.id) })
        #expect(entry["date"] == "2027-01-10" && entry["status"] == "published")
        #expect(try owner.patch(path, ["status": "archived"]).ok()["status"] == "archived")
        let told = try owner.every("/v1/events?subject_id=\(made.id)").map { $0.text("type") }
        let steps = [
            "content_item.submitted", "content_item.reviewed", "content_item.approved",
            "content_item.blog_published",
        ]
        #expect(steps.allSatisfy(told.contains), "\(told)")
    }

    @Test func `a piece that waits for its day is taken back at once with its approval`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner, web = try WordPressStandIn()
        try box.quieten()
        let blog = try owner.post(
            "/v1/integrations",
            [
                "provider": "wordpress", "capability": "blog_publishing", "credentials": web.credentials,
                "settings": ["base_url": .string(web.service.url)],
            ]
        ).ok(201).id
        let made = try item(owner), path = "/v1/content-items/\(made.id)"
        try owner.patch(path, ["status": "scheduled", "planned_at": "2027-02-08T09:00:00.000Z"]).ok()
        _ = try publish(owner, made, blog)
        try box.advance("PT1H")
        #expect(try state(owner, made)["publishing"] == "waiting")
        try owner.patch(path, ["status": "draft"]).ok()
        try box.advance("PT1M")
        let over = try state(owner, made)
        #expect(over["publishing"] == "failed")
        #expect(over["publishing_reasons"]?[0].text("code") == "not_approved")
        try box.advance("P40D")
        #expect(try state(owner, made)["status"] == "draft")
    }

    @Test func `killed while pieces leave, each stands once`() throws {
        let server = try BureauProcess.start(), agency = try server.quietAgency(), owner = agency.owner
        let web = try WordPressStandIn(), blog = try connected(agency, web)
        let items = try (0..<8).map { try item(owner, "Piece \($0)") }
        for (index, one) in items.enumerated() {
            _ = try publish(owner, one, blog)
            if index % 3 == 2 { try server.killAndRestart() }
        }
        try eventuallyTrue("every piece stands") {
            try items.allSatisfy { try state(owner, $0)["status"] == "published" }
        }
        let slugs = web.posts.all.compactMap { $0.fields["slug"]?.text }
        #expect(slugs.count == items.count && Set(slugs).count == items.count)
        #expect(slugs.allSatisfy { slug in items.contains { slug.hasSuffix($0.id.suffix(8)) } })
    }
}
