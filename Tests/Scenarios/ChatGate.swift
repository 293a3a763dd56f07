import JSON
import Testing

/// An agent's words in a chat pass the gate as everything else that leaves.
@Suite(.ownThread) struct ChatGate {
    let server = BureauProcess.shared

    private static let question = "How do I change my logo?"

    /// A chat with an article that answers the question.
    private func chat(_ autonomy: String? = nil) throws -> HandoverChat {
        let chat = try HandoverChat(
            server.signUp().sandbox(), server, booking: "https://calendly.com/check/priority-support")
        try chat.box.owner.post(
            "/v1/articles",
            [
                "title": "Changing your logo", "status": "published",
                "body": "Open Settings, then Branding, and upload the picture.",
            ]
        ).ok(201)
        if let autonomy { try set("primary_agent", autonomy, in: chat) }
        return chat
    }

    private func set(_ agent: String, _ autonomy: String, in chat: HandoverChat) throws {
        try chat.box.owner.patch("/v1/agents/\(agent)", ["autonomy": .string(autonomy)]).ok()
    }

    private func said(_ chat: HandoverChat, _ text: String = question) throws -> JSON {
        let conversation = try chat.say(text, ["name": "Vera Visitor"])
        try chat.box.advance("PT0S")
        return conversation
    }

    /// Returns what has really been said to the visitor.
    private func heard(_ chat: HandoverChat, _ conversation: JSON) throws -> [JSON] {
        try chat.spoken(conversation).filter { $0.text("status") == "sent" }
    }

    private func calls(_ chat: HandoverChat, _ tool: String = "send_message") throws -> [JSON] {
        try chat.box.owner.every("/v1/tool-calls?agent=primary_agent&tool=\(tool)")
    }

    private func pending(_ chat: HandoverChat) throws -> [JSON] {
        try chat.box.owner.every("/v1/approvals?status=pending")
    }

    /// The approval, once somebody has said yes to it, with or without words of their own.
    private func approved(_ approval: JSON, _ chat: HandoverChat, saying words: String? = nil) throws -> JSON
    {
        let body: JSON? = words.map { ["changes": ["body": .string($0)]] }
        try chat.box.owner.post("/v1/approvals/\(approval.id)/approve", body).ok()
        try chat.box.advance("PT1M")
        return try chat.box.owner.get("/v1/approvals/\(approval.id)").ok()
    }

    private func told(_ chat: HandoverChat) throws -> [JSON] {
        try chat.box.owner.every("/v1/notifications").filter {
            $0.text("kind") == "conversation.unanswered"
        }
    }

    // MARK: Observing

    @Test func `observing, it decides, what it would have said is kept, and people are told`() throws {
        let chat = try chat("observe"), owner = chat.box.owner
        let conversation = try said(chat)
        #expect(try chat.spoken(conversation).isEmpty && owner.every("/v1/approvals").isEmpty)
        let kept = try calls(chat)
        #expect(kept.map { $0.text("state") } == ["observed"])
        let call = try #require(kept.first)
        let run = try owner.get("/v1/agent-runs/\(call.text("run_id"))").ok()
        #expect(run.text("agent") == "primary_agent")
        let decision = try owner.get("/v1/decisions/\(call.text("decision_id"))").ok()
        #expect(decision["outcome"]?.text("action") == "answer")
        #expect(try owner.every("/v1/events?type=tool.observed").count == 1)
        #expect(call["arguments"]?.text("body").contains("Branding") == true)
        #expect(try told(chat).count == 1)
    }

    @Test func `observing, it hands nobody over and notes nothing of a need`() throws {
        let chat = try chat("observe"), owner = chat.box.owner
        let waiting = try said(chat, "I want to speak to a human")
        #expect(try chat.read(waiting).text("handler") == "agent")
        #expect(try chat.events("handover.requested") == 0 && told(chat).count == 1)
        _ = try chat.say("We need more leads, and have a budget of 5000 USD a month.", visitor: "v2")
        try chat.box.advance("PT0S")
        #expect(try owner.every("/v1/leads").isEmpty)
        let notes = try calls(chat, "update_record")
        #expect(notes.map { $0.text("state") } == ["observed"] && notes.first?["run_id"] != .null)
        #expect(try calls(chat).allSatisfy { $0.text("state") == "observed" && $0["run_id"] != .null })
    }

    // MARK: Asking

