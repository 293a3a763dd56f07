import HTTPClient
import Integrations
import JSON
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct CalendlyTests {
    private let standIn: CalendlyStandIn
    private let calendly: Calendly
    private let access: IntegrationAccess

    init() throws {
        let standIn = try CalendlyStandIn()
        self.standIn = standIn
        calendly = Calendly(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, [:],
            ["token": standIn.token, "webhook_signing_key": standIn.signingKey])
    }

    /// The example of the signature's description.
    private let example = Array(
        #"{"event":"invitee.created","created_at":"2026-01-01T00:00:00.000000Z","created_by":"https://api.calendly.com/users/U1","payload":{"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1","email":"ann@example.com","status":"active"}}"#
            .utf8)
    private let signature = "t=1767225600,v1=867bc59b9c2defc94522bd4da9220b44540ec80aae65140024d3de7b0d1c89be"

    private func open(
        _ body: [UInt8], _ header: String?, after seconds: Int64 = 0, _ access: IntegrationAccess? = nil
    ) throws -> [HookItem] {
        try calendly.open(
            HookRequest(
                headers: header.map { [("calendly-webhook-signature", $0)] } ?? [], body: body,
                now: Instant(seconds: 1_767_225_600 + seconds), access: access ?? self.access))
    }

    @Test func `the known signature opens, and the same event has the same key`() throws {
        let items = try open(example, signature)
        #expect(items.count == 1 && items[0].type == "invitee.created")
        #expect(items[0].payload["payload"]?["email"] == "ann@example.com")
        #expect(try open(example, signature, after: 100)[0].key == items[0].key)
    }

    @Test func `what is forged, altered, stale or of the future is refused`() {
        let wrong = [
            nil, "", "t=1767225600", "v1=00", "t=x,v1=00",
            signature.replacing("867b", with: "967b"),
            signature.replacing("t=1767225600", with: "t=1767225601"),
        ]
        for header in wrong {
            #expect(throws: HookRefusal.self, "\(header ?? "")") { try open(example, header) }
        }
        #expect(throws: HookRefusal.self) { try open(example + [32], signature) }
        #expect(throws: HookRefusal.self) { try open(example, signature, after: 181) }
        #expect(throws: HookRefusal.self) { try open(example, signature, after: -181) }
        #expect(throws: HookRefusal.self) { try open(example, signature, 0, makeAccess("", [:], [:])) }
    }

    private func open(
        _ body: [UInt8], _ header: String, _ seconds: Int64, _ access: IntegrationAccess
    ) throws -> [HookItem] { try open(body, header, after: seconds, access) }

    @Test func `one of several codes is enough, as when a key is changed`() throws {
        #expect(try open(example, signature.replacing(",v1=", with: ",v1=00ff,v1=")).count == 1)
    }

    @Test func `what is signed and says nothing is malformed, not forged`() throws {
        for body: JSON in [[:], ["event": "invitee.created"], ["event": "x", "payload": ["uri": 7]], []] {
            let hook = standIn.hook(body, at: 1_767_225_600)
            let header = hook.headers.last?.value
            do {
                _ = try open(hook.body, header)
                Issue.record("it was let in")
            } catch HookRefusal.malformed {}
        }
    }

    @Test func `a token is tried by asking who it is`() async {
        guard case .good(let words) = await calendly.check(access) else {
            Issue.record("it was refused")
            return
        }
        #expect(words.contains("Ann"))
        let other = makeAccess(standIn.service.url, [:], ["token": "wrong", "webhook_signing_key": "k"])
        #expect(await calendly.check(other).verdict == "bad calendly_401")
        standIn.service.next(.answer(403, #"{"title":"Permission Denied","message":"No scope users:read."}"#))
        #expect(await calendly.check(access).verdict == "bad permission_missing")
        standIn.service.next(.answer(503, "{}"))
        guard case .unclear = await calendly.check(access) else {
            Issue.record("it is not clear")
            return
        }
    }
}
