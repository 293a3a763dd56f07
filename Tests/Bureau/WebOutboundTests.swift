import Agents
import Cryptography
import Database
import JSON
import Nouns
import Records
import StandIns
import Telemetry
import Tenancy
import Testing

@testable import Bureau

/// The tool `http_request`, from the gate to a server and back.
struct WebOutboundTests {
    private func call(_ url: String, allowsPrivate: Bool = true) async throws -> Result<JSON, any Error> {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        configuration.allowsPrivateOutbound = allowsPrivate
        defer { removeFolder(configuration.data) }
        let app = try App(configuration, log: .silent)
        defer { app.close() }
        var tenant = Tenant.new(id: UniqueID("01jd8000000000000000000001")!, now: .wallClock())
        tenant.name = "Example"
        let id = tenant.tenantID
        try await app.database.acrossTenantsWrite { [tenant] tx in
            var tenant = tenant
            _ = try tx.acrossTenantsCreate(&tenant, by: .system)
        }
        let request = ToolRequest(
            tool: "http_request", arguments: ["method": "POST", "url": .string(url), "body": ["n": 1]],
            caller: ToolCaller(actor: .system), key: "key-1")
        let start = try await app.database.write(id, .request) { try $0.tools.begin(request) }
        guard case .proceed(let execution) = start else { return .failure(CancellationError()) }
        let outcome = await app.runtime.performTool(execution)
        return try await app.database.write(id, .request) { tx in
            Result { try tx.tools.settle(execution, outcome) }
        }
    }

    @Test func `a request goes out with its key, and the answer comes back`() async throws {
        let web = try StandIn { _ in
            StandInAnswer(200, #"{"ok":true}"#, headers: [("Content-Type", "application/json")])
        }
        defer { web.stop() }
        let result = try await call(web.url + "/hook").get()
        #expect(result["status"] == 200 && result["body"] == ["ok": true])
        let received = try #require(web.requests.first)
        #expect(received.method == "POST" && received.target == "/hook" && received.text == #"{"n":1}"#)
        #expect(received.header("Idempotency-Key") == "key-1")
    }

    @Test func `a private address is refused for good, and nothing reaches it`() async throws {
        let web = try StandIn { _ in StandInAnswer() }
        defer { web.stop() }
        guard case .failure(let error as ToolFailure) = try await call(web.url, allowsPrivate: false) else {
            Issue.record("it was let out")
            return
        }
        #expect(error.code == "address_refused" && !error.isRetryable)
        #expect(web.connections == 0)
    }

    @Test func `a request that could be read on its way is refused for good`() async throws {
        let result = try await call("http://service.example/hook", allowsPrivate: false)
        guard case .failure(let error as ToolFailure) = result else {
            Issue.record("it was let out")
            return
        }
        #expect(error.code == "address_refused" && !error.isRetryable)
        #expect(error.detail.contains("must begin with https://"), "\(error.detail)")
    }
}
