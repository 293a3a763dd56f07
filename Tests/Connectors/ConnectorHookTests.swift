import Cryptography
import JSON
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

@testable import Integrations

struct ConnectorHookTests {
    /// A service whose webhooks are of Segment's style (`segment-ingest.md`): an agency's own connector, as data.
    private static let tracked: JSON = [
        "name": "tracked", "title": "Tracked events",
        "auth": ["kind": "bearer", "credential": "token"], "test": ["path": "/me"], "objects": [],
        "credentials": [
            ["name": "token", "about": "The token."],
            ["name": "secret", "proves_hooks": true, "about": "The shared secret."],
        ],
        "hooks": [
            "proof": [
                "kind": "signature", "algorithm": "sha1", "encoding": "hex", "header": "X-Signature",
                "over": ["body"], "credential": "secret",
            ],
            "events": "", "key": ["/messageId"], "type": "/event", "objects": [],
        ],
    ]

    private func endpoint(_ name: String) throws -> ConnectorEndpoint {
        if name == "tracked" {
            let (read, faults) = ConnectorReading.read(Self.tracked.object ?? [:])
            #expect(faults.isEmpty, "\(faults.list)")
            return ConnectorEndpoint(hooks: try #require(read?.hooks))
        }
        let document = try #require(BuiltInConnectors.documents[name])
        let hooks = try #require(ConnectorDocument.read(document).connector?.hooks)
        return ConnectorEndpoint(hooks: hooks)
    }

    private func request(
        _ hook: StandInHook, _ credentials: [String: String], url: String = "",
        at second: Int64 = 1_764_547_200
    ) -> HookRequest {
        HookRequest(
            url: url, headers: hook.headers, body: hook.body, now: Instant(seconds: second),
            access: IntegrationAccess(
                integrationID: .unset, baseURL: "", settings: [:], credentials: credentials))
    }

    private func vector(
        _ name: String, _ header: String, _ signature: String, _ body: String,
        _ credentials: [String: String],
        url: String = "", also: [(name: String, value: String)] = []
    ) throws -> [HookItem] {
        let hook = StandInHook([(header, signature)] + also, Array(body.utf8))
        let items = try endpoint(name).open(request(hook, credentials, url: url))
        // Sorted, a space more makes no difference.
        let other =
            body.contains("evt_1") ? Array(body.replacing("evt_1", with: "evt_2").utf8) : hook.body + [32]
        let forged = StandInHook(hook.headers, other)
        #expect(throws: HookRefusal.self) { try endpoint(name).open(request(forged, credentials, url: url)) }
        #expect(throws: HookRefusal.self) { try endpoint(name).open(request(hook, [:], url: url)) }
        #expect(throws: HookRefusal.self) {
            try endpoint(name).open(request(StandInHook(also, hook.body), credentials, url: url))
        }
        return items
    }

