import HTTPServer
import Integrations
import JSON
import Nouns
import Providers
import Telemetry
import Testing

@Suite struct `The generic hook` {
    private let secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
    private let body = #"{"type":"deal.won","timestamp":"2026-01-01T00:00:00Z","data":{"id":"deal_1"}}"#
    private let signature = "v1,EnGIw8258S5MIqTnH+d2Bnt11nzjdjmAih0Q6eePVgI="

    private func open(
        _ signature: String, body: String? = nil, id: String = "msg_test1", late: Int64 = 0,
        secret: String? = nil
    ) throws(HookRefusal) -> [HookItem] {
        let access = IntegrationAccess(
            integrationID: integrationID, baseURL: "", settings: [:],
            credentials: ["secret": secret ?? self.secret])
        return try GenericHooks().open(
            HookRequest(
                headers: [
                    ("Webhook-Id", id), ("Webhook-Timestamp", "1767225600"), ("Webhook-Signature", signature),
                ], body: Array((body ?? self.body).utf8), now: Instant(seconds: 1_767_225_600 + late),
                access: access))
    }

    @Test func `takes what is signed with its secret, in time`() throws {
        let items = try open(signature, late: 299)
        #expect(items.map(\.key) == ["msg_test1"] && items.map(\.type) == ["deal.won"])
        #expect(items[0].payload["data"]?["id"]?.text == "deal_1")
        #expect(try open("v1,AAAA v1a,BBBB \(signature)").count == 1, "one of several signatures is enough")
    }

    @Test func `refuses what is altered, old, of the future, or signed by another`() {
        for attempt in [
            { try open(signature, body: body + " ") }, { try open(signature, id: "msg_test2") },
            { try open(signature, late: 301) }, { try open(signature, late: -301) },
            { try open(signature, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") },
            { try open(signature, secret: "") }, { try open("") }, { try open("v1,") },
        ] as [() throws -> [HookItem]] {
            #expect(throws: HookRefusal.self) { try attempt() }
        }
    }
}
