import Foundation
import JSON
import StandIns
import Testing

/// Web services without a connector of their own, which workflows ask by `http_request`: with the agency's credentials,
/// which nobody gets to see.
@Suite(.ownThread) struct WebServices {
    let server = BureauProcess.shared
    private static let token = "tok-8c1f0a5e77", password = "s3cret word of ours", key = "key-41b7d2c9aa"

    /// A service that takes one value of a header, and repeats all that it was sent.
    private func service(_ name: String = "Authorization", _ value: String) throws -> ServiceStandIn {
        try ServiceStandIn { request in
            guard request.header(name) == value else { return StandInAnswer(401, "Who are you?") }
            let echo = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            return StandInAnswer(200, echo + "\n" + request.text)
        }
    }

    private func bearer(_ token: String = WebServices.token) throws -> ServiceStandIn {
        try service("Authorization", "Bearer \(token)")
    }

    private func connect(
        _ agency: Agency, _ web: ServiceStandIn, _ credentials: JSON = ["token": .string(WebServices.token)],
        _ more: JSONObject = [:], settings: JSONObject = [:]
    ) throws -> JSON {
        let made = try agency.connect(
            "http", "\(web.url)/api", credentials: credentials, settings: settings, capability: "http")
        return more.isEmpty
            ? made : try agency.owner.patch("/v1/integrations/\(made.id)", .object(more)).ok()
    }

    /// The end of a workflow's run that asks a service once.
    private func ask(
        _ agency: Agency, _ integration: JSON, _ url: String, _ more: JSONObject = [:], client: String? = nil
    ) throws -> JSON {
        var input: JSONObject = [
            "method": "POST", "url": .string(url), "body": ["n": 1],
            "integration_id": .string(integration.id),
        ]
        for (name, value) in more.members { input[name] = value }
        let node: JSON = [
            "id": "ask", "type": "tool", "tool": "http_request", "input": .object(input),
            "retry": ["max_attempts": 1],
        ]
        var definition: JSONObject = [
            "name": "ask", "start": "ask", "state": [:], "nodes": [node], "edges": [],
        ]
        definition["client_id"] = client.map { JSON.string($0) }
        let workflow = try agency.owner.post("/v1/workflows", .object(definition)).ok(201)
        let run = try agency.owner.post(
            "/v1/workflow-runs", ["workflow_id": .string(workflow.id), "state": [:]]
        ).ok(202)
        return try eventually("the end of the run") {
            let run = try agency.owner.get("/v1/workflow-runs/\(run.id)").ok()
            return run["finished_at"] == .null ? .none : run
        }
    }

    private func code(_ run: JSON) -> String { run["history"]?[0]["error"]?.text("code") ?? "" }

    private func calls(_ agency: Agency) throws -> [JSON] {
        try agency.owner.every("/v1/tool-calls?tool=http_request").sorted { $0.id < $1.id }
    }

    // MARK: Who we are

    private static let kinds: [(JSON, String, String)] = [
        (["token": .string(token)], "Authorization", "Bearer \(token)"),
        (
            ["username": "bureau", "password": .string(password)], "Authorization",
            "Basic " + Data("bureau:\(password)".utf8).base64EncodedString()
        ),
        (["header_name": "X-API-Key", "header_value": .string(key)], "X-API-Key", key),
    ]