    @Test func `the vectors of the sheets open, and nothing that differs from them`() throws {
        let stamp = ("X-HubSpot-Request-Timestamp", "1764547200000")
        let hubspot = try vector(
            "hubspot", "X-HubSpot-Signature-v3", "lIZZAqUxxAhrf9rby/DkSyEJw17QHaHncR52QrWwjXA=",
            #"[{"eventId":1}]"#, ["client_secret": "bureau-hs-client-secret"],
            url: "https://hooks.bureau.example/v1/webhooks/hubspot", also: [stamp])
        #expect(hubspot.count == 1)
        let apideck = try vector(
            "apideck", "x-apideck-signature",
            "7ce37e4abec76b8189cde8b624dec6ddfea16aa0c5e84116cd447cef3f002160",
            #"{"payload":{"event_type":"crm.contact.created","event_id":"evt_1","service_id":"hubspot","consumer_id":"tenant-42","entity_id":"c_9","entity_type":"crm.contact","occurred_at":"2026-01-15T10:00:00.000Z","execution_attempt":1}}"#,
            ["api_key": "sk_live_bureau"])
        #expect(apideck.map(\.key) == ["evt_1"] && apideck.map(\.type) == ["crm.contact.created"])
        let secret = ["hook_secret": "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"]
        let asana = try vector(
            "asana", "X-Hook-Signature", "c48e78ec8d0c5727a88f96c8b948828cc25cfbc93daac8d06f438f8b6cc3e9f3",
            #"{"events":[{"action":"changed","resource":{"gid":"1201","resource_type":"task"},"parent":null,"user":{"gid":"77"},"created_at":"2026-01-15T10:00:00.000Z","change":{"field":"completed","action":"changed"}}]}"#,
            secret)
        #expect(asana.count == 1)
        let heartbeat = try vector(
            "asana", "X-Hook-Signature", "10468027b67df18c739cc4794c6fc2d2806dcaaf2259fc3e1ed9d26433659853",
            #"{"events":[]}"#, secret)
        #expect(heartbeat.isEmpty)
        let trello = try vector(
            "trello", "X-Trello-Webhook", "XRM9iovcjYdin7FbUaKDxCxDYCo=",
            #"{"action":{"id":"5a1","type":"updateCard"},"model":{"id":"5b2"}}"#,
            ["secret": "bureau-trello-secret"], url: "https://hooks.bureau.example/v1/webhooks/trello")
        #expect(trello.map(\.key) == ["5a1"])
        let jira = try vector(
            "jira", "X-Hub-Signature",
            "sha256=e2d3bf629bbbe30bed6baf702c814ffa670115758558534c9988ec1fd0a7de2c",
            #"{"timestamp":1764547200000,"webhookEvent":"jira:issue_updated","issue":{"id":"10001","key":"OPS-7"}}"#,
            ["webhook_secret": "bureau-jira-secret"])
        #expect(jira.map(\.type) == ["jira:issue_updated"])
        // The sheet's first vector is signed, and no event.
        let hello = StandInHook(
            [
                (
                    "X-Hub-Signature",
                    "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
                )
            ], Array("Hello World!".utf8))
        #expect {
            try endpoint("jira").open(request(hello, ["webhook_secret": "It's a Secret to Everybody"]))
        } throws: { error in
            if case HookRefusal.malformed = error { true } else { false }
        }
        let hook = StandInHook(
            [("Authorization", "Basic YnVyZWF1OnMzY3JldA==")], Array(#"{"meta":{"id":"u1"}}"#.utf8))
        let basic = ["hook_username": "bureau", "hook_password": "s3cret"]
        #expect(try endpoint("pipedrive").open(request(hook, basic)).map(\.key) == ["u1"])
        for wrong in [[:], ["hook_username": "bureau", "hook_password": "other"]] {
            #expect(throws: HookRefusal.self) { try endpoint("pipedrive").open(request(hook, wrong)) }
        }
    }

    @Test func `the vector of Segment's style opens a connector that an agency has declared`() throws {
        let items = try vector(
            "tracked", "X-Signature", "afe1dae95e324a0611ffec17101e790d04df1150",
            #"{"type":"track","event":"Lead Created","userId":"u1"}"#, ["secret": "bureau-seg-secret"])
        #expect(items.map(\.type) == ["Lead Created"])
    }

    @Test
    func `HubSpot's signature holds for five minutes, for its address, and for signs in it as they are`()
        throws
    {
        let hub = try HubSpotStandIn(), url = "https://b.example/v1/hooks/hubspot/t?a=%2F"
        let body = HubSpotStandIn.changed("507", "firstname", at: 1_764_547_200_000)
        let hook = hub.hook(body, to: url.replacing("%2F", with: "/"), at: 1_764_547_200_000)
        let credentials = ["client_secret": hub.clientSecret]
        let items = try endpoint("hubspot").open(request(hook, credentials, url: url, at: 1_764_547_500))
        #expect(items.map(\.key) == ["2:507:1764547200000:firstname"])
        for late in [1_764_547_501, 1_764_546_899] as [Int64] {
            #expect(throws: HookRefusal.self) {
                try endpoint("hubspot").open(request(hook, credentials, url: url, at: late))
            }
        }
        #expect(throws: HookRefusal.self) {
            try endpoint("hubspot").open(request(hook, credentials, url: url + "1"))
        }
    }

    @Test func `what an event is about is read from it, and nothing else is`() throws {
        func news(_ name: String, _ event: JSON) throws -> ConnectorNews? {
            try endpoint(name).hooks.news(of: event)
        }
        let contact = HubSpotStandIn.changed("507", "email", at: 1).array?.first ?? .null
        #expect(try news("hubspot", contact) == ConnectorNews(object: "contacts", id: "507"))
        #expect(try news("hubspot", ["subscriptionType": "ticket.creation", "objectId": 1]) == nil)
        let task = AsanaStandIn.changed("9000", "completed", at: "x")["events"]?.array?.first ?? .null
        #expect(try news("asana", task) == ConnectorNews(object: "tasks", id: "9000"))
        #expect(
            try news("trello", TrelloStandIn.changed("c1", action: "a"))
                == ConnectorNews(object: "cards", id: "c1"))
        #expect(try news("trello", ["action": ["id": "1", "type": "updateBoard"]]) == nil)
        #expect(
            try news("jira", ["webhookEvent": "jira:issue_deleted", "issue": ["id": "7"]])
                == ConnectorNews(object: "issues", id: "7"))
        #expect(
            try news("pipedrive", ["meta": ["entity": "deal", "entity_id": "7"]])
                == ConnectorNews(object: "deals", id: "7"))
        #expect(
            try news("apideck", ["entity_type": "crm.contact", "entity_id": "c_9"])
                == ConnectorNews(object: "contacts", id: "c_9"))
    }

    @Test func `who is sent to a consent brings the challenge of the sheet's verifier`() throws {
        let attempt = try #require(OAuthAttempt("nonce dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        let endpoints = OAuthEndpoints(
            authorize: "https://login.salesforce.com/services/oauth2/authorize", token: "", scopes: ["api"])
        let address = attempt.address(
            endpoints, client: "3MVG9bureau", redirect: "https://b.example/r", state: "s")
        #expect(address.contains("&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"))
        #expect(address.contains("&code_challenge_method=S256") && !address.contains(attempt.verifier))
    }

    @Test func `Salesforce's assertion is signed over the sheet's bytes`() throws {
        let document = try #require(BuiltInConnectors.documents["salesforce"])
        let assertion = try #require(ConnectorDocument.read(document).connector?.consent?.assertion)
        let names = ConnectorNames(
            [
                "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                "settings.audience": "https://login.salesforce.com",
            ], now: .wallClock())
        let text = try #require(assertion.signed(names, at: Instant(seconds: 1_764_547_200)))
        #expect(
            Hex.encode(SHA256.hash(text))
                == "7a5029df37756cf2ab89419fc9cb8b4f2ca4a6aac7afdef4546f42aac82874ac",
            "\(text)")
    }
}
