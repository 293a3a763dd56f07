import JSON
import StandIns
import Testing

/// A message to people may stand on a blog, too, before or after: each once.
@Suite(.ownThread) struct BlogReaders {
    let server = BureauProcess.shared

    private func connected(_ owner: Caller, _ web: WordPressStandIn) throws -> String {
        try owner.post(
            "/v1/integrations",
            [
                "provider": "wordpress", "capability": "blog_publishing", "credentials": web.credentials,
                "settings": ["base_url": .string(web.service.url)],
            ]
        ).ok(201).id
    }

    private func item(
        _ owner: Caller, _ title: String = "Spring pruning", status: String = "approved"
    ) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": "educational", "subject": .string(title),
                "body": "## Roses\n\nCut them in *March*.", "status": .string(status),
            ]
        ).ok(201)
    }

    private func publish(_ owner: Caller, _ item: JSON, _ blog: String) throws {
        try owner.post(
            "/v1/content-items/\(item.id)/publish", ["integration_id": .string(blog)]
        ).ok(202)
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

    @Test func `what people have got goes to a blog once, and what stands on one goes to people`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(owner, web), body: JSON = ["integration_id": .string(blog)]
        let told = try item(owner), path = "/v1/content-items/\(told.id)"
        try owner.post("\(path)/distribute", [:]).ok(202)
        #expect(try state(owner, told)["status"] == "published")
        web.permit(false)
        try publish(owner, told, blog)
        let refused = try ended(owner, told)
        #expect(refused["publishing"] == "failed" && refused["status"] == "published")
        web.permit(true)
        try publish(owner, told, blog)
        let stands = try ended(owner, told)
        #expect(stands["publishing"] == "published" && stands["status"] == "published")
        #expect(web.posts.all.count == 1 && stands["published_at"] == refused["published_at"])
        try owner.post("\(path)/publish", body).problem(409, "invalid_transition")
        // An item that somebody has only called published may stand there already.
        let named = try item(owner, "Summer pruning", status: "published")
        try owner.post("/v1/content-items/\(named.id)/publish", body).problem(409, "invalid_transition")
        let shown = try item(owner, "Autumn pruning")
        try publish(owner, shown, blog)
        #expect(try ended(owner, shown)["status"] == "published" && web.posts.all.count == 2)
        try owner.post("/v1/content-items/\(shown.id)/distribute", [:]).ok(202)
        #expect(try ended(owner, shown)["publishing"] == "published" && web.posts.all.count == 2)
    }

    @Test func `each person gets once what goes to a blog before or after, and its day there stays`() throws {
        let box = try server.quietAgency().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        let web = try WordPressStandIn()
        try box.readyToSend()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let blog = try connected(owner, web)
        let contact = try owner.post("/v1/leads", lead(0)).ok(201).text("contact_id")
        func mails() throws -> [String] {
            try owner.every("/v1/messages?direction=outbound&contact_id=\(contact)")
                .filter { ["sent", "delivered"].contains($0.text("status")) }.map { $0.text("subject") }
        }
        // An item that waits for its day there reaches people before.
        let made = try item(owner), path = "/v1/content-items/\(made.id)"
        try owner.patch(path, ["status": "scheduled", "planned_at": "2027-01-08T09:00:00.000Z"]).ok()
        try publish(owner, made, blog)
        try owner.post("\(path)/distribute", [:]).ok(202)
        try box.advance("P1D")
        let waiting = try state(owner, made)
        #expect(waiting["status"] == "scheduled" && waiting["publishing"] == "waiting")
        #expect(try mails() == ["Spring pruning"])
        try box.advance(to: "2027-01-08T09:01:00.000Z")
        let stands = try state(owner, made)
        #expect(stands["status"] == "published" && stands["publishing"] == "captured")
        try owner.post("\(path)/publish", ["integration_id": .string(blog)]).problem(
            409, "invalid_transition")
        let shown = try item(owner, "Autumn pruning")
        try publish(owner, shown, blog)
        try box.advance("PT1M")
        #expect(try state(owner, shown)["publishing"] == "captured")
        for one in [shown, shown, made] {
            try owner.post("/v1/content-items/\(one.id)/distribute", [:]).ok(202)
        }
        try box.advance("P10D")
        #expect(try mails().sorted() == ["Autumn pruning", "Spring pruning"])
    }

    @Test func `what people have got stays published where a blog does not tell`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try WordPressStandIn()
        let blog = try connected(owner, web), made = try item(owner), path = "/v1/content-items/\(made.id)"
        try owner.post("\(path)/distribute", [:]).ok(202)
        // An item that keeps its day on a blog is no less theirs.
        let other = try WordPressStandIn(), kept = try item(owner, "Summer pruning")
        let keptPath = "/v1/content-items/\(kept.id)"
        try owner.patch(keptPath, ["status": "scheduled", "planned_at": "2040-01-08T09:00:00.000Z"]).ok()
        try publish(owner, kept, try connected(owner, other))
        try owner.post("\(keptPath)/distribute", [:]).ok(202)
        #expect(try state(owner, kept)["status"] == "scheduled")
        // A job that looks just now whether its day has come is not told of another one.
        try eventuallyTrue("the wait for its day") {
            try owner.every("/v1/jobs?kind=content_item.publish").allSatisfy {
                !["available", "running"].contains($0.text("state"))
            }
        }
        for web in [web, other] {
            web.service.next(.wait {}, .cutDone)
            for _ in 0..<60 { web.service.next(.answer(502, "<html>bad gateway</html>")) }
        }
        try owner.patch(keptPath, ["planned_at": "2026-01-08T09:00:00.000Z"]).ok()
        try publish(owner, made, blog)
        let lostDay = try ended(owner, kept)
        #expect(lostDay["status"] == "published" && lostDay["publishing"] == "unknown")
        let absent = try owner.post("\(keptPath)/resolve", ["outcome": "not_published"]).ok()
        #expect(absent["status"] == "published" && absent["publishing"] == "failed")
        let lost = try ended(owner, made)
        #expect(lost["status"] == "published" && lost["publishing"] == "unknown")
        try owner.post("\(path)/publish", ["integration_id": .string(blog)]).problem(
            409, "invalid_transition")
        web.service.behaveAgain()
        let back = try owner.post("\(path)/resolve", ["outcome": "published"]).ok()
        #expect(back["status"] == "published" && back["publishing"] == "published")
        #expect(web.posts.all.count == 1)
    }
}
