import Foundation
import JSON
import StandIns
import Testing

/// Files and approved texts over WhatsApp and Telegram, to services that behave and that do not.
@Suite(.ownThread) struct ChatFiles {
    let server = BureauProcess.shared
    private static let png: [UInt8] = Base64Bytes.pixel
    private static let pdf = Array("%PDF-1.4\nbrief".utf8)

    private func upload(_ bytes: [UInt8], _ name: String, _ agency: Agency) throws -> String {
        try agency.owner.upload(bytes, name).id
    }

    private func whatsApp() throws -> (agency: Agency, graph: GraphStandIn, conversation: JSON) {
        let (agency, graph) = (try server.quietAgency(), try GraphStandIn())
        let door = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat")
        try server.deliver(graph.message("wamid.1", "Hello"), to: door).ok()
        return (agency, graph, try agency.conversation(on: "whatsapp"))
    }

    private func telegram() throws -> (agency: Agency, standIn: TelegramStandIn, conversation: JSON) {
        let (agency, standIn) = (try server.quietAgency(), try TelegramStandIn())
        let door = try agency.connect(
            "telegram", standIn.service.url, credentials: standIn.credentials, capability: "chat")
        try server.deliver(standIn.message(1, "Hello"), to: door).ok()
        return (agency, standIn, try agency.conversation(on: "telegram"))
    }

