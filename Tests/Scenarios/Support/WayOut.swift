import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// One of the ways out of an agency: the tool, who takes it, its occasions, and what stands at its end.
struct WayOut: Sendable {
    enum Kind: String, CaseIterable, Sendable { case mail, chat, request, webhook, payment, model }

    /// The arrivals at the end, unless that is broken; held, it says nothing until it is let go.
    final class End: Sendable {
        private struct State {
            var isBroken = false, isHeld = false
            var arrived = 0
            var keys: [String] = []
        }
        private let state = Mutex(State())

        var arrived: Int { state.withLock { $0.arrived } }
        /// By which the requests that arrived are known again.
        var keys: [String] { state.withLock { $0.keys } }
        func breakDown() { state.withLock { $0.isBroken = true } }
        func hold() { state.withLock { $0.isHeld = true } }
        func letGo() { state.withLock { $0.isHeld = false } }

        /// Notes a request, if it counts; `false` where the service is broken.
        func take(_ request: ReceivedRequest, counts: Bool = true) -> Bool {
            let isTaken = state.withLock { state in
                guard !state.isBroken else { return false }
                guard counts else { return true }
                state.arrived += 1
                let key = request.header("Idempotency-Key") ?? request.header("webhook-id")
                if let key { state.keys.append(key) }
                return true
            }
            while state.withLock({ $0.isHeld }) { usleep(2000) }
            return isTaken
        }
    }

    let kind: Kind
    let tool: String
    /// `nil` where a person, a client or the system takes it.
    let agent: String?
    /// Live, or the sandbox in the agency's clothes.
    let agency: Agency
    let box: SandboxCaller?
    let end: End
    /// The integration at the end, where it has one.
    let integration: String?
    /// Brings an occasion; the code of a problem that whoever brought it was told.
    let stir: @Sendable (Int) throws -> String?

    var owner: Caller { agency.owner }

