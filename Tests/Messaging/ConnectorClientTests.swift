import Agents
import Database
import JSON
import Jobs
import Nouns
import Records
import RuntimeTesting
import StandIns
import Synchronization
import Telemetry
import Testing

@testable import Integrations
@testable import Tenancy

/// An agency with a service that a connector declares.
private struct Bench: Sendable {
    let test: AgentTest
    let services: IntegrationServices
    let service: ServiceStandIn
    let client: ConnectorClient
    let contacts: ConnectorObject

    /// `next`: how the service's list has its pages.
    init(
        next: JSON = ["kind": "token", "at": "/next", "parameter": "token"],
        auth: JSONObject = ["kind": "bearer", "credential": "token"],
        _ answer: @escaping @Sendable (ReceivedRequest) -> StandInAnswer
    ) async throws {
        let made = Mutex<IntegrationServices?>(nil)
        test = try AgentTest(
            [], migrations: tenancyMigrations + integrationsMigrations, at: "2027-01-05T10:00:00Z",
            services: { registration, database in
                let services = makeServices(database, [])
                integrationTools(&registration)
                registration.add(AskConnectorTool())
                registration.add(WriteConnectorTool())
                made.withLock { $0 = services }
            })
        services = try #require(made.withLock { $0 })
        service = try ServiceStandIn(answering: answer)
        let (url, plain) = (service.url, plainSealing)
        let integration = try await test.given { tx in
            let id = try #require(ID<Tenant>(tx.tenant.rawValue))
            var tenant = Tenant.new(id: id.value, now: tx.now)
            (tenant.name, tenant.slug) = ("Acme", "acme")
            try Tenant.resource.insert(&tenant, in: tx)
            var connector = DeclaredConnector.new(id: tx.nextID(), now: tx.now)
            (connector.name, connector.baseURL) = ("crm", url)
            connector.auth = auth
            connector.objects = .array([contactsObject(next)])
            try tx.create(&connector, by: .system)
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("custom.crm", .crm)
            integration.hookToken = "token"
            integration.limits.minute = 5
            integration.pacing = .burst
            try integration.setCredentials(
                ["token": "secret-1", "user": "ann"], plain, tx.tenant, at: tx.now)
            try tx.create(&integration, by: .system)
            return integration
        }
        client = try #require(
            try services.client(of: integration, AgentTest.tenant, for: ToolCaller(actor: .system)))
        contacts = try #require(client.connector[object: "contacts"])
    }

    /// The code of the failure that the work ends with; `nil` where it ends well.
    func code(_ work: () async throws -> Void) async -> String? {
        do {
            try await work()
            return nil
        } catch {
            return (error as? ToolFailure)?.code ?? "\(error)"
        }
    }

    /// The identifiers that the pages of the list have.
    func listed(since: String? = nil) async throws -> [String] {
        let found = Mutex<[String]>([])
        try await client.eachPage(of: contacts, since: since) { page in
            found.withLock { $0 += page.records.map(\.id) }
        }
        return found.withLock { $0 }
    }
}

private func contactsObject(_ next: JSON) -> JSON {
    [
        "name": "contacts", "id": "/id", "updated_at": "/at", "deleted": "/gone",
        "list": [
            "path": "/contacts", "query": ["since": "{{ since }}"], "items": "/data", "total": "/total",
            "next": next,
        ],
        "find": ["path": "/contacts", "query": ["email": "{{ key }}"], "items": "/data"],
        "create": ["path": "/contacts", "body": "/contact", "id": "/contact/id"],
        "update": ["path": "/contacts/{{ id }}"],
        "fields": [
            ["name": "email", "type": "email"], ["name": "street", "at": "/address/street"],
            ["name": "rank", "read_only": true],
        ],
    ]
}

private func page(_ ids: [String], _ more: JSONObject = [:]) -> StandInAnswer {
    var answer: JSONObject = ["data": .array(ids.map { ["id": .string($0)] })]
    for (name, value) in more.members { answer[name] = value }
    return StandInAnswer(200, JSON.object(answer).serialized)
}

