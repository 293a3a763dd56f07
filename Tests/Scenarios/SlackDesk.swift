import Foundation
import JSON
import StandIns
import Testing

/// Staff told and asked in Slack, who decide there as themselves; and clients in shared channels.
@Suite(.ownThread) struct SlackDesk {
    let server = BureauProcess.shared

    private struct Line {
        let agency: Agency, slack: SlackStandIn, integration: JSON

        func tell(_ hook: StandInHook) throws {
            let answer = try agency.server.deliver(hook, to: integration)
            #expect(answer.status == 200)
            try agency.hooksWorkedOn()
        }

        /// Somebody presses a button, and is told what came of it.
        @discardableResult
        func press(_ action: String, _ value: String, by user: String, team: String? = nil) throws -> JSON {
            let before = slack.answers.count
            let hook = slack.press(
                action, value, by: user, team: team, stamp: "\(unixSeconds).\(before)", at: unixSeconds)
            let answer = try agency.server.deliver(hook, to: integration)
            // Any other body would be shown.
            #expect(answer.status == 200 && answer.body.isEmpty)
            return try eventually("an answer to the press") {
                slack.answers.dropFirst(before).first
            }
        }

        /// Something that waits for a yes.
        func question(_ title: String = "Really?") throws -> String {
            let flow = try agency.owner.post(
                "/v1/workflows",
                [
                    "name": .string("ask \(title)"), "start": "ask", "state": [:], "edges": [],
                    "nodes": [
                        ["id": "ask", "type": "approval", "title": .string(title), "expires_in": "P3D"]
                    ],
                ]
            ).ok(201)
            _ = try agency.owner.post(
                "/v1/workflow-runs", ["workflow_id": .string(flow.id), "state": [:]])
            return try eventually("the question") {
                try agency.owner.every("/v1/approvals?status=pending").first { $0.text("title") == title }?.id
            }
        }

        /// Returns the post in the channel about an approval, once it has such a text.
        func post(about id: String, with text: String) throws -> JSON {
            try eventually("\(text) in the channel") {
                slack.posts.first {
                    $0["metadata"]?["event_payload"]?["id"]?.text == id && $0.text("text").contains(text)
                }
            }
        }

        func status(_ id: String) throws -> String {
            try agency.owner.get("/v1/approvals/\(id)").ok().text("status")
        }
    }

    private func line(_ agency: Agency? = nil) throws -> Line {
        let (agency, slack) = (try agency ?? server.quietAgency(), try SlackStandIn())
        slack.know("U1", "Olive Owner", email: agency.email.uppercased())
        slack.know("U9", "Sam Stranger", email: "stranger@example.org")
        let integration = try agency.connect(
            "slack", slack.service.url, credentials: slack.credentials, settings: slack.settings,
            capability: "chat")
        return Line(agency: agency, slack: slack, integration: integration)
    }

    @Test func `a question stands in the channel, and a button decides it as whoever pressed`() throws {
        let line = try line()
        let id = try line.question()
        let post = try line.post(about: id, with: "Really?")
        let buttons = post["blocks"]?.array?.last?["elements"]?.array ?? []
        #expect(buttons.map { $0.text("value") } == [id, id])
        #expect(buttons.map { $0.text("action_id") } == ["approve", "reject"])
        // Not found, of another workspace, gone, or with a value made up: nothing is decided, and they are told.
        line.slack.know("U2", "Foreign", email: line.agency.email, team: "T2")
        line.slack.know("U3", "Former", email: line.agency.email, isGone: true)
        for (user, team) in [("U9", nil), ("U8", nil), ("U2", nil), ("U1", "T2"), ("U3", nil)]
            as [(String, String?)]
        {
            let told = try line.press("approve", id, by: user, team: team)
            #expect(told["replace_original"] == false && told["response_type"] == "ephemeral")
            #expect(told.text("text").contains("Nothing was decided"))
            #expect(try line.status(id) == "pending")
        }
        #expect(try line.press("approve", "appr_0", by: "U1").text("text").contains("no such request"))
        let done = try line.press("approve", id, by: "U1")
        #expect(done["replace_original"] == true && done.text("text").contains("Olive Owner"))
        let approval = try line.agency.owner.get("/v1/approvals/\(id)").ok()
        #expect(approval.text("status") == "approved")
        #expect(approval["decided_by"]?["id"] == line.agency.user["id"])
        let over = try line.post(about: id, with: "Approved by Olive Owner")
        #expect(!over.serialized.contains("action_id"))
        // A second press is told, and changes nothing.
        #expect(try line.press("reject", id, by: "U1").text("text").contains("Approved by Olive Owner"))
        #expect(try line.status(id) == "approved")
        // Decided in the console, the buttons go likewise.
        let other = try line.question("And this?")
        _ = try line.post(about: other, with: "And this?")
        try line.agency.owner.post("/v1/approvals/\(other)/reject", ["reason": "No."]).ok()
        _ = try line.post(about: other, with: "Rejected by Olive Owner")
    }

