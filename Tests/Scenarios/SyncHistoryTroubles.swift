import JSON
import StandIns
import Synchronization
import Testing

/// Messages to people where a CRM does not take them into its history.
@Suite(.ownThread) struct SyncHistoryTroubles {
    let server = BureauProcess.shared

    /// The jobs that wait to write.
    private func jobs(_ spoken: SpokenWith) throws -> [JSON] {
        try spoken.owner.every("/v1/jobs?kind=sync.history").filter { $0["finished_at"] == .null }
    }

    @Test func `an entry that the service never takes does not keep it from those behind it`() throws {
        let spoken = try SpokenWith(server)
        for _ in 0..<20 {
            spoken.pipe.service.next(.answer(503)) { SpokenWith.isNote($0) && $0.text.contains("Poison") }
        }
        let poison = try spoken.tell("Poison.")
        try eventuallyTrue("it has failed once") {
            spoken.pipe.service.requests.contains(where: SpokenWith.isNote)
        }
        let next = try spoken.tell("Two.")
        try spoken.entry(next, "written")
        let last = try spoken.tell("Three.")
        try spoken.entry(last, "written")
        #expect(try spoken.entry(poison, "sending").text("code") == "unavailable")
        #expect(spoken.count(poison) == 0 && spoken.notes.count == 2)
    }

    @Test func `while a service is to be left alone, one job waits for it, however much is said`() throws {
        let spoken = try SpokenWith(server)
        spoken.pipe.service.next(
            .answer(429, "{}", headers: [("x-ratelimit-reset", "120")]), when: SpokenWith.isNote)
        let first = try spoken.tell("One.")
        try eventuallyTrue("the job waits") {
            try jobs(spoken).contains { $0.text("waiting_for").contains("rate_limited") }
        }
        for words in ["Two.", "Three."] {
            try spoken.agency.message(spoken.tell(words), "sent", "delivered")
        }
        #expect(try jobs(spoken).count == 1)
        #expect(try spoken.entries("waiting").count == 3 && spoken.notes.isEmpty)
        try spoken.entry(first, "waiting")
    }

    @Test
    func `what a service could not take is written later, even where it cannot be asked what it has`() throws
    {
        let (agency, postmark, crm) = (
            try server.signUp(), try PostmarkStandIn(), try CRMStandIn()
        )
        try agency.readyToMail()
        let owner = agency.owner
        try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let object = try #require(CRMStandIn.document["objects"]?[0])
        let history: JSON = [
            "path": "/notes", "send": ["to": "{{ id }}", "text": "{{ text }} {{ own }}"], "id": "/id",
        ]
        try owner.post(
            "/v1/connectors",
            CRMStandIn.document.merging(["objects": [object.merging(["history": history])]])
        ).ok(201)
        let service = try agency.connect(
            "custom.acme_crm", crm.url, credentials: ["token": .string(CRMStandIn.token)],
            capability: "crm")
        let attempts = Mutex<[String]>([])
        crm.misbehave { request, _ in
            guard request.target.hasPrefix("/notes") else { return nil }
            let count = attempts.withLock { attempts in
                attempts.append(request.text)
                return attempts.count
            }
            return StandInAnswer(count == 1 ? 503 : count == 3 ? 504 : 201, #"{"id":"n1"}"#)
        }
        crm.add(["email": "ana@acme.example", "name": "Ana", "company": "Acme"])
        let ana = try agency.makeContact(1, ["email": "ana@acme.example"])
        let sync = try owner.post("/v1/syncs", Syncing.body(service, ["history": "conversations"])).ok(201)
        try owner.ended("/v1/syncs/\(sync.id)/run", [:])
        func tell(_ words: String, _ state: String) throws {
            let told = try agency.send(ana, ["purpose": "transactional", "body": .string(words)])
            try eventuallyTrue("\(words) is \(state)") {
                try owner.every("/v1/syncs/\(sync.id)/history").contains {
                    $0.text("message_id") == told.id && $0.text("state") == state
                }
            }
        }
        try tell("One.", "written")
        #expect(attempts.withLock { $0.count } == 2)
        // Whether it has this one, it does not say.
        try tell("Two.", "unknown")
        #expect(attempts.withLock { $0.count } == 3)
        let alerts = try owner.get("/v1/alerts?open=true", ["Accept-Language": "de"]).ok().items
        let alert = try #require(alerts.first { $0.text("kind") == "history_unwritten" })
        #expect(
            alert.text("title").contains("Der Dienst hat nicht gesagt, ob er es angenommen hat"), "\(alert)")
    }
}