struct ConnectorClients {
    @Test func `records are read page by page, with tokens, numbers, offsets and links`() async throws {
        let tokens = try await Bench { request in
            request.target.contains("token=2") ? page(["c"]) : page(["a", "b"], ["next": "2", "total": 3])
        }
        #expect(try await tokens.listed() == ["a", "b", "c"])
        #expect(tokens.service.requests.map(\.target) == ["/contacts", "/contacts?token=2"])
        #expect(tokens.service.requests.allSatisfy { $0.header("Authorization") == "Bearer secret-1" })
        let numbers = try await Bench(next: ["kind": "page", "parameter": "p"]) { request in
            request.target.contains("p=1")
                ? page(["a"]) : request.target.contains("p=2") ? page(["b"]) : page([])
        }
        #expect(try await numbers.listed() == ["a", "b"])
        let offsets = try await Bench(next: ["kind": "offset", "parameter": "o"]) { request in
            request.target.contains("o=0") ? page(["a", "b"]) : page([])
        }
        #expect(try await offsets.listed() == ["a", "b"])
        let links = try await Bench(next: ["kind": "link"]) { request in
            let host = request.header("Host") ?? ""
            var answer = page([request.target.contains("more") ? "b" : "a"])
            if !request.target.contains("more") {
                answer.headers.append(("Link", "<http://\(host)/contacts?more=1>; rel=\"next\""))
            }
            return answer
        }
        #expect(try await links.listed() == ["a", "b"])
    }

    @Test(
        arguments: [
            (["kind": "bearer", "credential": "token"], "Authorization", "Bearer secret-1", ""),
            (["kind": "header", "header": "X-Key", "credential": "token"], "X-Key", "secret-1", ""),
            (
                ["kind": "header", "header": "Authorization", "value": "Key {{ user }}={{ token }}"],
                "Authorization", "Key ann=secret-1", ""
            ),
            (
                ["kind": "basic", "username": "user", "password": "token"], "Authorization",
                "Basic YW5uOnNlY3JldC0x", ""
            ),
            (["kind": "basic", "username": "token"], "Authorization", "Basic c2VjcmV0LTE6", ""),
            (
                ["kind": "query", "parameter": "key", "credential": "token"], "Authorization", nil,
                "key=secret-1"
            ),
            (
                ["kind": "query", "parameters": ["k": "token", "u": "user"]], "Authorization", nil,
                "k=secret-1&u=ann"
            ),
            (["kind": "none"], "Authorization", nil, ""),
        ] as [(JSONObject, String, String?, String)])
    func `each page is asked for with the credentials where the connector says`(
        auth: JSONObject, header: String, value: String?, query: String
    ) async throws {
        let bench = try await Bench(auth: auth) { request in
            request.target.contains("token=2") ? page(["b"]) : page(["a"], ["next": "2"])
        }
        #expect(try await bench.listed() == ["a", "b"])
        for (request, place) in zip(bench.service.requests, ["", "token=2"]) {
            #expect(request.header(header) == value)
            let parts = request.target.split(separator: "?").dropFirst().joined().split(separator: "&")
            #expect(Set(parts) == Set("\(place)&\(query)".split(separator: "&")), "\(request.target)")
        }
    }