    @Test func `asking, its answer waits, and arrives in the words of the yes`() throws {
        let chat = try chat("approve"), owner = chat.box.owner
        let conversation = try said(chat)
        let held = try #require(try chat.spoken(conversation).first)
        #expect(held.text("status") == "held" && held["run_id"] != .null)
        #expect(try told(chat).count == 1)
        let approval = try #require(try pending(chat).first)
        #expect(approval.text("tool") == "send_message" && approval.text("agent") == "primary_agent")
        #expect(approval["run_id"] == held["run_id"])
        #expect(approval["arguments"]?.text("body").contains("Branding") == true)
        let path = "/v1/approvals/\(approval.id)/approve"
        try owner.post(path, ["changes": ["body": ""]]).problem(422)
        try owner.post(path, ["changes": ["contact_id": "someone else"]]).problem(422)
        #expect(try heard(chat, conversation).isEmpty)
        let decided = try approved(approval, chat, saying: "These are my own words for you.")
        let words = try heard(chat, conversation)
        #expect(words.map { $0.text("text") } == ["These are my own words for you."])
        #expect(words.first?.id == held.id && words.first?["captured"] == true)
        #expect(decided["effect"]?.text("message_id") == held.id)
        #expect(decided["effect"]?.text("status") == "sent")
        let audit = try owner.every("/v1/audit?subject_id=\(held.id)&action=message.sent").reversed()
        #expect(audit.map { $0.text("outcome") } == ["held", "captured"])
        #expect(audit.allSatisfy { $0["actor"]?.id == "primary_agent" && $0["run_id"] == held["run_id"] })
        let kept = try calls(chat)
        #expect(kept.map { $0.text("state") } == ["captured"])
        #expect(kept.first?["subject"]?.id == held.id)
    }

