import JSON
import StandIns
import Testing

/// An agency that writes to people by mail, and a CRM that is kept in step and has a history of them.
struct SpokenWith {
    let agency: Agency
    let pipe: PipedriveStandIn, postmark: PostmarkStandIn
    let crm: JSON, door: JSON, sync: JSON
    /// The client whose own the CRM is.
    let client: JSON?
    /// Somebody whom the CRM knows.
    let ana: JSON, person: StandInRecords.Record

    var owner: Caller { agency.owner }

    static let address = "ana@acme.example"

    init(
        _ server: BureauProcess, history: String = "conversations", isClients: Bool = false
    ) throws {
        (agency, pipe, postmark) = (try server.signUp(), try PipedriveStandIn(), try PostmarkStandIn())
        try agency.readyToMail(["frequency_caps": []])
        let owner = agency.owner
        door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        client = isClients ? .some(try owner.makeClient()) : .none
        crm = try agency.connect(
            "pipedrive", pipe.service.url, credentials: ["api_token": .string(pipe.token)], capability: "crm",
            of: client)
        person = pipe.persons.add([
            "name": "Ana López",
            "emails": [["value": .string(Self.address), "primary": true, "label": "work"]],
        ])
        sync = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(crm.id), "object": "persons", "local": "leads",
                "direction": "both", "every": nil, "defaults": ["company": "Acme"],
                "history": .string(history),
            ]
        ).ok(201)
        ana = try agency.makeContact(
            1, ["name": "Ana López", "email": .string(Self.address), "client_id": JSON(client?.id)])
        try run()
    }

    func run() throws {
        let run = try owner.ended("/v1/syncs/\(sync.id)/run", [:])
        try #require(run.text("status") == "completed", "\(run)")
    }

    /// Tells Ana, or somebody else, something in an answer.
    func tell(_ words: String, _ more: JSONObject = [:], to contact: JSON? = nil) throws -> JSON {
        var body: JSONObject = ["purpose": "transactional", "subject": "Hello", "body": .string(words)]
        for (name, value) in more.members { body[name] = value }
        return try agency.send(contact ?? ana, body)
    }

    /// The messages that stand in the history, each as often as it does.
    var notes: [String] { pipe.notes.all.map { $0.fields["content"]?.text ?? "" } }

    func count(_ message: JSON) -> Int { notes.count { $0.contains(message.id) } }

    func entries(_ state: String? = nil) throws -> [JSON] {
        try owner.every("/v1/syncs/\(sync.id)/history" + (state.map { "?state=\($0)" } ?? ""))
    }

    /// Returns the outcome of a message, once it is one of those.
    @discardableResult
    func entry(_ message: JSON, _ states: String...) throws -> JSON {
        try eventually("\(states) of \(message.id)") {
            try entries().first {
                $0.text("message_id") == message.id && states.contains($0.text("state"))
            }
        }
    }

    func alerts() throws -> [JSON] {
        try owner.every("/v1/alerts?open=true").filter { $0.text("kind") == "history_unwritten" }
    }

    static func isNote(_ request: ReceivedRequest) -> Bool {
        request.method == "POST" && request.target.hasPrefix("/api/v1/notes")
    }
}