    @Test func `the time since when is left out at first, and asked as it was written`() async throws {
        let bench = try await Bench { _ in
            StandInAnswer(
                200,
                #"{"data": [{"id": 7, "at": "2027-01-05 10:00", "gone": true, "address": {"street": "Elm"}}]}"#
            )
        }
        let first = try await bench.client.page(of: bench.contacts)
        _ = try await bench.client.page(of: bench.contacts, since: first.records[0].updatedAt)
        #expect(first.records[0].id == "7" && first.records[0].isDeleted)
        #expect(first.records[0].fields == ["email": nil, "street": "Elm", "rank": nil])
        #expect(
            bench.service.requests.map(\.target) == ["/contacts", "/contacts?since=2027-01-05%2010%3A00"])
    }

    @Test func `pages that lead back to one that was there end as cursor_loop`() async throws {
        let tokens = try await Bench { request in
            request.target.contains("token=2") ? page(["b"], ["next": "1"]) : page(["a"], ["next": "2"])
        }
        #expect(await tokens.code { _ = try await tokens.listed() } == "cursor_loop")
        #expect(tokens.service.requests.count <= 4)
        let numbers = try await Bench(next: ["kind": "page", "parameter": "p"]) { _ in page(["a"]) }
        #expect(await numbers.code { _ = try await numbers.listed() } == "cursor_loop")
    }

    @Test func `an answer of another shape, or one that leads elsewhere, is invalid_answer`() async throws {
        for text in [#"{"items": []}"#, #"{"data": {}}"#, #"{"data": [{"name": "x"}]}"#, "<html>"] {
            let bench = try await Bench { _ in StandInAnswer(200, text) }
            #expect(await bench.code { _ = try await bench.listed() } == "invalid_answer", "\(text)")
        }
        let elsewhere = try await Bench(next: ["kind": "link", "at": "/next"]) { _ in
            page(["a"], ["next": "https://elsewhere.example/contacts"])
        }
        #expect(await elsewhere.code { _ = try await elsewhere.listed() } == "invalid_answer")
        #expect(elsewhere.service.requests.count == 1)
    }

    @Test func `fields are written at their places, and an answer without an identifier is in doubt`()
        async throws
    {
        let bench = try await Bench { request in
            StandInAnswer(201, request.target == "/contacts" ? #"{"contact": {"id": "c1"}}"# : "{}")
        }
        let (client, contacts) = (bench.client, bench.contacts)
        let id = try await client.create(contacts, ["email": "a@x.example", "street": "Elm"], key: "k1")
        try await client.update(contacts, "c/1", ["street": "Oak"], key: "k2")
        let asked = bench.service.requests
        #expect(id == "c1" && asked[0].header("Idempotency-Key") == "k1")
        #expect(asked[0].text == #"{"contact":{"email":"a@x.example","address":{"street":"Elm"}}}"#)
        #expect(asked[1].method == "PATCH" && asked[1].target == "/contacts/c%2F1")
        #expect(
            await bench.code { try await client.update(contacts, "c1", ["rank": 1], key: "k3") }
                == "read_only")
        bench.service.next(.answer(201, "{}"))
        do {
            _ = try await client.create(contacts, ["email": "b@x.example"], key: "k4")
            Issue.record("it has no identifier")
        } catch let failure as ToolFailure {
            #expect(failure.code == "invalid_answer" && failure.isAmbiguous)
        }
    }

    @Test func `each request is a call of the integration's, within its limits`() async throws {
        let bench = try await Bench { _ in page([]) }
        for _ in 1...5 { _ = try await bench.client.find(bench.contacts, by: "a@x.example") }
        let code = await bench.code { _ = try await bench.client.find(bench.contacts, by: "a@x.example") }
        #expect(code == "quota_exhausted" && bench.service.requests.count == 5)
        let calls = try bench.test.read { reader in
            try reader.int(
                "SELECT count(*) FROM tool_calls WHERE tenant_id = \(reader.tenant) AND tool = 'ask_connector'"
            )
        }
        #expect(calls == 5)
    }

    @Test func `credentials that are refused put the integration out of use, and stand in no word of it`()
        async throws
    {
        let bench = try await Bench { _ in StandInAnswer(401, "secret-1 is wrong") }
        #expect(await bench.code { _ = try await bench.listed() } == "unauthenticated")
        #expect(await bench.code { _ = try await bench.listed() } == "disabled")
        let kept = try bench.test.read { reader in
            try reader.all(
                "SELECT coalesce(error, '') FROM tool_calls WHERE tenant_id = \(reader.tenant)"
            ) { $0.text(0) }
                + reader.all(
                    "SELECT coalesce(error, '') FROM integrations WHERE tenant_id = \(reader.tenant)"
                ) {
                    $0.text(0)
                }
        }
        #expect(!kept.joined().contains("secret-1") && kept.joined().contains("unauthenticated"))
        #expect(bench.service.requests.count == 1)
    }
}