    @Test(arguments: kinds)
    func `a workflow asks with the agency's credentials, which stand nowhere`(
        _ credentials: JSON, _ name: String, _ value: String
    ) throws {
        let (agency, web) = (try server.quietAgency(), try service(name, value))
        let made = try connect(agency, web, credentials, ["price": ["amount": 2000, "currency": "USD"]])
        let run = try ask(agency, made, "\(web.url)/api/things", ["headers": ["X-Api-Key": "mine"]])
        #expect(run.text("status") == "completed", "\(run.serialized)")
        let asked = try #require(web.requests.first)
        #expect(asked.header(name) == value && asked.target == "/api/things" && asked.text == #"{"n":1}"#)
        let headers = asked.headers.filter { $0.name.lowercased() == name.lowercased() }
        #expect(headers.count == 1, "what the call says of it is left out")

        let call = try #require(try calls(agency).first)
        #expect(call.text("state") == "succeeded" && call["integration_id"] == .string(made.id))
        #expect(call["why"]?.text("code") == "only_one" && (call["bytes"]?.int ?? 0) > 20)
        let use = try agency.use(of: made)
        #expect(use["month"]?["calls"] == 1 && use["by"]?["tools"]?.array?.map(\.id) == ["http_request"])
        #expect(use["month"]?["cost"] == ["amount": 2, "currency": "USD"], "20 dollars for a thousand")
        let shown = try agency.owner.get("/v1/integrations/\(made.id)").ok()
        let used = try #require(shown["credentials"]?.array?.first)
        #expect(used["last_used_at"] != .null)
        #expect(used["last_used_by"] == ["type": "user", "id": agency.user["id"] ?? .null])
        #expect(try agency.owner.get("/v1/tools/http_request").ok()["providers"] == [.string(made.id)])

        let everything =
            try [
                run, call, shown, .array(agency.owner.every("/v1/audit")),
                .array(agency.owner.every("/v1/events")), .array(agency.owner.every("/v1/jobs")),
                .array(agency.owner.every("/v1/workflows")),
            ].map(\.serialized).joined() + server.log
        let secret = value.split(separator: " ").last.map(String.init) ?? ""
        for hidden in [secret, Self.token, Self.password, Self.key] {
            #expect(!everything.contains(hidden), "\(hidden)")
        }
    }

    @Test(arguments: kinds)
    func `what a service repeats in headers, or escaped, stands nowhere either`(
        _ credentials: JSON, _ name: String, _ value: String
    ) throws {
        let agency = try server.quietAgency()
        var hidden = ["token", "password", "header_value"].compactMap { credentials[$0]?.text }
        if let last = value.split(separator: " ").last { hidden.append(String(last)) }
        func escapes(_ text: String) -> [String] {
            let json = text.utf16.map { "\\u\(String(0x10000 + Int($0), radix: 16).dropFirst())" }.joined()
            let percent = text.utf8.map { "%\(String(0x100 + Int($0), radix: 16).dropFirst())" }.joined()
            return [text.replacingOccurrences(of: "/", with: "\\/"), json, percent, escaped(text)]
        }
        let words = hidden.flatMap { escapes($0) + escapes(Data($0.utf8).base64EncodedString()) }
        let body = "[" + words.map { "\"<\($0)>\"" }.joined(separator: ",") + "]"
        let headers = [
            ("Content-Type", "application/json"), ("ETag", "\"\(hidden[0])\""),
            ("X-Request-Id", hidden.last ?? ""), ("Link", "<https://x.example/?key=\(escaped(hidden[0]))>"),
        ]
        let web = try ServiceStandIn { _ in StandInAnswer(200, body, headers: headers) }
        let made = try connect(agency, web, credentials)
        let run = try ask(agency, made, "\(web.url)/api/things")
        #expect(run.text("status") == "completed", "\(run.serialized)")
        let everything =
            try [run, .array(calls(agency)), .array(agency.owner.every("/v1/jobs"))]
            .map(\.serialized).joined() + server.log
        for secret in Set(hidden + words + hidden.map { Data($0.utf8).base64EncodedString() }) {
            #expect(!everything.contains(secret), "\(secret)")
        }
        #expect(everything.contains("<…>") && everything.contains("?key=…>"), "the rest is kept")
    }

