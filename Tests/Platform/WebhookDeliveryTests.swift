import Agents
import Database
import Foundation
import Glibc
import HTTPClient
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
@testable import Transfer

/// Deliveries from the transaction of their event to an endpoint on a real socket. Time passes by itself while
/// nothing can be done.
@Suite struct WebhookDeliveryTests {
    private static let sealing = SecretSealing(sealing: { bytes, _ in bytes }, opening: { bytes, _ in bytes })
    private static let lead = Subject(type: "lead", id: "lead_1")

    private func start(allowsPrivate: Bool = true) throws -> AgentTest {
        let client = HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: allowsPrivate)))
        return try AgentTest(
            [], migrations: tenancyMigrations + integrationsMigrations + transferMigrations,
            at: "2027-01-05T10:00:00Z", slots: ["webhooks": 8],
            register: { registration in
                registration.add(WebhookDeliveryJob(client, Self.sealing))
                registration.add(WebhookDispatch())
                registration.add(DeliverWebhookTool())
            })
    }

    @discardableResult
    private func endpoint(
        _ test: AgentTest, _ url: String, _ events: [String] = ["lead.*"]
    ) async throws -> (id: ID<Webhook>, secret: WebhookSecret) {
        try await test.given { tx in
            var webhook = Webhook.new(id: tx.nextID(), now: tx.now)
            (webhook.url, webhook.events) = (url, events)
            let secret = try webhook.renewSecret(Self.sealing, tx.tenant)
            try tx.create(&webhook, by: .system)
            return (webhook.id, secret)
        }
    }

    private func publish(_ test: AgentTest, _ type: String = "lead.created") async throws -> String {
        try await test.given { try $0.publish(type, Self.lead, ["score": 7]) }
    }

    private func deliveries(_ test: AgentTest) throws -> [WebhookDelivery] {
        try test.read { reader in
            try reader.all(
                """
                SELECT \(WebhookDelivery.columns) FROM webhook_deliveries WHERE tenant_id = \(reader.tenant)
                ORDER BY id
                """, WebhookDelivery.init)
        }
    }

    /// All deliveries, once none is on its way.
    private func settled(_ test: AgentTest, count: Int = 1) async throws -> [WebhookDelivery] {
        let end = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < end {
            let all = try deliveries(test)
            if all.count >= count, all.allSatisfy({ $0.status != .pending }) { return all }
            await onThread { usleep(2000) }
        }
        Issue.record("deliveries are still on their way")
        return try deliveries(test)
    }

    private func webhook(_ test: AgentTest, _ id: ID<Webhook>) throws -> Webhook {
        try test.read { try Webhook.resource.get(id, in: $0) }
    }

    private func check(_ request: ReceivedRequest, _ secret: WebhookSecret) throws {
        let id = try #require(request.header("webhook-id"))
        let timestamp = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
        let signatures = try #require(request.header("webhook-signature")).split(separator: " ").map(
            String.init)
        #expect(signatures.contains(secret.signature(id: id, timestamp: timestamp, body: request.body)))
    }

    // MARK: What is sent

    @Test func `an event reaches its endpoint, signed, with what it is about`() async throws {
        let server = try StandIn { _ in StandInAnswer(204) }
        let test = try start()
        let (_, secret) = try await endpoint(test, "\(server.url)/hook")
        let event = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        #expect((delivery.status, delivery.statusCode, delivery.attempts) == (.delivered, 204, 1))
        let request = try #require(server.requests.first)
        #expect((request.method, request.target) == ("POST", "/hook"))
        #expect(request.header("webhook-id") == event)
        #expect(request.header("Content-Type") == "application/json")
        try check(request, secret)
        let body = try JSONParser.parse(request.body)
        #expect(body["type"] == "lead.created" && body["timestamp"] == "2027-01-05T10:00:00.000Z")
        #expect(body["data"] == ["id": "lead_1", "object": "lead", "score": 7])
        #expect(server.requests.count == 1)
    }

    @Test func `an endpoint is told of what it asked for, and nobody else of anything`() async throws {
        let server = try StandIn { _ in StandInAnswer() }
        let test = try start()
        _ = try await publish(test)
        #expect(try deliveries(test).isEmpty)
        try await endpoint(test, "\(server.url)/leads", ["lead.*"])
        try await endpoint(test, "\(server.url)/created", ["lead.created", "deal.won"])
        try await endpoint(test, "\(server.url)/deals", ["deal.*"])
        for type in ["lead.created", "lead.scored", "ticket.opened"] { _ = try await publish(test, type) }
        let all = try await settled(test, count: 3)
        #expect(all.map(\.eventType) == ["lead.created", "lead.created", "lead.scored"])
        #expect(Set(server.requests.map(\.target)) == ["/leads", "/created"])
        // One that is rolled back tells nobody.
        struct Undone: Error {}
        await #expect(throws: Undone.self) {
            try await test.given { tx in
                try tx.publish("lead.created", Self.lead)
                throw Undone()
            }
        }
        #expect(try deliveries(test).count == 3)
    }

    // MARK: Endpoints that fail

    @Test
    func `a delivery that fails is tried ten times over three days, with one id and ever new signatures`()
        async throws
    {
        let server = try StandIn { _ in StandInAnswer(500, "no\u{7} luck") }
        let test = try start()
        let (id, secret) = try await endpoint(test, server.url)
        let event = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        #expect((delivery.status, delivery.attempts, delivery.error) == (.failed, 10, "http_500"))
        let requests = server.requests
        #expect(requests.count == 10 && Set(requests.map { $0.header("webhook-id") }) == [event])
        #expect(Set(requests.map(\.body)).count == 1)
        for request in requests { try check(request, secret) }
        let times = requests.compactMap { $0.header("webhook-timestamp").flatMap { Double($0) } }
        let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
        for (pause, wanted) in zip(pauses, [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400.0]) {
            #expect(abs(pause - wanted) <= wanted / 10 + 1, "\(pause) s instead of \(wanted) s")
        }
        let attempts = try test.read { try $0.webhooks.attempts(of: delivery.id) }
        #expect(attempts.count == 10 && attempts[0]["response_excerpt"] == "no luck")
        let webhook = try webhook(test, id)
        #expect(webhook.status == .enabled && webhook.failingSince != nil)
    }

    @Test func `one that arrives at last is forgiven`() async throws {
        let count = Mutex(0)
        let server = try StandIn { _ in
            let number = count.withLock {
                $0 += 1; return $0
            }
            return StandInAnswer(number < 3 ? 503 : 200)
        }
        let test = try start()
        let (id, _) = try await endpoint(test, server.url)
        _ = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        #expect((delivery.status, delivery.attempts) == (.delivered, 3))
        #expect(try webhook(test, id).failingSince == nil)
    }

    @Test func `an endpoint that is gone is switched off at once, and says so`() async throws {
        let server = try StandIn { _ in StandInAnswer(410) }
        let test = try start()
        let (id, _) = try await endpoint(test, server.url)
        _ = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        #expect((delivery.status, delivery.attempts) == (.failed, 1))
        #expect(try webhook(test, id).status == .disabled)
        let told = try test.read { reader in try reader.events.after(0, limit: 100).map(\.type) }
        #expect(told.contains("webhook.disabled") && told.contains("alert.raised"))
        let audited = try test.read { reader in
            try reader.exists(
                "SELECT 1 FROM audit WHERE tenant_id = \(reader.tenant) AND action = 'webhook.disabled'")
        }
        #expect(audited)
        _ = try await publish(test)
        #expect(try deliveries(test).count == 1)
    }

    @Test func `one that has only failed for five days is switched off; enabled again, it is told again`()
        async throws
    {
        let status = Mutex(500)
        let server = try StandIn { _ in StandInAnswer(status.withLock { $0 }) }
        let test = try start()
        let (id, _) = try await endpoint(test, server.url)
        _ = try await publish(test)
        _ = try await settled(test)
        // The second one's schedule passes the fifth day, however short its pauses come out and those of the first:
        // what it then still had to try is not tried.
        try await test.advance(by: .seconds(86_400))
        _ = try await publish(test)
        let all = try await settled(test, count: 2)
        #expect(all.map(\.status) == [.failed, .cancelled] && all[1].attempts < 10)
        #expect(try webhook(test, id).status == .disabled)
        status.withLock { $0 = 200 }
        try await test.given { tx in
            let old = try Webhook.resource.get(id, in: tx)
            var new = old
            new.status = .enabled
            new.noteStatus(since: old, now: tx.now)
            try tx.update(old, to: &new, by: .system)
        }
        _ = try await publish(test)
        #expect(try await settled(test, count: 3)[2].status == .delivered)
        let again = try webhook(test, id)
        #expect(again.failingSince == nil && again.disabledReason == nil)
    }

    @Test func `the endpoint may ask for more time`() async throws {
        let count = Mutex(0)
        let server = try StandIn { _ in
            let number = count.withLock {
                $0 += 1; return $0
            }
            return number == 1 ? StandInAnswer(429, headers: [("Retry-After", "900")]) : StandInAnswer()
        }
        let test = try start()
        try await endpoint(test, server.url)
        _ = try await publish(test)
        _ = try await settled(test)
        let times = server.requests.compactMap { $0.header("webhook-timestamp").flatMap { Int($0) } }
        #expect(times.count == 2 && times[1] - times[0] >= 900 && times[1] - times[0] < 1000)
    }

    @Test(arguments: ["http://127.0.0.2:PORT/", "http://localhost:PORT/", "http://[::ffff:127.0.0.2]:PORT/"])
    func `an address inside is not called, and nothing of it is told`(_ address: String) async throws {
        let canary = try StandIn(host: "127.0.0.2") { _ in StandInAnswer(200, "inner secret") }
        let test = try start(allowsPrivate: false)
        try await endpoint(test, address.replacing("PORT", with: "\(canary.port)"))
        _ = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        #expect((delivery.status, delivery.error) == (.failed, "refused_address"))
        let attempt = try #require(try test.read { try $0.webhooks.attempts(of: delivery.id) }.first)
        #expect(attempt["response_excerpt"] == .null && attempt["status_code"] == .null)
        #expect(canary.connections == 0)
    }

    @Test func `a redirect is a failure and is not followed`() async throws {
        let canary = try StandIn { _ in StandInAnswer() }
        let server = try StandIn { _ in StandInAnswer(302, headers: [("Location", canary.url)]) }
        let test = try start()
        try await endpoint(test, server.url)
        _ = try await publish(test)
        #expect(try await settled(test).first?.error == "http_302")
        #expect(canary.connections == 0)
    }

    // MARK: By hand

    @Test func `what has ended can be sent again, under the same id`() async throws {
        let status = Mutex(410)
        let server = try StandIn { _ in StandInAnswer(status.withLock { $0 }) }
        let test = try start()
        let (id, _) = try await endpoint(test, server.url)
        _ = try await publish(test)
        let delivery = try #require(try await settled(test).first)
        status.withLock { $0 = 200 }
        try await test.given { tx in
            try tx.run("UPDATE webhooks SET status = 'enabled' WHERE tenant_id = \(tx.tenant) AND id = \(id)")
            _ = try tx.webhooks.redeliver(delivery.id)
            #expect(throws: RuntimeError.self) { try tx.webhooks.redeliver(delivery.id) }
        }
        let again = try #require(try await settled(test).first)
        #expect((again.id, again.status, again.attempts) == (delivery.id, .delivered, 2))
        #expect(Set(server.requests.map { $0.header("webhook-id") }).count == 1)
    }

    @Test func `after a rotation both secrets sign, until the old one's time is over`() async throws {
        let server = try StandIn { _ in StandInAnswer() }
        let test = try start()
        let (id, old) = try await endpoint(test, server.url)
        let new = try await test.given { tx in
            let before = try Webhook.resource.get(id, in: tx)
            var after = before
            let secret = try after.renewSecret(
                Self.sealing, tx.tenant, keepingOldUntil: tx.now + Webhook.overlap)
            try tx.update(before, to: &after, by: .system)
            return secret
        }
        _ = try await publish(test)
        _ = try await settled(test)
        // A day later, in effect.
        try await test.given { tx in
            try tx.run(
                """
                UPDATE webhooks SET previous_secret_expires_at = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(id)
                """)
        }
        _ = try await publish(test)
        _ = try await settled(test, count: 2)
        let requests = server.requests
        #expect(requests.map { $0.header("webhook-signature")?.split(separator: " ").count } == [2, 1])
        try check(requests[0], old)
        for request in requests { try check(request, new) }
    }

    @Test func `a test goes to its endpoint alone, and is told apart`() async throws {
        let server = try StandIn { _ in StandInAnswer() }
        let test = try start()
        let (id, secret) = try await endpoint(test, server.url, ["deal.won"])
        try await endpoint(test, "\(server.url)/other", ["lead.*"])
        let before = try test.read { try $0.events.lastRow() }
        _ = try await test.given { tx in try tx.webhooks.sendTest(to: try Webhook.resource.get(id, in: tx)) }
        _ = try await settled(test)
        let request = try #require(server.requests.first)
        try check(request, secret)
        #expect(try JSONParser.parse(request.body)["type"] == "webhook.test")
        #expect(server.requests.count == 1)
        #expect(try test.read { try $0.events.lastRow() } == before)
    }

    // MARK: One does not hold up the others

    @Test func `an endpoint has four lanes; who finds them taken comes back in turn`() {
        let lanes = WebhookLanes()
        let now = Instant(seconds: 100)
        let (first, second) = (
            ID<Webhook>(UniqueID(high: 0, low: 1)), ID<Webhook>(UniqueID(high: 0, low: 2))
        )
        for _ in 0..<WebhookLanes.width { #expect(lanes.enter(first, now: now) == nil) }
        let pauses = (0..<1000).map { _ in lanes.enter(first, now: now) ?? .zero }
        #expect(pauses == pauses.sorted() && pauses[0] == .milliseconds(250) && pauses[999] == .seconds(250))
        #expect(lanes.enter(second, now: now) == nil)
        lanes.leave(first, took: .seconds(8))
        #expect(lanes.enter(first, now: now) == nil)
        #expect(lanes.enter(first, now: now) == .seconds(252))
    }
}

private func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread {
            body()
            continuation.resume()
        }.start()
    }
}
