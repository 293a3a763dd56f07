import Foundation
import JSON
import Testing

/// A look around with `bureau demo`: at selling, at a client's portal, at a page with a chat.
@Suite(.ownThread) struct SampleAgency {
    @Test func `a demonstration whose agency cannot be made ends, and says why`() throws {
        let demo = BureauProcess(command: "demo")
        try FileManager.default.createDirectory(
            atPath: demo.folder + "/demo-password", withIntermediateDirectories: true)
        let ended = try BureauProcess.run(
            [
                "/usr/bin/timeout", "90", BureauProcess.binary, "demo", "--listen", "127.0.0.1:0", "--data",
                demo.folder,
            ])
        #expect(ended.status == 1, "\(ended.output)")
        #expect(ended.output.contains("demo-password"), "\(ended.output)")
    }

    @Test
    func `the sample agency has sold, sells, and asks before it writes; from then on it lives by real time`()
        throws
    {
        let demo = BureauProcess(command: "demo")
        try demo.start()
        let owner = try demo.sampleOwner()

        let stages = Set(try owner.every("/v1/deals").map { $0.text("stage") })
        #expect(stages == ["outreach", "needs_assessment", "proposal_delivered", "won", "lost"])
        func statuses(_ path: String) throws -> [String] {
            try owner.every(path).map { $0.text("status") }.sorted()
        }
        #expect(try statuses("/v1/proposals") == ["accepted", "accepted", "declined", "viewed"])
        #expect(try statuses("/v1/contracts") == ["signed", "signed"])
        #expect(try statuses("/v1/invoices") == ["open", "paid"])
        let mails = try owner.every("/v1/messages?channel=email")
        let sent = mails.filter { !$0.text("sent_at").isEmpty }
        #expect(sent.count > 15 && sent.allSatisfy { $0["captured"] == true }, "none has left")
        #expect(
            Set(mails.filter { $0["direction"] == "inbound" }.map { $0.text("class") }) == [
                "interested", "question", "objection", "not_interested", "unsubscribe",
            ])
        let longest = Dictionary(grouping: mails, by: { $0.text("conversation_id") }).values.map(\.count)
            .max()
        #expect((longest ?? 0) >= 4, "a thread with answers")

        // One visitor was answered from what is written down, the other waits for a person.
        let handlers = try eventually("the visitors' answers") { () -> [String]? in
            let chats = try owner.every("/v1/conversations?channel=web_chat").map { $0.text("handler") }
                .sorted()
            let words = try owner.every("/v1/messages?channel=web_chat").map { $0.text("text") }
            return words.contains { $0.contains("within two weeks") } && chats.contains("waiting_for_human")
                ? chats : nil
        }
        #expect(handlers == ["agent", "waiting_for_human"])

