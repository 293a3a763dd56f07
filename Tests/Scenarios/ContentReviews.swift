import JSON
import Testing

/// Content goes from an idea to a yes: reviewed by a colleague, and where the client has the last word, by the client.
@Suite(.ownThread) struct ContentReviews {
    let server = BureauProcess.shared

    @Test func `content goes from an idea to approved, each step only from the step before`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let member = try agency.colleague("member")
        let idea = try member.content(["body": nil, "status": "idea"])
        #expect(idea["type"] == .null && idea["format"] == "social" && idea["status"] == "idea")
        let path = "/v1/content-items/\(idea.id)"
        #expect(try member.post("\(path)/submit").faults() == ["/body": "required"])
        try member.patch(path, ["body": "We have news about gardens."]).ok()
        let early = try owner.post("\(path)/review", ["passed": true]).problem(409, "invalid_transition")
        #expect(early["allowed"] == ["submit"])
        for status in ["in_review", "with_client", "approved", "scheduled", "published"] {
            try owner.patch(path, ["status": .string(status), "planned_at": "2030-01-01T00:00:00.000Z"])
                .problem(409, "invalid_transition")
        }
        #expect(try member.post("\(path)/submit").ok()["status"] == "in_review")
        try member.post("\(path)/submit").problem(409, "invalid_transition")
        try member.post("\(path)/review", ["passed": true]).problem(403, "forbidden")
        for notes: JSON in [[:], ["notes": " "]] {
            let body = notes.merging(["passed": false])
            #expect(try owner.post("\(path)/review", body).faults() == ["/notes": "required"])
        }
        let failed = try owner.post("\(path)/review", ["passed": false, "notes": "Shorter."]).ok()
        #expect(failed["status"] == "draft" && failed["review_notes"] == "Shorter.")
        try member.post("\(path)/submit").ok()
        let passed = try owner.post("\(path)/review", ["passed": true]).ok()
        #expect(passed["status"] == "approved" && passed["reviewed_at"] != .null)
        #expect(passed["approval_url"] == .null)
        #expect(try owner.patch(path, ["status": "scheduled"]).faults() == ["/planned_at": "required"])
        let planned: JSON = ["status": "scheduled", "planned_at": "2030-01-01T00:00:00.000Z"]
        #expect(try member.patch(path, planned).ok()["status"] == "scheduled")
        #expect(try member.patch(path, ["claims": [["text": "x"]]]).ok()["status"] == "scheduled")
        let changed = try member.patch(path, ["body": "Other words now."]).ok()
        #expect(changed["status"] == "draft" && changed["reviewed_by"] == .null)
        let told = try owner.told("content_item.", of: idea.id)
        for type in ["submitted", "reviewed", "review_failed", "approved"] {
            #expect(told.contains("content_item.\(type)"), "\(type)")
        }
        let kinds = try owner.get("/v1/notifications").ok().items.map { $0.text("kind") }
        #expect(kinds.filter { $0 == "content_in_review" }.count == 2)
        let back = try member.get("/v1/notifications").ok().items
        #expect(back.map { $0.text("kind") } == ["content_sent_back"] && back[0].text("body") == "Shorter.")
    }

    @Test func `who wrote something alone reviews it only where nobody else may`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let alone = try owner.content()
        try owner.post("/v1/content-items/\(alone.id)/submit").ok()
        #expect(
            try owner.post("/v1/content-items/\(alone.id)/review", ["passed": true]).ok()["status"]
                == "approved")
        // A person who is limited to another client does not see it, and is nobody who could.
        _ = try agency.colleague("manager", limitedTo: owner.makeClient().id)
        let unseen = try owner.content()
        try owner.post("/v1/content-items/\(unseen.id)/submit").ok()
        try owner.post("/v1/content-items/\(unseen.id)/review", ["passed": true]).ok()
        let manager = try agency.colleague("manager")
        let item = try owner.content(), path = "/v1/content-items/\(item.id)"
        try owner.post("\(path)/submit").ok()
        try owner.post("\(path)/review", ["passed": true]).problem(403, "forbidden")
        #expect(try owner.get(path).ok()["status"] == "in_review")
        #expect(try manager.post("\(path)/review", ["passed": true]).ok()["status"] == "approved")
        // Two people have written it by now, so that each may approve the other's part.
        try manager.patch(path, ["body": "Together."]).ok()
        try owner.post("\(path)/submit").ok()
        #expect(try owner.post("\(path)/review", ["passed": true]).ok()["status"] == "approved")
    }

    @Test func `a message is approved and changed by hand, by whoever may approve`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let missing = try owner.post("/v1/content-items", ["title": "x"]).faults()
        #expect(missing == ["/type": "required", "/subject": "required", "/body": "required"])
        #expect(
            try owner.post("/v1/content-items", ["format": "poem"]).faults() == [
                "/title": "required", "/format": "invalid_choice", "/body": "required",
            ])
        let message: JSONObject = [
            "format": "message", "type": "educational", "subject": "x", "status": "approved",
        ]
        let item = try owner.content(message), path = "/v1/content-items/\(item.id)"
        #expect(try owner.patch(path, ["body": "Corrected."]).ok()["status"] == "approved")
        #expect(try owner.patch(path, ["status": "draft"]).ok()["status"] == "draft")
        #expect(try owner.patch(path, ["status": "approved"]).ok()["status"] == "approved")
        try owner.patch(path, ["status": "with_client"]).problem(409, "invalid_transition")
        let social = try owner.content(["status": "approved"])
        try owner.post("/v1/content-items/\(social.id)/distribute", [:]).problem(409, "conflict")
        // Content of other formats fills no slot of the calendar, and its words are no template.
        try owner.content(["body": "Say {{ nobody.x }}"])
        let member = try agency.colleague("member")
        for status in ["approved", "in_review", "published"] {
            let body: JSON = ["title": "x", "body": "x", "format": "blog", "status": .string(status)]
            try member.post("/v1/content-items", body).problem(403, "forbidden")
        }
    }

    @Test func `each change of words or media is a version, which can be restored`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let file = try owner.file()
        let item = try owner.content(["title": "One"]), path = "/v1/content-items/\(item.id)"
        try owner.patch(path, ["body": "Two."]).ok()
        try owner.patch(path, ["claims": [["text": "Two", "source_url": "https://example.org/x"]]]).ok()
        let media: JSON = ["media": [["file_id": .string(file.id), "alt_text": "A drawing"]]]
        #expect(try owner.patch(path, media).ok()["revision"] == 3)
        try owner.post("\(path)/submit").ok()
        try owner.post("\(path)/review", ["passed": true, "notes": "Fine."]).ok()
        let restored = try owner.post("\(path)/restore", ["version": 1]).ok()
        #expect(restored["body"] == item["body"] && restored["media"] == [] && restored["revision"] == 4)
        #expect(restored["status"] == "draft", "nobody has approved these words")
        let versions = try owner.every("\(path)/versions")
        #expect(versions.map { $0["number"] } == [4, 3, 2, 1])
        #expect(versions[1]["review"]?["notes"] == "Fine." && versions[1]["media"] == media["media"])
        #expect(versions[2]["body"] == "Two." && versions[3]["body"] == item["body"])
        #expect(versions.allSatisfy { $0["by"]?.id == agency.user.id })
        #expect(
            try owner.post("\(path)/restore", ["version": 9]).faults() == ["/version": "unknown_reference"])
        try server.signUp().owner.get("\(path)/versions").problem(404)
        try owner.delete(path).ok(204)
    }

    @Test func `the client decides in the portal, once, and of what waits for them alone`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (acme, beta) = (try agency.approvingClient("Acme"), try agency.approvingClient("Beta"))
        let list = "/v1/portal/content"
        let item = try owner.content(["client_id": .string(acme.id)]), path = "/v1/content-items/\(item.id)"
        try owner.patch(path, ["status": "approved"]).problem(409, "invalid_transition")
        let ready: JSON = [
            "title": "x", "body": "x", "format": "social", "client_id": .string(acme.id),
            "status": "approved",
        ]
        try owner.post("/v1/content-items", ready).problem(409, "invalid_transition")
        try owner.post("\(path)/submit").ok()
        #expect(try acme.admin.every(list).isEmpty)
        #expect(try owner.pass(item)["status"] == "with_client")
        #expect(try acme.admin.every(list).map(\.id) == [item.id] && beta.admin.every(list).isEmpty)
        let overview = try acme.admin.get("/v1/portal/overview").ok()
        #expect(overview["waiting"]?.array?.map(\.id) == [item.id])
        let shown = try acme.people["viewer"]!.get("\(list)/\(item.id)")
        #expect(try shown.ok()["body"] == item["body"])
        for word in ["reviewed_by", "review_notes", "evidence", "approval_url"] {
            #expect(!shown.text.contains(word), "it shows \(word)")
        }
        try beta.admin.get("\(list)/\(item.id)").problem(404)
        try beta.admin.post("\(list)/\(item.id)/approve").problem(404)
        try acme.people["viewer"]!.post("\(list)/\(item.id)/approve").problem(403, "forbidden")
        let changes = "\(list)/\(item.id)/request-changes"
        #expect(try acme.admin.post(changes, [:]).faults() == ["/text": "required"])
        #expect(try acme.admin.post(changes, ["text": "Warmer, please"]).ok()["status"] == "draft")
        let back = try owner.get(path).ok()
        #expect(back["change_request"] == "Warmer, please" && back["evidence"]?["name"] == "Cleo")
        try owner.patch(path, ["body": "Warmer."]).ok()
        try owner.post("\(path)/submit").ok()
        let tool: JSON = ["resource": ["label": "A tool", "url": "https://example.org/tool"]]
        #expect(try owner.patch(path, tool).ok()["status"] == "draft", "readers find the link below the text")
        try owner.post("\(path)/submit").ok()
        _ = try owner.pass(item)
        let answers = try together(4) { _ in
            try server.caller(acme.people["approver"]!.token).post("\(list)/\(item.id)/approve").status
        }
        #expect(answers.sorted() == [200, 409, 409, 409])
        let approved = try owner.get(path).ok()
        #expect(approved["status"] == "approved" && approved["change_request"] == .null)
        #expect(approved["evidence"]?["revision"] == 2 && approved["decided_at"] != .null)
        try acme.admin.post(changes, ["text": "late"]).problem(409, "invalid_transition")
        let versions = try owner.every("\(path)/versions")
        #expect(versions.map { $0["decision"]?.text("decision") } == ["approved", "changes_requested"])
        let told = try owner.get("/v1/notifications").ok().items.map { $0.text("kind") }
        #expect(Set(told).isSuperset(of: ["content_approved", "content_sent_back"]))
        // Even whoever may approve does not change what the client has agreed to.
        #expect(try owner.patch(path, ["title": "Other"]).ok()["status"] == "draft")
        #expect(try acme.admin.every(list).isEmpty)
    }

    @Test func `a link decides on its own version, and looking at it decides nothing`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try agency.approvingClient("Acme"), nobody = server.anonymous
        let others: JSON = [["name": "a", "body": "Other words."], ["name": "b", "subject": "Another one"]]
        let item = try owner.content([
            "title": "News <1>", "client_id": .string(client.id), "variants": others,
            "technical": ["label": "For developers", "url": "https://example.org/api"],
        ])
        let path = "/v1/content-items/\(item.id)"
        try owner.post("\(path)/submit").ok()
        let first = try owner.pass(item).approvalPath
        for method in ["GET", "HEAD", "GET"] {
            let shown = try nobody.request(method, first, headers: ["Accept": "text/html"])
            #expect(shown.status == 200)
        }
        let page = try nobody.request("GET", first, headers: ["Accept": "text/html"]).text
        #expect(page.contains("News &lt;1&gt;") && page.contains("<form method=\"post\""))
        #expect(!page.contains("<script"))
        for part in ["Other words.", "Another one", "For developers"] { #expect(page.contains(part)) }
        #expect(try owner.get(path).ok()["status"] == "with_client")
        #expect(try nobody.post("\(first)/request-changes", [:]).faults() == ["/text": "required"])
        try owner.patch(path, ["body": "New words."]).ok()
        try nobody.post("\(first)/approve", [:]).problem(409, "conflict")
        try owner.post("\(path)/submit").ok()
        let second = try owner.pass(item).approvalPath
        #expect(second != first)
        try nobody.post("\(first)/approve", [:]).problem(409, "conflict")
        let old = try nobody.request("GET", first, headers: ["Accept": "text/html"]).text
        #expect(!old.contains("<form") && !old.contains("New words."))
        try nobody.post("\(second)x/approve", [:]).problem(404)
        #expect(try nobody.post("\(second)/approve", [:]).ok() == ["status": "approved"])
        try nobody.post("\(second)/request-changes", ["text": "late"]).problem(409, "invalid_transition")
        let approved = try owner.get(path).ok()
        #expect(approved["status"] == "approved" && approved["approval_url"] == .null)
        #expect(approved["evidence"]?.text("evidence").contains("link") == true)
        // A former client decides nothing.
        let other = try owner.content(["client_id": .string(client.id)])
        try owner.post("/v1/content-items/\(other.id)/submit").ok()
        let last = try owner.pass(other).approvalPath
        #expect(
            try nobody.post("\(last)/request-changes", ["text": "Warmer"]).ok() == ["status": "draft"])
        try nobody.post("\(last)/approve", [:]).problem(409, "invalid_transition")
        // Those words may be asked about again.
        try owner.post("/v1/content-items/\(other.id)/submit").ok()
        _ = try owner.pass(other)
        #expect(try nobody.get(last).text.contains("<form"))
        try owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        try nobody.post("\(last)/approve", [:]).problem(404)
        #expect(try nobody.get(last).status == 404)
    }

    @Test func `a post waits for a yes to what it is of`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        try box.quieten()
        let account = try owner.post("/v1/social-accounts", ["network": "facebook", "name": "Acme"]).ok(201)
        let item = try owner.content()
        let post = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "From the item",
                "content_item_id": .string(item.id), "scheduled_at": "2027-01-04T10:00:00.000Z",
            ]
        ).ok(201)
        try box.advance("PT1H5M")
        let held = try owner.get("/v1/social-posts/\(post.id)").ok()
        #expect(held["status"] == "held" && held["reasons"]?[0]["code"] == "not_approved")
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        _ = try owner.pass(item)
        try box.advance("PT5M")
        #expect(try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "awaiting_person")
    }

    @Test func `a yes to new words is none to posts that were written before, until somebody looks`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        try box.quieten()
        let account = try owner.post("/v1/social-accounts", ["network": "facebook", "name": "Acme"]).ok(201)
        let item = try owner.content(["status": "approved"]), path = "/v1/content-items/\(item.id)"
        let posts = try (1...2).map { number in
            try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("Old words \(number)"),
                    "content_item_id": .string(item.id), "scheduled_at": "2027-01-04T12:00:00.000Z",
                ]
            ).ok(201)
        }
        func states() throws -> [String] {
            try posts.map { try owner.get("/v1/social-posts/\($0.id)").ok().text("status") }
        }
        func alerts() throws -> [JSON] {
            try owner.every("/v1/alerts?open=true").filter { $0["kind"] == "social_post_changed" }
        }
        // A change of claims leaves the posts alone.
        try owner.patch(path, ["claims": [["text": "x", "source_url": "https://example.org/x"]]]).ok()
        #expect(try states() == ["scheduled", "scheduled"])
        try owner.patch(path, ["body": "New words about gardens."]).ok()
        try owner.post("\(path)/submit").ok()
        #expect(try owner.pass(item)["status"] == "approved")
        try box.advance("PT4H")
        #expect(try states() == ["needs_approval", "needs_approval"], "nobody has looked at them")
        let post = try owner.get("/v1/social-posts/\(posts[0].id)").ok()
        #expect(post["reasons"]?[0]["code"] == "content_changed")
        #expect(try alerts().map { $0["subject"]?.id } == [item.id])
        try owner.patch("/v1/social-posts/\(post.id)", ["text": "New words"]).ok()
        let later: JSON = ["at": "2027-01-05T12:00:00.000Z"]
        try owner.post("/v1/social-posts/\(post.id)/schedule", later).ok()
        #expect(try alerts().count == 1, "one is left")
        try owner.post("/v1/social-posts/\(posts[1].id)/cancel", [:]).ok()
        #expect(try alerts().isEmpty)
        try box.advance("P1D")
        #expect(try states() == ["awaiting_person", "cancelled"])
    }

    @Test func `content that is planned stands in the calendar, by client and campaign`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.patch("/v1/settings", ["time_zone": "Pacific/Auckland"]).ok()
        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let campaign = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "sales"]).ok(201)
        let item = try owner.content([
            "client_id": .string(client.id), "campaign_id": .string(campaign.id),
            "planned_at": "2027-01-12T20:00:00.000Z", "status": "idea", "body": nil,
        ])
        let gone = try owner.content(["planned_at": "2027-01-12T20:00:00.000Z", "status": "archived"])
        func planned(_ query: String) throws -> [JSON] {
            let path = "/v1/content-calendar?from=2027-01-11&to=2027-01-31\(query)"
            return (try owner.get(path).ok()["entries"]?.array ?? []).filter { $0["kind"] == "item" }
        }
        let found = try planned("")
        #expect(found.map(\.id) == [item.id] && found[0]["date"] == "2027-01-13")
        #expect(found[0]["title"] == "Spring news" && found[0]["status"] == "idea" && gone.id != item.id)
        #expect(try planned("&client_id=\(client.id)").map(\.id) == [item.id])
        #expect(try planned("&campaign_id=\(campaign.id)").map(\.id) == [item.id])
        #expect(try planned("&client_id=client_00000000000000000000000000").isEmpty)
        #expect(
            try owner.post(
                "/v1/content-items",
                [
                    "title": "x", "body": "x", "format": "ad",
                    "campaign_id": "cmp_00000000000000000000000000",
                    "client_id": "client_00000000000000000000000000",
                    "media": [["file_id": "file_00000000000000000000000000"]],
                ]
            ).faults() == [
                "/campaign_id": "unknown_reference", "/client_id": "unknown_reference",
                "/media/0/file_id": "unknown_reference",
            ])
    }

    @Test func `a client is reminded, and silence is no yes`() throws {
        let box = try server.signUp().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        try box.quieten()
        let client = try owner.post(
            "/v1/clients",
            ["name": "Acme", "contact_email": "ann@acme.example", "content_approval": true]
        ).ok(201)
        func mails() throws -> Int {
            try owner.every("/v1/messages?channel=email&purpose=transactional").count {
                $0["cause"]?["type"] == "portal" && $0.text("text").contains("/a/")
            }
        }
        let item = try owner.content(["client_id": .string(client.id)])
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        let link = try owner.pass(item).approvalPath
        try box.advance("PT1H")
        #expect(try mails() == 1)
        try box.advance("P3D")
        #expect(try mails() == 2)
        try box.advance("P4D")
        #expect(try mails() == 3)
        try box.advance("P8D")
        #expect(try mails() == 3)
        let kinds = try owner.get("/v1/notifications").ok().items.map { $0.text("kind") }
        #expect(kinds.contains("content_unanswered"))
        try box.advance("P20D")
        try server.anonymous.post("\(link)/approve", [:]).problem(409, "conflict")
        #expect(try owner.get("/v1/content-items/\(item.id)").ok()["status"] == "with_client")
        let told = try owner.told("content_item.", of: item.id)
        #expect(told.count { $0 == "content_item.reminded" } == 2)
        // Asked again, the same link opens anew.
        try owner.post("/v1/content-items/\(item.id)/remind").ok()
        try owner.post("/v1/content-items/\(item.id)/remind").problem(409, "already_reminded")
        try box.advance("PT1H")
        #expect(try mails() == 4)
        #expect(try server.anonymous.post("\(link)/approve", [:]).ok() == ["status": "approved"])
        try owner.post("/v1/content-items/\(item.id)/remind").problem(409, "invalid_transition")
    }
}

extension Caller {
    /// Writes a piece for social networks; a member that is null is left out.
    @discardableResult
    fileprivate func content(_ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "title": "Spring news", "body": "We have news about gardens.", "format": "social",
        ]
        for (name, value) in more.members {
            if value.isNull { body.remove(name) } else { body[name] = value }
        }
        return try post("/v1/content-items", .object(body)).ok(201)
    }

    fileprivate func pass(_ item: JSON) throws -> JSON {
        try post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
    }
}

extension JSON {
    /// The path of the link by which a client decides.
    fileprivate var approvalPath: String {
        let url = text("approval_url")
        return url.firstRange(of: "/a/").map { String(url[$0.lowerBound...]) } ?? ""
    }
}

extension Agency {
    /// A client with its people, who has the last word about content.
    fileprivate func approvingClient(_ name: String) throws -> PortalClient {
        let client = try portalClient(name)
        try owner.patch("/v1/clients/\(client.id)", ["content_approval": true]).ok()
        return client
    }
}