    @Test func `one kind of credentials is enough, each is whole, and a header is one that can be set`()
        throws
    {
        let agency = try server.quietAgency()
        func answer(_ credentials: JSON) throws -> Answer {
            try agency.owner.post(
                "/v1/integrations",
                [
                    "provider": "http", "capability": "http",
                    "settings": ["base_url": "https://service.example.com"], "credentials": credentials,
                ])
        }
        func faults(_ credentials: JSON) throws -> [String: String] { try answer(credentials).faults() }
        #expect(
            try faults(["token": "a", "username": "b", "password": "c"])
                == ["/credentials/username": "too_many", "/credentials/password": "too_many"])
        #expect(try faults(["username": "b"]) == ["/credentials/password": "required"])
        #expect(try faults(["header_value": "b"]) == ["/credentials/header_name": "required"])
        #expect(
            try faults(["header_name": "Host", "header_value": "b"])
                == ["/credentials/header_name": "invalid_key"])
        #expect(
            try faults(["username": "a:b", "password": "c"]) == ["/credentials/username": "invalid_text"])
        #expect(
            try faults(["header_name": "X-Key", "header_value": "a\u{7}b"])
                == ["/credentials/header_value": "invalid_text"])
        let error = try answer(["token": "a\u{7}b"]).problem(422)["errors"]?[0]
        #expect(error?.text("pointer") == "/credentials/token")
        #expect(
            error?.text("detail").hasPrefix("token has a space, a line break or an invisible character")
                == true)
    }

    // MARK: Where they go

    @Test(arguments: [
        "http://127.0.0.2:PORT/api/x", "http://127.0.0.1:1/api/x", "http://127.0.0.1:PORT/other",
        "http://127.0.0.1:PORT/apiary", "http://127.0.0.1:PORT/api/../x",
        "http://127.0.0.1:PORT/api/%2e%2e/x", "https://127.0.0.1:PORT/api/x",
    ])
    func `an address that is not under the service's own is refused`(_ url: String) throws {
        let (agency, web) = (try server.quietAgency(), try bearer())
        let made = try connect(agency, web)
        let port = web.url.split(separator: ":").last.map(String.init) ?? ""
        let run = try ask(agency, made, url.replacingOccurrences(of: "PORT", with: port))
        #expect(run.text("status") == "failed" && code(run) == "invalid_url", "\(run.serialized)")
        #expect(web.connections == 0)
        #expect(try calls(agency).isEmpty)
    }

    @Test func `an integration that is none of these, none at all, off, or another client's is refused`()
        throws
    {
        let (agency, web) = (try server.quietAgency(), try bearer())
        let clients = try ["Acme", "Bolt"].map { name in
            try agency.owner.post("/v1/clients", ["name": .string(name)]).ok(201).id
        }
        let url = "\(web.url)/api/x"
        let mail = try agency.connect("sendgrid", web.url, credentials: ["api_key": "k"])
        #expect(try code(ask(agency, mail, url)) == "unknown_reference")
        let gone = try connect(agency, web)
        try agency.owner.delete("/v1/integrations/\(gone.id)").ok(204)
        #expect(try code(ask(agency, gone, url)) == "unknown_reference")
        let off = try connect(agency, web, ["token": .string(Self.token)], ["status": "disabled"])
        #expect(try code(ask(agency, off, url)) == "tool_unavailable")
        let test = try connect(agency, web, ["token": .string(Self.token)], ["environment": "test"])
        #expect(try code(ask(agency, test, url)) == "tool_unavailable")
        let theirs = try connect(
            agency, web, ["token": .string(Self.token)], ["client_id": .string(clients[0])])
        #expect(try code(ask(agency, theirs, url)) == "unknown_reference")
        #expect(try code(ask(agency, theirs, url, client: clients[1])) == "unknown_reference")
        #expect(web.connections == 0)
        #expect(try ask(agency, theirs, url, client: clients[0]).text("status") == "completed")
        #expect(try calls(agency).map { $0["client_id"] } == [.string(clients[0])])
    }

    @Test func `a redirect to another host loses the credentials`() throws {
        let agency = try server.quietAgency()
        let other = try StandIn { _ in StandInAnswer(200, "{}") }
        let web = try ServiceStandIn { _ in
            StandInAnswer(302, "", headers: [("Location", "\(other.url)/api/x")])
        }
        let credentials: JSON = ["header_name": "X-API-Key", "header_value": .string(Self.key)]
        let made = try connect(agency, web, credentials)
        let run = try ask(agency, made, "\(web.url)/api/x", ["method": "GET", "body": nil])
        #expect(run.text("status") == "completed")
        #expect(web.requests.first?.header("X-API-Key") == Self.key)
        #expect(other.requests.count == 1 && other.requests.first?.header("X-API-Key") == nil)
    }

    @Test func `in a sandbox nothing is asked, and the call is kept under the integration`() throws {
        let web = try bearer()
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let made = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "http", "capability": "http", "settings": ["base_url": .string(web.url)],
                "credentials": ["token": .string(Self.token)],
            ]
        ).ok(201)
        let node: JSON = [
            "id": "ask", "type": "tool", "tool": "http_request",
            "input": ["url": .string("\(web.url)/x"), "integration_id": .string(made.id)],
        ]
        let workflow = try box.owner.post(
            "/v1/workflows", ["name": "w", "start": "ask", "state": [:], "nodes": [node], "edges": []]
        ).ok(201)
        try box.owner.post("/v1/workflow-runs", ["workflow_id": .string(workflow.id), "state": [:]]).ok(202)
        try box.advance("PT1M")
        let call = try #require(try box.owner.every("/v1/tool-calls?tool=http_request").first)
        #expect(call.text("state") == "captured" && call["integration_id"] == .string(made.id))
        #expect(web.connections == 0)
    }

    // MARK: What the gate keeps to

    @Test func `within an overlap a request falls back to the credentials before`() throws {
        let (agency, web) = (try server.quietAgency(), try bearer())
        let made = try connect(agency, web)
        let url = "\(web.url)/api/x", path = "/v1/integrations/\(made.id)"
        let rotated: JSON = ["credentials": ["token": "not-yet-known"], "overlap": "PT1H"]
        try agency.owner.post("\(path)/rotate", rotated).ok()
        #expect(try ask(agency, made, url).text("status") == "completed")
        let tried = web.requests.map { $0.header("Authorization") ?? "" }
        #expect(tried == ["Bearer not-yet-known", "Bearer \(Self.token)"])
        #expect(Set(web.requests.map { $0.header("Idempotency-Key") }).count == 1)
        #expect(try calls(agency).count == 1, "it is one call")
        #expect(try agency.owner.get(path).ok().text("status") == "active")
        try agency.owner.post("\(path)/rotate", ["credentials": ["token": "still-not"], "overlap": "PT0S"])
            .ok()
        #expect(try code(ask(agency, made, url)) == "http_401")
    }

    @Test
    func `credentials that are refused fail the integration, with one alert, until a person has looked`()
        throws
    {
        let (agency, web) = (try server.quietAgency(), try bearer())
        let made = try connect(agency, web, ["token": "mistyped-token"], settings: ["test_path": "/me"])
        let url = "\(web.url)/api/x", path = "/v1/integrations/\(made.id)"
        #expect(try code(ask(agency, made, url)) == "http_401")
        let failing = try agency.owner.get(path).ok()
        #expect(failing.text("status") == "failing" && failing.text("error").contains("401"))
        let alerts = try agency.openAlerts(of: made)
        #expect(alerts.map { $0.text("kind") } == ["integration_failing"])
        #expect(!alerts[0].serialized.contains("mistyped-token"))
        #expect(try code(ask(agency, made, url)) == "tool_unavailable")
        #expect(web.requests.count == 1, "it is asked no more")
        #expect(try agency.use(of: made)["month"]?["failures"] == 1)

        #expect(try agency.owner.post("\(path)/test").ok().text("code") == "http_401")
        #expect(web.requests.last?.method == "GET" && web.requests.last?.target == "/api/me")
        try agency.owner.patch(path, ["credentials": ["token": .string(Self.token)]]).ok()
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        #expect(try agency.openAlerts(of: made).isEmpty)
        #expect(try ask(agency, made, url).text("status") == "completed")
    }

    @Test func `what a service does not permit is told from bad credentials, and it is used on`() throws {
        let agency = try server.quietAgency()
        let web = try ServiceStandIn { request in
            request.target.hasSuffix("closed") ? StandInAnswer(403, "") : StandInAnswer(200, "{}")
        }
        let made = try connect(agency, web, settings: ["test_path": "/closed"])
        let path = "/v1/integrations/\(made.id)"
        #expect(try code(ask(agency, made, "\(web.url)/api/closed")) == "permission_missing")
        let failure = try #require(try calls(agency).first?["error"])
        #expect(failure.text("code") == "permission_missing")
        #expect(failure.text("recommended_action").contains("Grant the permission"))
        #expect(try agency.owner.get(path).ok().text("status") == "active")
        #expect(try agency.openAlerts(of: made).isEmpty)
        #expect(try ask(agency, made, "\(web.url)/api/open").text("status") == "completed")
        let trial = try agency.owner.post("\(path)/test").ok()
        #expect(trial["ok"] == false && trial.text("code") == "permission_missing")
        #expect(trial.text("recommended_action").contains("Grant the permission"))
        // A stranger lacks credentials, not a permission.
        let stranger = try connect(agency, web, [:], settings: ["test_path": "/closed"])
        #expect(try code(ask(agency, stranger, "\(web.url)/api/closed")) == "http_403")
        #expect(try agency.owner.post("/v1/integrations/\(stranger.id)/test").ok().text("code") == "http_403")
    }

    @Test func `a test without a path tells what it cannot tell`() throws {
        let agency = try server.quietAgency()
        let web = try ServiceStandIn { _ in StandInAnswer(404, "") }
        let made = try connect(agency, web)
        let trial = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        #expect(trial["ok"] == false && trial.text("detail").contains("test_path"))
        #expect(try agency.owner.get("/v1/integrations/\(made.id)").ok().text("status") == "active")
    }

    @Test func `the agency's limit and what the service says are kept to`() throws {
        let agency = try server.quietAgency()
        let web = try ServiceStandIn { request in
            request.target.hasSuffix("slow")
                ? StandInAnswer(429, "", headers: [("Retry-After", "600")])
                : StandInAnswer(200, "{}")
        }
        let made = try connect(agency, web, ["token": .string(Self.token)], ["limits": ["month": 2]])
        for _ in 0..<2 {
            #expect(try ask(agency, made, "\(web.url)/api/x").text("status") == "completed")
        }
        #expect(try code(ask(agency, made, "\(web.url)/api/x")) == "quota_exhausted")
        #expect(web.requests.count == 2)
        let quota = try agency.owner.get("/v1/integrations/\(made.id)").ok()["quota"]?.array?.first
        #expect(quota?["used"] == 2 && quota?["left"] == 0 && quota?["source"] == "agency")

        let paused = try connect(agency, web)
        #expect(try code(ask(agency, paused, "\(web.url)/api/slow")) == "http_429")
        #expect(try code(ask(agency, paused, "\(web.url)/api/x")) == "quota_exhausted")
        #expect(web.requests.count == 3)
    }

    @Test func `five failures open its circuit, with one alert on the integration, and no other's`() throws {
        let agency = try server.quietAgency()
        let web = try ServiceStandIn { request in
            request.header("Authorization") == "Bearer \(Self.token)"
                ? StandInAnswer(500, "") : StandInAnswer(200, "{}")
        }
        let made = try connect(agency, web, ["token": .string(Self.token)], ["price": dollars(20)])
        let other = try connect(agency, web, ["token": "another-token"])
        for _ in 0..<5 { #expect(try code(ask(agency, made, "\(web.url)/api/x")) == "http_500") }
        #expect(try code(ask(agency, made, "\(web.url)/api/x")) == "tool_unavailable")
        #expect(web.requests.count == 5)
        let circuit = try agency.owner.get("/v1/integrations/\(made.id)").ok()["circuit"]
        #expect(circuit?.text("state") == "open")
        #expect(try agency.openAlerts(of: made).map { $0.text("kind") } == ["integration_circuit_open"])
        #expect(try agency.use(of: made)["month"]?["cost"] == dollars(0))
        #expect(try ask(agency, other, "\(web.url)/api/x").text("status") == "completed")
    }
}