    @Test func `asking, it tells people of who wants one, and asks nobody whether to`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat, "I want to speak to a human")
        #expect(try pending(chat).isEmpty && chat.spoken(conversation).isEmpty)
        #expect(try told(chat).count == 1)
    }

    @Test func `an answer that is rejected is never heard`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat), approval = try #require(try pending(chat).first)
        try chat.box.owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "no"]).ok()
        try chat.box.advance("P1D")
        #expect(try heard(chat, conversation).allSatisfy { !$0.text("text").contains("Branding") })
        #expect(try chat.spoken(conversation).first?.text("status") == "cancelled")
    }

    @Test func `whose answer is rejected goes to a person, and people are told`() throws {
        let chat = try chat("approve"), owner = chat.box.owner
        let conversation = try said(chat), approval = try #require(try pending(chat).first)
        #expect(try chat.read(conversation).text("handler") == "agent")
        try owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "no"]).ok()
        let waiting = try chat.waiting(conversation)
        #expect(waiting["handover"]?.text("reason") == "answer_rejected")
        #expect(waiting["handover"]?.text("request") == Self.question)
        #expect(try chat.events("handover.requested") == 1)
        let notices = try owner.every("/v1/notifications").filter {
            $0.text("kind") == "handover.requested"
        }
        #expect(notices.map { $0.text("title") } == ["Vera Visitor is waiting for a reply"])
        #expect(notices.first?["subject"]?.id == conversation.id)
    }

    @Test func `whose drafted answer is taken back goes to a person, whatever is said about it`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat), held = try #require(try chat.spoken(conversation).first)
        let path = "/v1/messages/\(held.id)/cancel"
        let back = try chat.box.owner.post(path, ["reason": "Let me do it."]).ok()
        #expect(back["reasons"]?[0]["code"] == "taken_back")
        #expect(try chat.waiting(conversation)["handover"]?.text("reason") == "answer_rejected")
    }

    @Test func `who has only said thanks waits for nobody after a no`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat, "Thank you!"), approval = try #require(try pending(chat).first)
        try chat.box.owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "no"]).ok()
        try chat.box.advance("PT1M")
        #expect(try chat.read(conversation).text("handler") == "agent")
        #expect(try chat.events("handover.requested") == 0)
    }

    /// A visitor who waits for a person, up to the minute at which the bridge would offer a time.
    private func bridged(_ chat: HandoverChat) throws -> (conversation: JSON, approval: JSON) {
        try set("calendly_bridge", "approve", in: chat)
        let conversation = try chat.waiting(chat.say("I want to speak to a human"))
        try chat.box.advance("PT46M")
        let approval = try #require(
            try pending(chat).first { $0.text("agent") == "calendly_bridge" })
        let read = try chat.read(conversation)
        #expect(read["handover"]?["booking_url"] == .null && read["booking_until"] == .null)
        #expect(try chat.events("handover.booking_offered") == 0, "they have read nothing of it")
        return (conversation, approval)
    }

    @Test func `a time is offered once its message leaves, after the yes`() throws {
        let chat = try chat(), (conversation, approval) = try bridged(chat)
        let decided = try approved(approval, chat)
        #expect(decided["effect"]?.text("status") == "sent")
        let read = try chat.read(conversation)
        #expect(
            read["handover"]?.text("booking_url") == "https://calendly.com/check/priority-support")
        #expect(!read.text("booking_until").isEmpty)
        #expect(try chat.events("handover.booking_offered") == 1)
    }

    @Test func `a time whose message is rejected was never offered`() throws {
        let chat = try chat(), (conversation, approval) = try bridged(chat)
        try chat.box.owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "no"]).ok()
        try chat.box.advance("P1D")
        let read = try chat.read(conversation)
        #expect(read["handover"]?["booking_url"] == .null && read["booking_until"] == .null)
        #expect(try chat.events("handover.booking_offered") == 0)
    }

    @Test func `a yes to a chat that a person speaks in by now says why nothing left`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat), approval = try #require(try pending(chat).first)
        try chat.box.owner.post("/v1/conversations/\(conversation.id)/claim").ok()
        let decided = try approved(approval, chat)
        #expect(try heard(chat, conversation).isEmpty)
        #expect(decided["effect"]?.text("status") == "cancelled")
        #expect(decided["effect"]?.text("code") == "lock_lost")
        #expect(decided["effect"]?.text("detail").contains("person") == true)
    }

    @Test func `a yes to who has written again meanwhile still answers what they had asked`() throws {
        let chat = try chat("approve")
        let conversation = try said(chat), approval = try #require(try pending(chat).first)
        _ = try said(chat, "Hello")
        #expect(try pending(chat).count == 2)
        let decided = try approved(approval, chat)
        #expect(decided["effect"]?.text("status") == "sent")
        let words = try heard(chat, conversation)
        #expect(words.count == 1 && words.first?.text("text").contains("Branding") == true)
    }

    // MARK: Not at all

    @Test func `with the tool off it says nothing, and people hear why`() throws {
        let chat = try chat(), owner = chat.box.owner
        try owner.patch("/v1/tools/send_message", ["enabled": false]).ok()
        let conversation = try said(chat)
        #expect(try chat.spoken(conversation).isEmpty)
        let refused = try owner.every("/v1/refusals?agent=primary_agent")
        #expect(refused.map { $0.text("code") } == ["tool_disabled"])
        let run = try owner.get("/v1/agent-runs/\(refused.first?.text("run_id") ?? "")").ok()
        #expect(run.text("agent") == "primary_agent")
        #expect(try told(chat).map { $0.serialized.contains("switched off") } == [true])
        try owner.patch("/v1/tools/send_message", ["enabled": true]).ok()
        let other = try chat.say(Self.question, visitor: "v2")
        try chat.box.advance("PT0S")
        #expect(try heard(chat, other).count == 1)
    }

    @Test func `without the permission it says nothing either`() throws {
        let chat = try chat(), owner = chat.box.owner, path = "/v1/agents/primary_agent"
        let whole = try owner.get(path).ok()["permissions"]?.array ?? []
        try #require(whole.contains("messages:write"))
        try owner.patch(path, ["permissions": .array(whole.filter { $0 != "messages:write" })]).ok()
        let conversation = try said(chat)
        #expect(try chat.spoken(conversation).isEmpty)
        let refused = try #require(try owner.every("/v1/refusals?agent=primary_agent").first)
        #expect(refused.text("code") == "forbidden" && refused.text("detail").contains("messages:write"))
    }

    @Test(arguments: ["handover_monitor", "calendly_bridge"])
    func `an agent that only observes is silent, and the plan for who waits goes on`(silent: String) throws {
        let chat = try chat()
        try set(silent, "observe", in: chat)
        let conversation = try chat.waiting(chat.say("I want to speak to a human"))
        try chat.box.advance("PT65M")
        let agents = Set(try heard(chat, conversation).compactMap { $0["author"]?.id })
        let all: Set = ["primary_agent", "handover_monitor", "calendly_bridge"]
        #expect(agents == all.subtracting([silent]))
        let back = try chat.read(conversation), checks = back["handover"]?["checks"]?.array ?? []
        #expect(checks.count == 4 && checks.allSatisfy { $0["done_at"] != .null })
        #expect(back.text("handler") == "agent" && back["handover"]?.text("outcome") == "reactivated")
        let kept = try chat.box.owner.every("/v1/tool-calls?agent=\(silent)&tool=send_message")
        #expect(kept.map { $0.text("state") } == ["observed"] && kept.first?["run_id"] != .null)
    }
}