    /// In an agency whose agent goes so far by itself.
    static func make(
        _ kind: Kind, on server: BureauProcess, isSandbox: Bool = false, autonomy: String = "autopilot",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> WayOut {
        let live = try server.signUp(sourceLocation: sourceLocation)
        let box = isSandbox ? try live.sandbox() : nil
        let agency = box.map { box in
            Agency(server, ["access_token": JSON(box.owner.token)], email: "", password: "")
        }
        let place = Place(agency: agency ?? live, box: box, autonomy: autonomy)
        try place.agency.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Example Street", "quiet_hours": nil,
                "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
            ]
        ).ok()
        return switch kind {
        case .mail: try mail(place)
        case .chat: try chat(place)
        case .request: try request(place)
        case .webhook: try webhook(place)
        case .payment: try payment(place)
        case .model: try model(place)
        }
    }

    private struct Place {
        let agency: Agency, box: SandboxCaller?
        let autonomy: String

        func wake(_ agent: String) throws {
            let change: JSON = ["state": "active", "autonomy": .string(autonomy)]
            try agency.owner.patch("/v1/agents/\(agent)", change).ok()
        }

        /// Adds the facts that the answers of both agents rest on.
        func addArticle() throws {
            let article: JSON = [
                "title": "Changing your logo", "status": "published",
                "body": "Open Settings, then Branding, and upload the picture.",
            ]
            try agency.owner.post("/v1/articles", article).ok(201)
        }

        func way(
            _ kind: Kind, _ tool: String, by agent: String? = nil, _ end: End, integration: String? = nil,
            stir: @escaping @Sendable (Int) throws -> String?
        ) -> WayOut {
            WayOut(
                kind: kind, tool: tool, agent: agent, agency: agency, box: box, end: end,
                integration: integration, stir: stir)
        }
    }

    /// By the number of the occasion: who asks to pay again asks for the same.
    private final class Invoices: Sendable {
        private let known = Mutex<[Int: JSON]>([:])

        func kept(_ number: Int, _ make: () throws -> JSON) throws -> JSON {
            if let invoice = known.withLock({ $0[number] }) { return invoice }
            let made = try make()
            known.withLock { $0[number] = made }
            return made
        }
    }

    private static let question = "How do I change my logo?"
    /// A word that only the agent's answer has.
    private static let answer = "Branding"

    /// An agent answers a ticket by mail.
    private static func mail(_ place: Place) throws -> WayOut {
        let end = End(), agency = place.agency
        let service = try ServiceStandIn { request in
            guard request.method == "POST" else { return StandInAnswer(200, "{}") }
            guard end.take(request, counts: request.text.contains(answer)) else {
                return StandInAnswer(500, "{}")
            }
            return ScriptedMailService.taken("sendgrid", 1)
        }
        let made = try agency.connect("sendgrid", service.url, credentials: ["api_key": "k"])
        try place.addArticle()
        try place.wake("customer_service")
        return place.way(
            .mail, "send_message", by: "customer_service", end, integration: made.id
        ) { number in
            let contact = try agency.makeContact(number)
            try agency.owner.post(
                "/v1/tickets",
                [
                    "subject": "Logo", "body": .string(question), "contact_id": .string(contact.id),
                ]
            ).ok(201)
            return nil
        }
    }

    /// An agent answers over Telegram.
    private static func chat(_ place: Place) throws -> WayOut {
        let end = End(), agency = place.agency, telegram = try TelegramStandIn()
        let service = try ServiceStandIn { request in
            guard request.target.hasSuffix("/sendMessage") else {
                return StandInAnswer(200, #"{"ok":true,"result":{"id":123456,"username":"bureau_bot"}}"#)
            }
            guard end.take(request, counts: request.text.contains(answer)) else {
                return StandInAnswer(500, "{}")
            }
            let chat = (try? JSONParser.parse(request.body))?["chat_id"] ?? .null
            let sent: JSON = [
                "ok": true,
                "result": ["message_id": JSON(end.arrived), "chat": ["id": chat, "type": "private"]],
            ]
            return StandInAnswer(200, sent.serialized)
        }
        let made = try agency.connect(
            "telegram", service.url, credentials: telegram.credentials, capability: "chat")
        try place.addArticle()
        try place.wake("primary_agent")
        return place.way(.chat, "send_message", by: "primary_agent", end, integration: made.id) { number in
            let hook = telegram.message(Int64(number), question, chat: Int64(1000 + number))
            try agency.server.deliver(hook, to: made).ok()
            return nil
        }
    }

    /// A workflow asks a server of the web.
    private static func request(_ place: Place) throws -> WayOut {
        let end = End(), owner = place.agency.owner
        let web = try StandIn { end.take($0) ? StandInAnswer(200, "{}") : StandInAnswer(500, "{}") }
        let node: JSON = [
            "id": "call", "type": "tool", "tool": "http_request", "retry": ["max_attempts": 2],
            "input": ["method": "POST", "url": .string(web.url)],
        ]
        let made = try owner.post(
            "/v1/workflows",
            ["name": "w", "start": "call", "state": [:], "nodes": [node], "edges": []]
        ).ok(201)
        return place.way(.request, "http_request", end) { _ in
            let body: JSON = ["workflow_id": .string(made.id), "state": [:]]
            let answer = try owner.post("/v1/workflow-runs", body)
            try #require((200..<300).contains(answer.status), "\(answer)")
            return nil
        }
    }

    /// The system tells an endpoint of the agency's.
    private static func webhook(_ place: Place) throws -> WayOut {
        let end = End(), owner = place.agency.owner
        let hooks = try StandIn { end.take($0) ? StandInAnswer(200, "{}") : StandInAnswer(500, "{}") }
        let made = try owner.post(
            "/v1/webhooks", ["url": .string(hooks.url), "events": ["invoice.sent"]]
        ).ok(201)
        return place.way(.webhook, "deliver_webhook", end) { _ in
            try owner.post("/v1/webhooks/\(made.id)/test").ok(202)
            return nil
        }
    }

    /// A client asks to pay.
    private static func payment(_ place: Place) throws -> WayOut {
        let end = End(), agency = place.agency, owner = place.agency.owner
        let service = try ServiceStandIn { request in
            guard request.method == "POST" else { return StandInAnswer(200, "{}") }
            guard end.take(request) else { return StripeStandIn.failure(500, "api_error", "Sorry.") }
            let session: JSON = [
                "id": .string("cs_\(end.arrived)"), "object": "checkout.session", "status": "open",
                "url": .string("https://checkout.stripe.example/\(end.arrived)"),
            ]
            return StandInAnswer(200, session.serialized)
        }
        let credentials: JSON = ["secret_key": "sk_test_1", "webhook_secret": "whsec_1"]
        let made = try agency.connect(
            "stripe", service.url, credentials: credentials, capability: "payments")
        let client = try owner.makeClient(), invoices = Invoices()
        return place.way(.payment, "create_payment_link", end, integration: made.id) { number in
            let invoice = try invoices.kept(number) { try owner.invoice(client) }
            let token = try #require(invoice.text("public_url").split(separator: "/p/").last)
            let answer = try agency.server.anonymous.post("/p/\(token)/pay")
            return answer.status == 200 ? nil : answer.code
        }
    }

    /// An agent asks a model.
    private static func model(_ place: Place) throws -> WayOut {
        let end = End(), agency = place.agency
        let stand = try StandIn { request in
            end.take(request)
                ? Models.completion(#"{"summary":"Wants leads."}"#) : StandInAnswer(503, "{}")
        }
        try agency.owner.post(
            "/v1/models",
            [
                "name": "mini", "base_url": .string("\(stand.url)/v1"), "model": "m",
                "api_key": .string(Models.key), "input_price": dollars(1), "output_price": dollars(2),
            ]
        ).ok(201)
        try agency.owner.patch("/v1/agents/lead_scoring", ["state": "disabled"]).ok()
        try place.wake("lead_qualification")
        return place.way(.model, "call_model", by: "lead_qualification", end) { [box = place.box] number in
            let lead = try agency.makeLead(number)
            let started = try agency.owner.post("/v1/leads/\(lead.id)/qualify")
            let place = try #require(started.header("Location"))
            try box?.advance("PT1M")
            try eventuallyTrue("the end of the run") {
                let run = try agency.owner.get(place).ok()
                return ["succeeded", "failed"].contains(run.text("status"))
            }
            return nil
        }
    }
}

// MARK: What is there to read

extension WayOut {
    /// The calls of the tool, by whoever takes this way.
    func calls() throws -> [JSON] {
        let filter = agent.map { "&agent=\($0)" } ?? ""
        return try owner.every("/v1/tool-calls?tool=\(tool)\(filter)").sorted { $0.id < $1.id }
    }

    /// The codes that people read of what did not leave: refusals, messages, jobs, deliveries and alerts.
    func told() throws -> Set<String> {
        let refusals = try owner.every("/v1/refusals").filter { agent == nil || $0["agent"] == JSON(agent) }
        var told = Set(refusals.map { $0.text("code") })
        for message in try owner.every("/v1/messages?direction=outbound")
        where message["author"]?["id"] == JSON(agent) {
            told.formUnion((message["reasons"]?.array ?? []).map { $0.text("code") })
        }
        for job in try owner.every("/v1/jobs") {
            told.formUnion(job.text("waiting_for").split(separator: " ").map(String.init))
        }
        told.formUnion(try owner.every("/v1/webhook-deliveries").map { $0.text("error") })
        told.formUnion(try owner.every("/v1/alerts?open=true").map { $0.text("kind") })
        if try !asked().isEmpty { told.insert("approval") }
        return told
    }

    /// The questions about it that wait for a person.
    func asked() throws -> [JSON] {
        try owner.every("/v1/approvals?status=pending").filter {
            $0["agent"] == JSON(agent) && $0.text("tool") == tool
        }
    }

    var isCircuitOpen: Bool {
        get throws {
            if let integration {
                let circuit = try owner.get("/v1/integrations/\(integration)").ok()["circuit"]
                return circuit?.text("state") == "open"
            }
            let circuits = try owner.get("/v1/tools/\(tool)").ok()["circuits"]?.array ?? []
            return circuits.contains { $0.text("state") == "open" }
        }
    }
}
