import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// Chats survive when the process dies, or a service says nothing.
@Suite(.ownThread) struct ChatDurability {
    @Test func `a visitor's message sent again after a lost answer is kept once`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let path =
            "/v1/chat/\(try agency.connect("web_chat", capability: "chat").text("public_key"))/messages"
        @Sendable func say(_ text: String, _ key: String, _ visitor: String = "v1") throws -> Answer {
            try server.anonymous.post(
                path, ["visitor_id": .string(visitor), "text": .string(text), "key": .string(key)])
        }
        let first = try say("Hello", "k1"), again = try say("Hello", "k1")
        #expect(first.status == 201 && again.status == 201 && again.json == first.json)
        #expect(first.header("Idempotency-Replayed") == nil && again.header("Idempotency-Replayed") == "true")
        #expect(try say("Another", "k1").code == "idempotency_key_reused")
        // A header does the same; another visitor's key is another's.
        let byHeader = try server.anonymous.post(
            path, ["visitor_id": "v1", "text": "Hello"], ["Idempotency-Key": "k1"])
        #expect(byHeader.json == first.json)
        #expect(try say("Hello", "k1", "v2").ok(201).text("message_id") != first.json.text("message_id"))
        // A visitor who hears nothing sends it again; the process dies in between, over and over.
        let done = Mutex(0), isOver = Mutex(false)
        let writing = DispatchGroup()
        for worker in 0..<3 {
            writing.enter()
            Thread {
                for number in 0..<30 {
                    while !isOver.withLock({ $0 }),
                        (try? say("Word \(worker) \(number)", "w\(worker)-\(number)"))?.status != 201
                    {
                        Thread.sleep(forTimeInterval: 0.01)
                    }
                    done.withLock { $0 += 1 }
                }
                writing.leave()
            }.start()
        }
        for round in 1...5 {
            try eventuallyTrue("words of round \(round)", every: .milliseconds(1)) {
                done.withLock { $0 } >= round * 12
            }
            try server.killAndRestart()
        }
        let isDone = writing.wait(timeout: .now() + 120) == .success
        isOver.withLock { $0 = true }
        try #require(isDone)
        let said = try agency.owner.every("/v1/messages?channel=web_chat&direction=inbound")
        let words = said.map { $0.text("text") }.filter { $0.hasPrefix("Word") }
        #expect(words.count == 90 && Set(words).count == 90)
    }

    @Test func `killed while a file is fetched, it arrives once, afterwards`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency(), graph = try GraphStandIn()
        let door = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        graph.files["MEDIA1"] = Array("%PDF-1.4 brief".utf8)
        let reached = DispatchSemaphore(value: 0), goesOn = DispatchSemaphore(value: 0)
        // Told where it is; the bytes come only when nobody is there any more who wants them.
        graph.service.next(
            .wait {},
            .wait {
                reached.signal()
                goesOn.wait()
            })
        try server.deliver(
            graph.file("wamid.1", "document", ["id": "MEDIA1", "filename": "brief.pdf"]), to: door
        ).ok()
        try #require(reached.wait(timeout: .now() + 30) == .success)
        try server.killAndRestart()
        goesOn.signal()
        let conversation = try agency.conversation(on: "whatsapp")
        let files = try eventually("the file") {
            try agency.said(in: conversation).first?["attachments"]?.array.flatMap { $0.isEmpty ? nil : $0 }
        }
        #expect(files.count == 1)
        let kept = try agency.owner.every("/v1/files")
        #expect(kept.map { $0.text("name") } == ["brief.pdf"])
        #expect(try agency.said(in: conversation).count == 1)
    }

    @Test func `a service that says nothing of a file holds nothing else up`() throws {
        let server = BureauProcess.shared
        let agency = try server.quietAgency(), graph = try GraphStandIn()
        let door = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        graph.files["MEDIA1"] = Array("%PDF-1.4 brief".utf8)
        graph.service.next(.silence)
        try server.deliver(
            graph.file("wamid.1", "document", ["id": "MEDIA1", "filename": "brief.pdf"]), to: door
        ).ok()
        try eventuallyTrue("the question for it") { graph.service.requests.count == 1 }
        // It waits; the conversation does not.
        let conversation = try agency.conversation(on: "whatsapp")
        try server.deliver(graph.message("wamid.2", "Did you get it?"), to: door).ok()
        try agency.message(try agency.answer(conversation, "Not yet."), "sent")
        try eventuallyTrue("all three") { try agency.said(in: conversation).count == 3 }
        #expect(graph.service.requests.count { $0.target.contains("MEDIA1") } == 1, "it still waits")
        let files = try eventually("the file", every: .milliseconds(200)) {
            try agency.said(in: conversation).first?["attachments"]?.array.flatMap { $0.isEmpty ? nil : $0 }
        }
        #expect(files.count == 1)
    }
}
