import HTTPServer
import Integrations
import JSON
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct WhatsAppTests {
    private let graph: GraphStandIn
    private let whatsApp: WhatsApp
    private let access: IntegrationAccess

    init() throws {
        graph = try GraphStandIn()
        whatsApp = WhatsApp(makeClient(), now: { MailRig.now })
        access = makeAccess(
            graph.service.url, graph.settings,
            [
                "access_token": graph.token, "app_secret": graph.secret,
                "verify_token": graph.verifyToken,
            ])
    }

    /// The example of the signature's description.
    private let example = Array(
        #"{"object":"whatsapp_business_account","entry":[{"id":"9001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"7001"},"contacts":[{"profile":{"name":"Zo\u00eb"},"wa_id":"15550000002","user_id":"US.100200300"}],"messages":[{"from":"15550000002","from_user_id":"US.100200300","id":"wamid.T1","timestamp":"1767225600","type":"text","text":{"body":"Hi \ud83d\ude00"}}]}}]}]}"#
            .utf8)
    private let signature = "sha256=898961c0c915d52f9398b2fc344137a5f47f59a2d6089403bcbdbd275be17ed1"

    private func open(_ body: [UInt8], _ header: String?) throws -> [HookItem] {
        try whatsApp.open(
            HookRequest(
                headers: header.map { [("x-hub-signature-256", $0)] } ?? [], body: body, now: MailRig.now,
                access: access))
    }

    private func events(_ hook: StandInHook) throws -> [ChatHookEvent] {
        try open(hook.body, hook.headers.last?.value).flatMap { item in
            try whatsApp.read(
                HookReceipt(
                    item, id: .unset, integrationID: access.integrationID, provider: "whatsapp",
                    at: MailRig.now), access)
        }
    }

    @Test func `the known signature opens, and holds what was said, by whom`() throws {
        let items = try open(example, signature)
        #expect(items.count == 1 && items[0].key == "message:wamid.T1")
        let events = try events(StandInHook([("x-hub-signature-256", signature)], example))
        guard case .received(let chat)? = events.first else {
            Issue.record("nothing was received")
            return
        }
        #expect(chat.text == "Hi 😀" && chat.name == "Zoë" && chat.phone == "+15550000002")
        #expect(chat.address == "+15550000002" && chat.aliases == ["US.100200300"])
        #expect(chat.providerID == "wamid.T1")
    }

    @Test func `what is forged or altered is refused`() {
        for header in [nil, "", "sha256=", "sha256=00", signature.replacing("8989", with: "9989")] {
            #expect(throws: HookRefusal.self, "\(header ?? "")") { try open(example, header) }
        }
        #expect(throws: HookRefusal.self) { try open(example + [32], signature) }
    }

    @Test func `a batch is taken apart, and another number's part is left alone`() throws {
        let messages: JSON = [
            ["from": "15550000002", "id": "wamid.1", "type": "text", "text": ["body": "one"]],
            ["from_user_id": "US.1", "id": "wamid.2", "type": "button", "button": ["text": "two"]],
            ["from": "15550000002", "id": "wamid.3", "type": "reaction", "reaction": ["emoji": "x"]],
        ]
        let said = try events(graph.hook(["messages": messages])).compactMap { event -> String? in
            if case .received(let chat) = event { chat.address + " " + chat.text } else { nil }
        }
        #expect(said == ["+15550000002 one", "US.1 two"])
        let foreign = graph.hook(["messages": messages, "metadata": ["phone_number_id": "7002"]])
        #expect(try events(foreign).isEmpty)
    }

    @Test(arguments: [
        ("sent", nil, DeliveryEvent.Kind.sent), ("delivered", nil, .delivered), ("read", nil, .opened),
        ("failed", 131_026, .bounced), ("failed", 131_050, .unsubscribed), ("failed", 131_047, .failed),
    ])
    func `each status has its meaning`(status: String, code: Int?, kind: DeliveryEvent.Kind) throws {
        let told = try events(graph.status(status, of: "wamid.X", named: mailID.text, code: code))
        guard case .delivery(let event)? = told.first else {
            Issue.record("nothing was told")
            return
        }
        #expect(event.kind == kind && event.providerID == "wamid.X" && event.messageID == mailID)
        #expect(event.recipient == "+15550000002" && event.at == Instant(seconds: 1_767_225_605))
    }

    @Test(arguments: [
        (400, 131_026, "recipient"), (401, 190, "account"), (400, 131_047, "message"),
        (429, 130_429, "later"),
        (400, 131_056, "later"), (400, 132_001, "message"), (403, 200, "account"),
    ])
    func `a refusal is read by its code`(status: Int, code: Int, end: String) async {
        graph.service.next(GraphStandIn.fault(status, code))
        let outcome = await whatsApp.send(
            OutgoingChat(messageID: mailID, address: "+15550000002", text: "Hi"), access, .trial)
        #expect(outcome.end == end)
    }

    @Test(arguments: [
        (ServiceStandIn.Turn.cutAfter, "later"), (.cutBefore, "later"), (.answer(500, "{}"), "later"),
        (.answer(200, "<html>"), "later"), (GraphStandIn.fault(429, 130_429), "later"),
        (GraphStandIn.fault(400, 131_053), "message"), (GraphStandIn.fault(401, 190), "account"),
    ])
    func `an upload that fails has said nothing to anybody`(turn: ServiceStandIn.Turn, end: String) async {
        graph.service.next(turn)
        let file = OutgoingFile(name: "a.pdf", mediaType: "application/pdf", bytes: [1], kind: "document")
        let outcome = await whatsApp.send(
            OutgoingChat(messageID: mailID, address: "US.1", text: "Hi", file: file), access, .trial)
        #expect(outcome.end == end)
        #expect(!graph.service.requests.contains { $0.target.hasSuffix("/messages") })
    }

    @Test func `a file that heads an approved text stands in its header`() async throws {
        let file = OutgoingFile(name: "a.pdf", mediaType: "application/pdf", bytes: [1, 2], kind: "document")
        let template = OutgoingChat.Template(
            name: "offer", language: "en_US", components: [["type": "body", "parameters": []]],
            isHeadedByFile: true)
        let outcome = await whatsApp.send(
            OutgoingChat(
                messageID: mailID, address: "US.1", text: "Hi", template: template, file: file), access,
            .trial)
        #expect(outcome.end == "accepted" && graph.uploads["UPLOAD1"] == [1, 2])
        let body = try JSONParser.parse(try #require(graph.service.requests.last).body)
        let header: JSON = [
            "type": "header",
            "parameters": [
                ["type": "document", "document": ["id": "UPLOAD1", "filename": "a.pdf"]]
            ],
        ]
        #expect(body["template"]?["components"] == [header, ["type": "body", "parameters": []]])
    }

    @Test func `what was read and not answered may have left`() async {
        for turn in [ServiceStandIn.Turn.cutAfter, .answer(200, "{}"), .cutWithin(StandInAnswer(200, "{}"))] {
            graph.service.next(turn)
            let outcome = await whatsApp.send(
                OutgoingChat(messageID: mailID, address: "US.1", text: "Hi"), access, .trial)
            #expect(outcome.end == "unknown")
        }
    }
}

extension SendOutcome {
    /// The end, for comparing.
    var end: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let refusal): "\(refusal.cause)"
        case .later: "later"
        case .unknown: "unknown"
        }
    }
}