        // Its clock is the machine's now: what is approved is on its real way, and waits for a mail service.
        let held = try #require(mails.first { $0["status"] == "held" && !$0.text("approval_id").isEmpty })
        try owner.post("/v1/approvals/\(held.text("approval_id"))/approve").ok()
        let reasons = try eventually("the outbox to look at it") { () -> [String]? in
            let mail = try owner.get("/v1/messages/\(held.id)").ok()
            let codes = (mail["reasons"]?.array ?? []).map { $0.text("code") }
            return mail["status"] == "held" && codes != ["approval"] ? codes : nil
        }
        #expect(reasons.contains("no_provider"), "\(reasons)")
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(try statuses("/v1/reports").contains("draft"))
        try leads(of: owner)
        try year(of: owner)
        try clients(of: owner)
        try connectors(of: owner)
        try portal(of: demo)
        try site(of: demo)
    }

    /// Each age of leads and each seeded sequence has somebody, and what was written for many has reached people.
    private func leads(of owner: Caller) throws {
        let readers = try owner.every("/v1/leads?source=newsletter")
        #expect(
            Set(readers.map { $0.text("lifecycle_stage") }) == [
                "fresh", "warm", "nurturing", "dormant", "archived",
            ])
        let enrolled = try owner.every("/v1/enrollments")
        for sequence in try owner.every("/v1/sequences?kind=nurture") {
            let its = enrolled.filter { $0.text("sequence_id") == sequence.id }
            #expect(!its.isEmpty, "nobody is in \(sequence.text("key"))")
        }
        #expect(enrolled.contains { ($0["history"]?.array?.count ?? 0) > 1 })
        #expect(try owner.every("/v1/distributions").contains { ($0["sent"]?.int ?? 0) > 0 })
        let contact = try #require(readers.first { $0["email"] == "miles@copperlantern.example" })
        let wishes = try owner.get("/v1/contacts/\(contact.text("contact_id"))/preferences").ok()
        #expect(wishes["hour"]?["value"] == 9 && wishes["hour"]?["source"] == "stated")
        let agents = ["lead_nurturing", "content_distribution", "client_management"]
        for agent in agents { #expect(try owner.get("/v1/agents/\(agent)").ok()["autonomy"] == "approve") }
    }

    /// It has kept in touch for a year: whom it has known that long went from stage to stage, and each mail is a step
    /// of a sequence that a decision chose.
    private func year(of owner: Caller) throws {
        let leads = try owner.every("/v1/leads?source=webinar").filter {
            !["fresh", "customer"].contains($0.text("lifecycle_stage"))
        }
        #expect(
            leads.map { $0.text("lifecycle_stage") }.sorted() == [
                "dormant", "nurturing", "nurturing", "warm",
            ])
        let mails = try leads.flatMap {
            try owner.every("/v1/messages?direction=outbound&contact_id=\($0.text("contact_id"))")
        }.filter { !$0.text("sent_at").isEmpty }
        #expect(mails.count >= 12 && mails.allSatisfy { $0["cause"]?["type"] == "enrollment" })
        let months = Set(mails.map { $0.text("sent_at").prefix(7) })
        #expect(months.count >= 6, "\(months)")
        let oldest = try Date(iso: try #require(mails.map { $0.text("sent_at") }.min()))
        #expect(oldest < Date(timeIntervalSinceNow: -330 * 86_400))
        let decided = Set(
            try owner.every("/v1/decisions?agent=lead_nurturing").map { $0["subject"]?.id ?? "" })
        #expect(decided.isSuperset(of: leads.map(\.id)))
        let read = try leads.flatMap {
            try owner.every("/v1/contacts/\($0.text("contact_id"))/activities").map { $0.text("type") }
        }
        #expect(read.count { $0 == "message_read" } >= 3, "\(read)")
        let figures = try owner.get("/v1/nurture-figures").ok()["sequences"]?.array ?? []
        #expect(figures.contains { $0["key"] == "new_lead" && ($0["sent"]?.int ?? 0) >= 8 })
    }

    /// There is a client in each part of a client's life, and what comes of it.
    private func clients(of owner: Caller) throws {
        // A client's month: what was planned stands, the last of it comes again, and the campaign has results.
        let campaign = try #require(try owner.every("/v1/campaigns?name=A%20book%20a%20week").first)
        let posts = try owner.every("/v1/social-posts?campaign_id=\(campaign.id)")
        #expect(
            posts.map { $0.text("status") }.sorted() == Array(repeating: "published", count: 5) + [
                "scheduled"
            ])
        #expect(posts.contains { $0.text("text").hasPrefix("In case you missed it: The fifth week") })
        let pace = try owner.get("/v1/campaigns/\(campaign.id)/pacing").ok()
        #expect(pace["spent"]?["amount"] == 69_625)
        let clients = try owner.every("/v1/clients")
        #expect(
            Set(clients.map { $0.text("lifecycle") }).isSuperset(of: [
                "onboarding", "active", "renewal", "ended",
            ]))
        #expect(clients.contains { $0["name"] == "Saltmarsh Interiors Ltd" && $0["health"] == "at_risk" })
        #expect(
            Set(try owner.every("/v1/onboardings").map { $0.text("status") }) == ["active", "completed"])
        let goals = try owner.every("/v1/goals").map { $0["reached_at"] != .null }
        #expect(goals.contains(true) && goals.contains(false))
        #expect(
            Set(try owner.every("/v1/opportunities").map { $0.text("kind") }).isSuperset(of: [
                "renewal", "retention", "win_back",
            ]))
        let rewards = try owner.every("/v1/referrals").map { $0["reward"]?["status"] }
        #expect(rewards == ["pending"])
        #expect(
            Set(try owner.every("/v1/case-studies").map { $0.text("status") }) == [
                "published", "with_client",
            ])
        let compiled = try owner.every("/v1/deliverables").filter { ($0["files"]?.array ?? []).count == 1 }
        #expect(compiled.map { $0["revision"] } == [1])
        let warnings = try owner.get("/v1/portfolio").ok()["warnings"]?.array ?? []
        #expect(
            Set(warnings.map { $0.text("code") }).isSuperset(of: ["client_concentration", "over_capacity"]))
    }

    /// The services of its past can be looked at, with their cost; nothing leaves by them any more.
    private func connectors(of owner: Caller) throws {
        let all = try owner.every("/v1/integrations")
        let mail = try #require(all.first { $0.text("capability") == "email_sending" })
        #expect(mail.text("status") == "disabled" && !mail.text("error").isEmpty)
        let use = try owner.get("/v1/integrations/\(mail.id)/use").ok()
        let days = use["days"]?.array ?? []
        #expect(days.compactMap { $0["calls"]?.int }.reduce(0, +) >= 10, "\(use.serialized)")
        #expect(days.contains { ($0["cost"]?["amount"]?.int ?? 0) > 0 })
        let web = try #require(all.first { $0.text("provider") == "http" })
        #expect(web.text("status") == "active" && web["price"] != .null)
        #expect(web["quota"]?.array?.map { $0.text("per") } == ["minute", "day"])
        #expect(try owner.get("/v1/tools/http_request").ok()["providers"] == [.string(web.id)])
        #expect(try owner.every("/v1/tool-calls?tool=http_request").isEmpty, "nobody asks it")
    }

    /// A client of it signs in, and has something to decide, to pay, to answer and to look at.
    private func portal(of demo: BureauProcess) throws {
        let entry = try #require(
            demo.log.firstMatch(
                of: /portal at \S*(\/portal\/\?agency=([\w-]+))\s+Sign in as +(\S+)\s+Password +(\S+)/))
        #expect(try demo.anonymous.get(String(entry.1)).text.contains("/portal/main.js"))
        let client = demo.caller(
            try demo.anonymous.post(
                "/v1/auth/login",
                [
                    "email": .string(String(entry.3)), "password": .string(String(entry.4)),
                    "tenant": .string(String(entry.2)),
                ]
            ).ok().text("access_token"))
        let overview = try client.get("/v1/portal/overview").ok()
        let waiting = (overview["waiting"]?.array ?? []).map { $0.text("action") }
        #expect(waiting.first == "approve" && Set(waiting) == ["approve", "pay", "read", "answer", "rate"])
        let words = try client.get("/v1/portal/messages").ok().items.map { $0.text("direction") }
        #expect(words == ["inbound", "outbound"])
        let figures = try client.get("/v1/portal/metrics").ok()["data"]?.array ?? []
        #expect(figures.count == 3 && figures.allSatisfy { $0["points"]?.array?.count == 28 })
        #expect(try client.get("/v1/portal/tasks").ok().items.count == 3, "what is not shared stays inside")
        try client.get("/v1/leads").problem(403)
    }

    /// Its own page carries its chat, and nothing of that page is there without the sample agency.
    private func site(of demo: BureauProcess) throws {
        #expect(demo.log.contains("/site"))
        let page = try demo.anonymous.get("/site")
        let key = try #require(page.text.firstMatch(of: /data-key="(\w+)"/)).1
        #expect(page.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
        #expect(page.text.contains("src=\"/public/chat.js\"") && !page.text.contains("{{"))
        let visitor: JSON = ["visitor_id": "somebody-new", "text": "How do I pay an invoice?"]
        #expect(
            [200, 201, 202].contains(try demo.anonymous.post("/v1/chat/\(key)/messages", visitor).status))
        #expect(try BureauProcess.shared.anonymous.get("/site").status == 404)
    }
}
