import JSON
import StandIns
import Testing

/// A conversation in the inbox in which a model has found the answer.
@Suite(.ownThread) struct ModelInChatBrowser {
    @Test func `an answer that a model has found says so in the inbox`() throws {
        let page = try ModelInChat.Page(.shared)
        let answer = page.answer("Open Settings, then Branding, and upload the picture.")
        page.liar.says { _ in answer }
        let conversation = try page.ask()
        try eventuallyTrue("the answer") { try !page.spoken(conversation).isEmpty }
        let found = try inBrowser(
            "marked.py",
            [
                "url": .string("http://127.0.0.1:\(page.agency.server.port)"),
                "email": .string(page.agency.email), "password": .string(page.agency.password),
                "conversation": conversation["id"] ?? .null,
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