    @Test func `two people are needed where the agency wants four eyes, in Slack too`() throws {
        let line = try line()
        try line.agency.owner.patch("/v1/approvals/policy", ["four_eyes": true]).ok()
        for user in ["U4", "U6"] {
            let manager = try line.agency.colleague("manager")
            let email = try manager.get("/v1/me").ok()["user"]?.text("email") ?? ""
            line.slack.know(user, "Max Manager", email: email)
        }
        let id = try line.question()
        // Nobody approves what they have asked for themselves.
        #expect(try line.press("approve", id, by: "U1").text("text").contains("asked for yourself"))
        let first = try line.press("approve", id, by: "U4")
        #expect(first["replace_original"] == false && first.text("text").contains("second person"))
        #expect(try line.status(id) == "pending")
        #expect(try line.press("approve", id, by: "U4").text("text").contains("already approved"))
        #expect(try line.status(id) == "pending")
        try line.press("approve", id, by: "U6")
        #expect(try line.status(id) == "approved")
    }

    @Test func `who may not decide may not in Slack, and only an owner says who somebody is`() throws {
        let line = try line()
        let viewer = try line.agency.colleague("viewer")
        let email = try viewer.get("/v1/me").ok()["user"]?.text("email") ?? ""
        line.slack.know("U5", "Vera Viewer", email: email)
        let id = try line.question()
        #expect(try line.press("approve", id, by: "U5").text("text").contains("role does not allow"))
        #expect(try line.status(id) == "pending")
        try line.press("approve", id, by: "U9")
        let users = try line.agency.owner.every("/v1/slack-users")
        let stranger = try #require(users.first { $0.text("slack_id") == "U9" })
        #expect(stranger.text("email") == "stranger@example.org" && stranger["user_id"] == .null)
        let owner: JSON = ["user_id": line.agency.user["id"] ?? .null]
        let manager = try line.agency.colleague("manager")
        #expect(try manager.patch("/v1/slack-users/\(stranger.id)", owner).status == 403)
        try line.agency.owner.patch("/v1/slack-users/\(stranger.id)", owner).ok()
        try line.press("reject", id, by: "U9")
        #expect(try line.status(id) == "rejected")
    }

