import JSON
import StandIns
import Testing

/// An agency with a number at Twilio, and what comes and leaves by it.
struct TextLine {
    let agency: Agency, twilio: TwilioStandIn, integration: JSON

    init(_ server: BureauProcess, _ more: JSONObject = [:]) throws {
        try self.init(server.quietAgency(), more)
    }

    init(_ agency: Agency, _ more: JSONObject = [:]) throws {
        (self.agency, twilio) = (agency, try TwilioStandIn())
        var settings = twilio.settings
        settings["base_url"] = .string(twilio.service.url)
        // The tests' server listens on a port that its settings do not name.
        settings["public_url"] = .string(Self.home(of: agency.server))
        var body: JSONObject = [
            "provider": "twilio", "capability": "chat", "settings": .object(settings),
            "credentials": twilio.credentials,
        ]
        for (name, value) in more.members { body[name] = value }
        integration = try agency.owner.post("/v1/integrations", .object(body)).ok(201)
    }

    static func home(of server: BureauProcess) -> String { "http://127.0.0.1:\(server.port)" }

    /// Where Twilio posts what comes in.
    var door: String { Self.home(of: agency.server) + integration.text("hook_url") }

    func post(_ hook: StandInHook) throws -> Answer { try agency.server.deliver(hook, to: integration) }

    /// Somebody writes.
    func hears(
        _ text: String, _ sid: String, from sender: String = "+15550000002", _ more: [(String, String)] = []
    ) throws {
        let answer = try post(twilio.message(sid, text, from: sender, to: door, more))
        #expect(answer.status == 200)
        try agency.hooksWorkedOn()
    }

    /// Twilio tells what became of a message, at the address that it was given with it.
    func tells(_ status: String, of message: JSON, code: Int? = nil, token: String? = nil) throws -> Answer {
        let address = message.text("callback")
        var hook = twilio.status(
            status, of: message.text("sid"), to: address, recipient: message.text("to"), code: code)
        if let token { hook = twilio.hook([("AccountSid", twilio.account)], to: address, token: token) }
        let path = String(address.dropFirst(Self.home(of: agency.server).count))
        return try agency.server.anonymous.request(
            "POST", path, raw: hook.body,
            headers: Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a }))
    }

    /// Asks for a text message.
    func send(_ contact: String, _ text: String, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "channel": "sms", "contact_id": .string(contact), "body": .string(text),
            "purpose": "transactional",
        ]
        for (name, value) in more.members { body[name] = value }
        return try agency.owner.post("/v1/messages", .object(body)).ok(202)
    }

    /// The number of times that it was asked to send.
    var sends: Int {
        twilio.service.requests.filter { $0.method == "POST" && $0.target.hasSuffix("/Messages.json") }.count
    }

    func reasons(
        _ contact: String, _ channel: String = "sms", _ purpose: String = "marketing"
    ) throws
        -> [String]
    {
        let path = "/v1/contacts/\(contact)/sendability?channel=\(channel)&purpose=\(purpose)"
        return (try agency.owner.get(path).ok()["reasons"]?.array ?? []).map { $0.text("code") }
    }
}
