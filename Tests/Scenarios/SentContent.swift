import JSON
import StandIns
import Testing

/// Content that was sent to people is judged as posts are: beside what the others have brought.
@Suite(.ownThread) struct SentContent {
    let server = BureauProcess.shared
    private static let agent = "content_performance"

    @Test func `pieces that were sent are judged beside the others, and the kind that is answered is told`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner, postmark = try PostmarkStandIn()
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        for agent in ["content_distribution", Self.agent] {
            try owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        let door = try box.connectMail([
            "credentials": postmark.credentials, "settings": ["base_url": .string(postmark.service.url)],
        ])
        let operations = (0..<60).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        let nothing = try report(owner)
        #expect(nothing["reason"] == "no_figures")
        let lesson = try sent("Five ways", "educational", box)
        let few = try report(owner)
        #expect(few["messages"]?[0]["verdict"] == "unclear" && few["messages"]?[0]["expected"] == .null)
        let story = try sent("A hotel is found", "case_study", box)
        for number in 0..<20 {
            let mail = postmark.mail(
                "r\(number)", from: lead(number).text("email"), text: "Yes, please call me.")
            try server.deliver(mail, to: door).ok()
        }
        try eventuallyTrue("the answers") {
            try owner.get("/v1/content-items/\(story)/figures").ok()["replied"] == 20
        }
        let result = try report(owner)
        let told = Dictionary(
            uniqueKeysWithValues: (result["messages"]?.array ?? []).map { ($0.text("content_item_id"), $0) })
        let (good, bad) = (try #require(told[story]), try #require(told[lesson]))
        #expect(good["sent"] == 60 && good["answered"] == 20 && good["rate"] == 0.3333)
        #expect(good["verdict"] == "better" && good["expected"] == 0)
        #expect(bad["verdict"] == "worse" && bad["expected"] == 0.3333 && bad["rate"] == 0)
        // A sixth of all have answered, and fifty such readers are added to those of each kind.
        let suggestions = (result["suggestions"]?.array ?? []).map { $0.serialized }
        #expect(
            suggestions == [
                #"{"action":"less","dimension":"type","key":"educational","messages":1,"lift":0.4545}"#,
                #"{"action":"more","dimension":"type","key":"case_study","messages":1,"lift":1.5455}"#,
            ])
        let decision = try owner.get("/v1/decisions/\(result.text("decision_id"))").ok()
        #expect(decision["factors"]?[0]["evidence"] == [["type": "content_item", "id": .string(lesson)]])
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
    }

    /// Sends a piece to everybody, and lets a week pass.
    private func sent(_ title: String, _ type: String, _ box: SandboxCaller) throws -> String {
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": .string(type), "subject": .string(title),
                "body": "A few words.", "status": "approved",
            ]
        ).ok(201)
        try box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
        try box.advance("P7D")
        #expect(try box.owner.get("/v1/content-items/\(item.id)/figures").ok()["sent"] == 60)
        return item.id
    }

    private func report(_ owner: Caller) throws -> JSON {
        let run = try owner.ended("/v1/agents/\(Self.agent)/runs", ["parameters": ["days": 60]])
        #expect(run["status"] == "succeeded")
        return run["result"] ?? .null
    }
}