    @Test func `forged, old and repeated requests change nothing; a challenge is answered`() throws {
        let line = try line(), now = unixSeconds
        let id = try line.question()
        let hello = Array(#"{"token":"t","challenge":"abc","type":"url_verification"}"#.utf8)
        let greeted = try server.deliver(line.slack.hook(hello, at: now), to: line.integration)
        #expect(greeted.status == 200 && String(decoding: greeted.body, as: UTF8.self) == "abc")
        var forged = line.slack.press("approve", id, by: "U1", stamp: "1.0", at: now)
        forged.headers[2].value = "v0=" + String(repeating: "0", count: 64)
        let old = line.slack.press("approve", id, by: "U1", stamp: "1.0", at: now - 400)
        for wrong in [forged, old] {
            #expect(try server.deliver(wrong, to: line.integration).status == 401)
        }
        #expect(try line.status(id) == "pending")
        let event = line.slack.message("5.1", "Hello", from: "U9", at: now)
        #expect(try server.deliver(event, to: line.integration).ok()["received"] == true)
        #expect(try server.deliver(event, to: line.integration).ok()["duplicate"] == true)
    }

    @Test func `a lost answer is looked up before anything is posted again`() throws {
        let line = try line()
        line.slack.service.next(.cutDone)
        let id = try line.question()
        _ = try line.post(about: id, with: "Really?")
        try line.press("approve", id, by: "U1")
        _ = try line.post(about: id, with: "Approved by")
        let own = line.slack.posts.filter { $0["metadata"]?["event_payload"]?["id"]?.text == id }
        #expect(own.count == 1)
    }

    @Test func `alerts are told, a command says what waits, and a removed app is an alert itself`() throws {
        let line = try line()
        _ = try line.question()
        let before = line.slack.answers.count
        try line.tell(line.slack.command(by: "U1", at: unixSeconds))
        let told = try eventually("an answer to the command") {
            line.slack.answers.count > before ? line.slack.answers[before] : nil
        }
        #expect(told.text("text").contains("One request waits"))
        // A mail service that refuses us is an alert.
        let mail = try PostmarkStandIn()
        let broken = try line.agency.connect(
            "postmark", mail.service.url, credentials: ["server_token": "wrong"])
        _ = try line.agency.owner.post("/v1/integrations/\(broken.id)/test")
        try eventuallyTrue("the alert in the channel") {
            line.slack.posts.contains {
                $0["metadata"]?["event_payload"]?["id"]?.text?.hasPrefix("alert_") == true
            }
        }
        try line.tell(line.slack.event("Ev9", ["type": "app_uninstalled"], at: unixSeconds))
        let path = "/v1/integrations/\(line.integration.id)"
        #expect(try line.agency.owner.get(path).ok().text("status") == "failing")
    }

    @Test func `a client writes in a shared channel, and a colleague's words there are a person's`() throws {
        let line = try line(), agency = line.agency
        line.slack.know("UX", "Clara Client", email: "clara@client.example", team: "T7")
        try line.tell(line.slack.message("6.1", "When is it ready?", from: "UX", at: unixSeconds))
        let conversation = try agency.conversation(on: "slack")
        #expect(try agency.said(in: conversation).map { $0.text("text") } == ["When is it ready?"])
        let contact = try agency.owner.get("/v1/contacts/\(conversation.text("contact_id"))").ok()
        #expect(contact.text("name") == "Clara Client" && contact["email"] == .null)
        // The staff's channel is no client's.
        try line.tell(line.slack.message("6.2", "Lunch?", from: "U1", in: "C1", at: unixSeconds))
        try line.tell(line.slack.message("6.3", "Tomorrow.", from: "U1", at: unixSeconds))
        let said = try agency.said(in: conversation)
        #expect(said.map { $0.text("text") } == ["When is it ready?", "Tomorrow."])
        #expect(said[1]["author"]?["type"] == "user")
        #expect(try agency.owner.every("/v1/conversations?channel=slack").count == 1)
        // The colleague has it, until somebody takes it over here.
        try agency.owner.post("/v1/conversations/\(conversation.id)/claim").ok()
        let answer = try agency.message(try agency.answer(conversation, "At <noon>."), "sent")
        #expect(answer.text("provider_id").hasPrefix("slack:C2:"))
        #expect(line.slack.posts.last?["text"] == "At &lt;noon&gt;.")
    }

    @Test func `a workspace is connected by its owner's consent`() throws {
        let agency = try server.quietAgency(), slack = try SlackStandIn()
        let made = try agency.connect(
            "slack", slack.service.url,
            credentials: [
                "signing_secret": .string(slack.secret), "client_id": .string(slack.client),
                "client_secret": .string(slack.clientSecret),
            ],
            settings: [
                "team_id": .string(slack.team), "channel": .string(slack.channel),
                "authorize_url": .string("\(slack.service.url)/authorize"),
                "token_url": .string("\(slack.service.url)/oauth.v2.access"),
            ], capability: "chat")
        let page = try agency.owner.post("/v1/integrations/\(made.id)/connect").ok().text("authorize_url")
        #expect(page.contains("client_id=client-1") && page.contains("chat%3Awrite%2C"))
        let state = try #require(
            page.split(separator: "&").first { $0.hasPrefix("state=") || $0.contains("?state=") }
        ).split(separator: "=").last.map(String.init)
        let done = try server.anonymous.get("/v1/oauth/callback?code=code-1&state=\(state ?? "")")
        #expect(done.status == 200)
        #expect(try agency.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        let bare = try agency.owner.post(
            "/v1/integrations",
            [
                "provider": "slack", "capability": "chat", "settings": ["team_id": "T1"],
                "credentials": ["signing_secret": "s"],
            ])
        #expect(try bare.faults() == ["/credentials/bot_token": "required"])
    }
}