    @Test func `a file goes over WhatsApp once, whatever becomes of its upload`() throws {
        let (agency, graph, conversation) = try whatsApp()
        let file = try upload(Self.pdf, "brief.pdf", agency)
        // It has too much to do, then says nothing that is an answer, then ends the connection.
        graph.service.next(GraphStandIn.fault(429, 130_429), .answer(200, "{}"), .cutAfter)
        let asked = try agency.answer(conversation, "The brief.", ["attachments": [.string(file)]])
        try eventuallyTrue("further attempts") {
            _ = try agency.owner.post("/v1/messages/\(asked.id)/retry")
            return graph.service.requests.filter { $0.target.hasSuffix("/messages") }.count == 1
        }
        try agency.message(asked, "sent")
        let sent = graph.service.requests.filter { $0.target.hasSuffix("/messages") }
        #expect(sent.count == 1 && graph.service.requests.count == 5)
        let body = try JSONParser.parse(sent[0].body)
        #expect(body["type"] == "document")
        #expect(
            body["document"] == ["id": "UPLOAD1", "caption": "The brief.", "filename": "brief.pdf"])
        #expect(graph.uploads["UPLOAD1"] == Self.pdf)
        // Nobody knows whether a message that was read and not answered has left: it is not sent again.
        let before = graph.service.requests.count
        graph.service.next(.wait {}, .cutAfter)
        let second = try agency.answer(conversation, "Again.", ["attachments": [.string(file)]])
        try agency.message(second, "unknown")
        #expect(graph.service.requests.count == before + 2)
    }

    @Test func `an image is an image, and a refusal of the upload is the message's end`() throws {
        let (agency, graph, conversation) = try whatsApp()
        let file = try upload(Self.png, "dot.png", agency)
        let asked = try agency.owner.post(
            "/v1/conversations/\(conversation.id)/messages", ["attachments": [.string(file)]]
        ).ok(201)
        try agency.message(asked, "sent")
        let body = try JSONParser.parse(try #require(graph.service.requests.last).body)
        #expect(body["type"] == "image" && body["image"] == ["id": "UPLOAD1"])
        graph.service.next(GraphStandIn.fault(400, 131_053))
        let refused = try agency.answer(conversation, "Look", ["attachments": [.string(file)]])
        #expect(try agency.message(refused, "failed").text("error_code") == "whatsapp_131053")
    }

    @Test func `what a service does not take is told before anything is stored`() throws {
        let (agency, _, conversation) = try whatsApp()
        let path = "/v1/conversations/\(conversation.id)/messages"
        let pdf = try upload(Self.pdf, "brief.pdf", agency)
        let zip = try upload(Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 0, count: 40), "x.zip", agency)
        let large = try upload(Self.png + [UInt8](repeating: 0, count: 6 << 20), "large.png", agency)
        let other = try upload(Self.pdf + [10], "other.pdf", agency)
        func faults(_ body: JSON) throws -> [String: String] { try agency.owner.post(path, body).faults() }
        #expect(
            try faults(["text": "x", "attachments": [.string(pdf), .string(other)]])
                == ["/attachments/1": "too_many"])
        #expect(
            try faults(["text": "x", "attachments": [.string(zip)]])
                == ["/attachments/0": "invalid_media_type"])
        #expect(
            try faults(["text": "x", "attachments": [.string(large)]]) == ["/attachments/0": "too_large"])
        let long = String(repeating: "x", count: 1025)
        #expect(
            try faults(["text": .string(long), "attachments": [.string(pdf)]]) == ["/text": "too_long"])
        #expect(try faults(["attachments": ["file_0"]])["/attachments/0"] == "unknown_reference")
        let elsewhere: JSON = [
            "channel": "whatsapp", "contact_id": conversation["contact_id"] ?? .null, "body": "x",
            "purpose": "transactional", "attachments": [.string(zip)],
        ]
        #expect(
            try agency.owner.post("/v1/messages", elsewhere).faults()
                == ["/attachments/0": "invalid_media_type"])
        #expect(try agency.said(in: conversation).count == 1)
    }

    @Test func `over Telegram file and text are one message, in doubt together`() throws {
        let (agency, standIn, conversation) = try telegram()
        let (pdf, png) = (try upload(Self.pdf, "brief.pdf", agency), try upload(Self.png, "dot.png", agency))
        func sent(_ method: String) -> [ReceivedRequest] {
            standIn.service.requests.filter { $0.target.hasSuffix("/\(method)") }
        }
        standIn.service.next(
            .answer(429, #"{"ok":false,"error_code":429,"parameters":{"retry_after":0}}"#))
        let asked = try agency.answer(conversation, "The brief.", ["attachments": [.string(pdf)]])
        try agency.message(asked, "sent")
        let request = try #require(sent("sendDocument").last)
        #expect(sent("sendDocument").count == 2 && request.formField("chat_id") == "42")
        #expect(request.formField("caption") == "The brief." && request.formFile("document") == Self.pdf)
        try agency.message(try agency.answer(conversation, "Look", ["attachments": [.string(png)]]), "sent")
        #expect(sent("sendPhoto").last?.formFile("photo") == Self.png)
        standIn.service.next(.cutAfter)
        let doubtful = try agency.answer(conversation, "And?", ["attachments": [.string(png)]])
        try agency.message(doubtful, "unknown")
        #expect(sent("sendPhoto").count == 2)
    }

    @Test func `the places of an approved text are counted before it is queued, and filled as it leaves`()
        throws
    {
        let (agency, graph, conversation) = try whatsApp()
        let path = "/v1/conversations/\(conversation.id)/messages"
        func template(_ more: JSONObject) throws -> Answer {
            var body: JSONObject = ["name": "follow_up", "channel": "whatsapp", "body": "Hi {{1}}, {{2}}?"]
            for (name, value) in more.members { body[name] = value }
            return try agency.owner.post("/v1/templates", .object(body))
        }
        #expect(try template(["body": "Hi {{1}} {{3}}"]).faults() == ["/body": "invalid_placeholder"])
        #expect(try template(["body": "Hi {{1}} {{name}}"]).faults() == ["/body": "conflict"])
        #expect(try template(["body": "Hi {{ lead.company }}"]).faults() == ["/body": "invalid_placeholder"])
        let made = try template([
            "locale": "en-US",
            "components": [
                "header": ["format": "text", "text": "For {{1}}"],
                "buttons": [
                    ["type": "quick_reply", "text": "Yes"],
                    ["type": "url", "text": "Look", "url": "https://x.example/{{1}}"],
                ],
            ],
        ]).ok(201)
        func faults(_ parameters: JSON) throws -> [String: String] {
            try agency.owner.post(path, ["template_id": .string(made.id), "parameters": parameters]).faults()
        }
        #expect(
            try faults(["body": ["Ann"]]) == [
                "/parameters/header": "wrong_count", "/parameters/body": "wrong_count",
                "/parameters/buttons/1": "required",
            ])
        #expect(
            try faults(["header": ["Ann"], "body": ["Ann", "two\nlines"], "buttons": [nil, "a"]])
                == ["/parameters/body/1": "invalid_text"])
        #expect(try agency.said(in: conversation).count == 1)
        let good: JSON = ["header": ["Acme"], "body": ["Ann", "Monday"], "buttons": ["yes", "offer"]]
        let asked = try agency.owner.post(
            path, ["template_id": .string(made.id), "parameters": good]
        ).ok(201)
        #expect(asked.text("text") == "For Acme\n\nHi Ann, Monday?")
        try agency.message(asked, "sent")
        let sent = try JSONParser.parse(try #require(graph.service.requests.last).body)["template"]
        #expect(sent?["language"] == ["code": "en_US"])
        func text(_ text: JSON) -> JSON { ["type": "text", "text": text] }
        #expect(
            sent?["components"] == [
                ["type": "header", "parameters": [text("Acme")]],
                ["type": "body", "parameters": [text("Ann"), text("Monday")]],
                [
                    "type": "button", "sub_type": "quick_reply", "index": "0",
                    "parameters": [["type": "payload", "payload": "yes"]],
                ],
                ["type": "button", "sub_type": "url", "index": "1", "parameters": [text("offer")]],
            ])
    }

    @Test func `places with names, a file for a head, and what each alternative needs`() throws {
        let agency = try server.quietAgency(), graph = try GraphStandIn()
        let (box, _, conversation) = try agency.sandboxOnWhatsApp(graph)
        let template = try box.owner.post(
            "/v1/templates",
            [
                "name": "offer", "channel": "whatsapp", "body": "Hi {{first_name}}, see {{what}}.",
                "components": ["header": ["format": "document"]],
            ]
        ).ok(201)
        try box.advance("P1DT1S")
        let path = "/v1/conversations/\(conversation.id)/messages"
        let held = try box.owner.post(path, ["text": "Hello again"]).ok(201)
        #expect(held["templates"]?[0]["needs"] == ["body": ["first_name", "what"], "file": "document"])
        let body: JSON = ["template_id": .string(template.id), "parameters": ["body": ["first_name": "Ann"]]]
        #expect(
            try box.owner.post(path, body).faults() == [
                "/attachments": "wrong_count", "/parameters/body/what": "required",
            ])
        let file = try box.owner.upload(Self.pdf, "offer.pdf").id
        let whole: JSON = [
            "template_id": .string(template.id), "attachments": [.string(file)],
            "parameters": ["body": ["first_name": "Ann", "what": "this"]],
        ]
        let asked = try box.owner.post(path, whole).ok(201)
        #expect(asked.text("text") == "Hi Ann, see this.")
        #expect(asked["components"]?[0]["parameters"]?[0]["parameter_name"] == "first_name")
        try box.advance("PT0S")
        #expect(try box.owner.get("/v1/messages/\(asked.id)").ok().text("status") == "sent")
    }
}

/// A picture of one dot.
enum Base64Bytes {
    static let pixel = Array(
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        ) ?? Data())
}
