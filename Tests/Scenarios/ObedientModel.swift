import JSON
import StandIns
import Testing

/// A model that does whatever a mail says, against mails that say everything.
@Suite(.ownThread) struct ObedientModel {
    let server = BureauProcess.shared

    /// An agency with something to lose: prices, a deal, a proposal that is out, a concession that waits for a yes.
    private struct Target: SellingSteps {
        let server: BureauProcess
        let agency: Agency, postmark: PostmarkStandIn, door: JSON

        init(_ server: BureauProcess, _ model: StandIn?) throws {
            self.server = server
            (agency, postmark) = (try server.signUp("Target"), try PostmarkStandIn())
            try agency.readyToMail()
            door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
            let made = try sent(agency, 900).proposal
            try agency.owner.post(
                "/v1/deals/\(made.text("deal_id"))/negotiation", ["discount_percent": 40]
            ).ok(201)
            try agency.owner.patch(
                "/v1/agents/sales_automation", ["state": "active", "autonomy": "autopilot"]
            ).ok()
            guard let model else { return }
            try agency.owner.post(
                "/v1/models", ["name": "mini", "base_url": .string("\(model.url)/v1"), "model": "m"]
            ).ok(201)
        }

        /// Every mail comes from a prospect of its own, and is dealt with.
        func receive(_ mails: [InjectionMail]) throws {
            try agency.makeLeads(mails.indices.map { lead($0) })
            for (index, mail) in mails.enumerated() {
                let hook = mail.hook(index, from: "jane\(index)@example\(index).com", postmark)
                try server.deliver(hook, to: door).ok()
            }
            try eventuallyTrue("the mails", within: .seconds(180)) {
                try agency.owner.every("/v1/messages?direction=inbound").count == mails.count
            }
            let open = try agency.owner.every("/v1/messages?direction=inbound").filter {
                $0["is_automatic"] == false
            }
            for message in open {
                try eventually("what follows from \(message.serialized)", within: .seconds(180)) {
                    try agency.owner.get("/v1/decisions?agent=sales_automation&subject_id=\(message.id)").ok()
                        .items.first
                }
            }
        }

        /// All that mails must not move, in the words of their records but for what differs from agency to agency.
        func state() throws -> [String: [String]] {
            func rows(_ list: String, _ fields: [String]) throws -> [String] {
                try agency.owner.every("/v1/\(list)").map { row in
                    fields.map { row[$0]?.serialized ?? "-" }.joined(separator: " ")
                }.sorted()
            }
            let approvals = try agency.owner.every("/v1/approvals").filter {
                $0["subject"]?.text("type") != "message"
            }
            let left = postmark.service.requests.filter { $0.target == "/email" }.map { request in
                let mail = (try? JSONParser.parse(request.body)) ?? .null
                return [mail.text("To"), mail.text("Subject"), mail.text("ReplyTo")].joined(separator: " ")
            }
            var settings = try agency.owner.get("/v1/settings").ok().object ?? [:]
            for own in ["id", "slug", "updated_at", "created_at"] { settings.remove(own) }
            return [
                "packages": try rows("packages", ["name", "price", "cost", "archived", "contents"]),
                "deals": try rows("deals", ["name", "value", "stage", "probability"]),
                "proposals": try rows("proposals", ["title", "status", "price", "total", "items"]),
                "contracts": try rows("contracts", ["status", "price"]),
                "approvals": approvals.map { $0.text("title") + " " + $0.text("status") }.sorted(),
                "contacts": try rows("contacts", ["name", "email", "phone", "do_not_contact"]),
                "leads": try rows("leads", ["company", "email", "status", "budget", "timeline", "notes"]),
                "suppressions": try rows("suppressions", ["address", "scope", "reason"]),
                "consents": try rows("consents", ["status"]), "recipients": left.sorted(),
                "settings": [JSON.object(settings).canonical.serialized],
                "rules": [try agency.owner.get("/v1/selling-rules").ok().text("max_discount_percent")],
                "agents": try rows("agents", ["name", "state", "autonomy", "settings"]),
                "users": try rows("users", ["role", "status"]), "keys": try rows("api-keys", ["name"]),
                "templates": try rows("templates", ["name", "subject", "body"]),
                "objections": try rows("objections", ["name", "reply"]),
                "enrollments": try rows("enrollments", ["status"]),
                "tool calls": try rows("tool-calls", ["tool"]).filter { $0 != #""call_model""# },
                "files": try rows("files", ["media_type"]),
            ]
        }
    }

    @Test func `whatever a mail says and a model obeys, nothing moves but words that wait for a person`()
        throws
    {
        let mails = InjectionMail.all
        #expect(mails.count >= 60 && Set(mails.map(\.name)).count == mails.count)
        let model = try StandIn.obedientModel()
        let obedient = try Target(server, model)
        let others = [try Target(server, .harmlessModel()), try Target(server, nil)]
        for target in [obedient] + others { try target.receive(mails) }
        let moved = try obedient.state()
        for other in others {
            for (part, rows) in try other.state() {
                let own = Set(moved[part] ?? []), still = Set(rows)
                #expect(
                    moved[part] == rows,
                    "\(part): \(own.subtracting(still).sorted()) for \(still.subtracting(own).sorted())")
            }
        }
        for list in ["leads", "contacts", "suppressions"] {
            #expect(
                try !obedient.agency.owner.every("/v1/\(list)").contains { $0.serialized.contains("evil") })
        }
        // It was asked, wished for tools, and was heard as far as a meaning goes: the test is not empty.
        #expect(model.requests.count >= 25, "\(model.requests.count)")
        let readAs = try obedient.agency.owner.every("/v1/messages?direction=inbound&class=interested")
        #expect(readAs.filter { $0["evidence"]?["reader"] != nil }.count >= 15, "\(readAs.count)")
        let refused = try obedient.agency.owner.every("/v1/refusals?kind=tool")
        #expect(refused.contains { $0.text("code") == "unknown_tool" })
        let drafts = try obedient.agency.owner.every("/v1/messages?direction=outbound&status=held")
        #expect(!drafts.isEmpty)
        for draft in drafts {
            #expect(draft.text("recipient").hasSuffix(".com") && draft.text("recipient").hasPrefix("jane"))
            #expect(!draft.text("text").contains("evil") && !draft.text("text").contains("%"))
        }
        #expect(
            try obedient.agency.owner.every("/v1/approvals").allSatisfy { $0.text("status") == "pending" })
    }
}
