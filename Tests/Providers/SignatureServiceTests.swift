import Agents
import Cryptography
import HTTPClient
import HTTPServer
import Integrations
import JSON
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

/// A signature service, and what a test has happen there.
private struct SigningRig: Sendable, CustomTestStringConvertible {
    enum Kind: String, CaseIterable { case docusign, dropbox }

    let testDescription: String
    let provider: any Signatures
    let service: ServiceStandIn
    let access: IntegrationAccess, strangers: IntegrationAccess
    let finish: @Sendable (String) -> Void, decline: @Sendable (String) -> Void,
        expire: @Sendable (String) -> Void
    let taken: @Sendable () -> Int
    let paper: [UInt8]

    init(_ kind: Kind) throws {
        testDescription = kind.rawValue
        let now = { @Sendable in MailRig.now }
        switch kind {
        case .docusign:
            let standIn = try DocusignStandIn()
            provider = Docusign(makeClient(), now: now, deadline: .seconds(5))
            service = standIn.service
            var keys = [
                "integration_key": standIn.integrationKey, "user_id": standIn.userID,
                "private_key": standIn.key.pem, "hmac_key": standIn.hmacKey,
            ]
            access = makeAccess(standIn.service.url, [:], keys)
            keys["user_id"] = "usr-9"
            strangers = makeAccess(standIn.service.url, [:], keys)
            finish = {
                standIn.change($0, "completed", ["completedDateTime": "2026-01-01T00:00:00.0000000Z"])
            }
            decline = {
                standIn.change($0, "declined", ["recipients": ["signers": [["declinedReason": "Too dear"]]]])
            }
            expire = { standIn.change($0, "voided", ["voidedReason": "Envelope has expired."]) }
            taken = { standIn.envelopes.count }
            paper = DocusignStandIn.paper
        case .dropbox:
            let standIn = try DropboxSignStandIn()
            provider = DropboxSign(makeClient(), now: now, deadline: .seconds(5))
            service = standIn.service
            access = makeAccess(standIn.service.url, [:], ["api_key": standIn.apiKey])
            strangers = makeAccess(standIn.service.url, [:], ["api_key": "wrong"])
            finish = { standIn.sign($0, at: 1_767_225_600) }
            decline = { standIn.decline($0, "Too dear") }
            expire = { standIn.expire($0) }
            taken = { standIn.requests.count }
            paper = DropboxSignStandIn.paper
        }
    }

    func request(
        _ id: String = "sgr_1", as access: IntegrationAccess? = nil
    ) async throws(ToolFailure) -> SignatureStanding {
        let order = SignatureOrder(
            id: id, title: "Agreement", message: "Between Acme and Ann.", document: Array("%PDF-1.4 x".utf8),
            anchor: "contract_1", name: "Ann Lee", email: "ann@example.com",
            hookURL: "http://127.0.0.1/v1/hooks/x/y")
        return try await provider.request(order, access ?? self.access, ConnectorCall())
    }

    func course(of id: String) async throws -> SignatureStanding.Course {
        try await provider.standing(of: id, access, ConnectorCall()).course
    }
}

@Suite struct SignatureServiceTests {
    @Test(arguments: SigningRig.Kind.allCases)
    fileprivate func `a paper is sent, looked up by our identifier, signed and fetched`(
        _ kind: SigningRig.Kind
    ) async throws {
        let rig = try SigningRig(kind)
        #expect(try await rig.provider.find("sgr_1", since: MailRig.now, rig.access, ConnectorCall()) == nil)
        let sent = try await rig.request()
        #expect(sent.course == .open && rig.taken() == 1)
        let found = try await rig.provider.find("sgr_1", since: MailRig.now, rig.access, ConnectorCall())
        #expect(found?.id == sent.id)
        #expect(try await rig.course(of: sent.id) == .open)
        rig.finish(sent.id)
        #expect(
            try await rig.course(of: sent.id) == .signed(at: Instant(seconds: 1_767_225_600), by: "Ann Lee"))
        #expect(try await rig.provider.paper(of: sent.id, rig.access, ConnectorCall()) == rig.paper)
    }

    @Test(arguments: SigningRig.Kind.allCases)
    fileprivate func `what is declined, over or taken back says so`(_ kind: SigningRig.Kind) async throws {
        let rig = try SigningRig(kind)
        let declined = try await rig.request("sgr_1").id
        rig.decline(declined)
        #expect(try await rig.course(of: declined) == .declined(reason: "Too dear"))
        let late = try await rig.request("sgr_2").id
        rig.expire(late)
        #expect(try await rig.course(of: late) == .expired)
        let unwanted = try await rig.request("sgr_3").id
        try await rig.provider.void(unwanted, because: "Changed", rig.access, ConnectorCall())
        if case .voided = try await rig.course(of: unwanted) {} else { Issue.record("it is not voided") }
        let signed = try await rig.request("sgr_4").id
        rig.finish(signed)
        await #expect(throws: ToolFailure.self) {
            try await rig.provider.void(signed, because: "Too late", rig.access, ConnectorCall())
        }
    }

    @Test(arguments: SigningRig.Kind.allCases)
    fileprivate func `only what may have arrived is in doubt`(_ kind: SigningRig.Kind) async throws {
        let rig = try SigningRig(kind)
        _ = try await rig.request("sgr_0")
        let doubtful: [ServiceStandIn.Turn] = [
            .cutAfter, .answer(500, "{}"), .answer(504, ""), .answer(200, "<html>"), .answer(200, "{}"),
        ]
        for turn in doubtful {
            rig.service.next(turn)
            let failure = await #expect(throws: ToolFailure.self) { try await rig.request("sgr_1") }
            #expect(
                failure?.isAmbiguous == true && failure?.isRetryable == true,
                "\(turn): \(String(describing: failure))")
        }
        let certain: [(ServiceStandIn.Turn, Bool)] = [
            (.answer(429, "", headers: [("Retry-After", "7")]), true), (.answer(503, ""), true),
            (.answer(400, "{}"), false), (.answer(404, "{}"), false), (.answer(302, ""), false),
        ]
        for (turn, isRetryable) in certain {
            rig.service.next(turn)
            let failure = await #expect(throws: ToolFailure.self) { try await rig.request("sgr_1") }
            #expect(failure?.isAmbiguous == false && failure?.isRetryable == isRetryable, "\(turn)")
            if failure?.code == "rate_limited" { #expect(failure?.retryAfter == .seconds(7)) }
        }
        #expect(rig.taken() == 1)
        rig.service.next(.cutWithin(StandInAnswer(200, "{")))
        await #expect(throws: ToolFailure.self) { try await rig.course(of: "x") }
    }

    @Test(arguments: SigningRig.Kind.allCases)
    fileprivate func `credentials that are not known are, and a check says so`(
        _ kind: SigningRig.Kind
    ) async throws {
        let rig = try SigningRig(kind)
        let failure = await #expect(throws: ToolFailure.self) {
            try await rig.request("sgr_1", as: rig.strangers)
        }
        #expect(failure?.isOfAccount == true)
        guard case .good(let words) = await rig.provider.check(rig.access) else {
            Issue.record("it was refused")
            return
        }
        #expect(words.contains("@"))
        guard case .bad = await rig.provider.check(rig.strangers) else {
            Issue.record("it was taken")
            return
        }
    }

    @Test func `a token of Docusign's is kept, and another one is fetched when it has ended`() async throws {
        let standIn = try DocusignStandIn()
        let docusign = Docusign(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, [:],
            [
                "integration_key": standIn.integrationKey, "user_id": standIn.userID,
                "private_key": standIn.key.pem, "hmac_key": "k",
            ])
        _ = await docusign.check(access)
        _ = await docusign.check(access)
        #expect(standIn.tokens == 1)
        standIn.expireTokens()
        _ = try await docusign.find("sgr_1", since: MailRig.now, access, ConnectorCall())
        #expect(standIn.tokens == 2)
        standIn.expireTokens()
        standIn.withdrawConsent()
        let failure = await #expect(throws: ToolFailure.self) {
            try await docusign.find("sgr_1", since: MailRig.now, access, ConnectorCall())
        }
        #expect(failure?.isOfAccount == true && failure?.detail.contains("/oauth/auth?") == true)
        #expect(failure?.detail.contains("PRIVATE KEY") == false)
    }
}

@Suite struct SignatureHookTests {
    private let dropbox = DropboxSign(makeClient(), now: { MailRig.now })
    private let docusign = Docusign(makeClient(), now: { MailRig.now })

    private func event(_ time: String, _ type: String, _ hash: String) -> StandInHook {
        let body =
            #"{"event":{"event_time":"\#(time)","event_type":"\#(type)","event_hash":"\#(hash)"},"signature_request":{"signature_request_id":"sr_1"}}"#
        let form = "--b\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n\(body)\r\n--b--\r\n"
        return StandInHook([("Content-Type", "multipart/form-data; boundary=b")], Array(form.utf8))
    }

    private func open(_ hook: StandInHook, _ key: String, at second: Int64) throws -> [HookItem] {
        try dropbox.open(
            HookRequest(
                headers: hook.headers, body: hook.body, now: Instant(seconds: second),
                access: makeAccess("", [:], ["api_key": key])))
    }

    @Test func `the known hashes of Dropbox Sign open`() throws {
        let hook = event(
            "1767225600", "signature_request_all_signed",
            "e9433664f6db3d173b3061f8e105c37e5b1fa27f932be91a7874df0267961403")
        let items = try open(hook, "bureau-test-dropbox-sign-key", at: 1_767_225_600)
        #expect(items.count == 1 && items[0].type == "signature_request_all_signed")
        let published = event(
            "1669926463", "account_confirmed",
            "ff8b03439122f9160500c3fb855bdee5a9ccba5fff27d3b258745d8f3074832f")
        let key = "324e3b0840f065eb51f3fd63231d0d33daa35d4ed10d27718839e81737065782"
        #expect(try open(published, key, at: 1_669_926_463).count == 1)
        #expect(dropbox.acknowledgement == "Hello API Event Received")
    }

    @Test func `what is forged, stale or of the future is refused`() throws {
        let standIn = try DropboxSignStandIn(), now: Int64 = 1_767_225_600
        let hook = standIn.event("signature_request_signed", "sr_1", at: now)
        #expect(try open(hook, standIn.apiKey, at: now + 3 * 86_400).count == 1, "it repeats for three days")
        for late: Int64 in [5 * 86_400, -301] {
            #expect(throws: HookRefusal.self) { try open(hook, standIn.apiKey, at: now + late) }
        }
        #expect(throws: HookRefusal.self) { try open(hook, "other", at: now) }
        #expect(throws: HookRefusal.self) { try open(hook, "", at: now) }
        #expect(throws: HookRefusal.self) { try open(StandInHook([], hook.body), standIn.apiKey, at: now) }
    }

    @Test func `the same event of account and app has one key`() throws {
        let standIn = try DropboxSignStandIn(), now: Int64 = 1_767_225_600
        let first = try open(
            standIn.event("signature_request_signed", "sr_1", at: now), standIn.apiKey, at: now)
        let again = try open(
            standIn.event("signature_request_signed", "sr_1", at: now), standIn.apiKey, at: now)
        let other = try open(
            standIn.event("signature_request_signed", "sr_2", at: now), standIn.apiKey, at: now)
        #expect(first[0].key == again[0].key && first[0].key != other[0].key)
    }

    private static let connect =
        #"{"event":"envelope-completed","apiVersion":"v2.1","uri":"/restapi/v2.1/accounts/acc-1/envelopes/env-1","retryCount":0,"configurationId":1,"generatedDateTime":"2026-01-01T00:00:00.0000000Z","data":{"accountId":"acc-1","userId":"usr-1","envelopeId":"env-1"}}"#

    private func open(_ body: String, _ codes: [String], key: String) throws -> [HookItem] {
        let headers = codes.enumerated().map {
            (name: "X-DocuSign-Signature-\($0.offset + 1)", value: $0.element)
        }
        return try docusign.open(
            HookRequest(
                headers: headers, body: Array(body.utf8), now: MailRig.now,
                access: makeAccess("", [:], ["hmac_key": key])))
    }

    @Test func `the known signature of Connect opens, beside those of other keys`() throws {
        let key = "bureau-test-connect-hmac-key", code = "nQpepjaykuGTsAzYNNhjKjMM2g+wx6pEbWPUXCoHyfk="
        let items = try open(Self.connect, [code], key: key)
        #expect(items.count == 1 && items[0].type == "envelope-completed")
        #expect(try open(Self.connect, ["AAAA", code], key: key)[0].key == items[0].key)
        #expect(throws: HookRefusal.self) { try open(Self.connect, [], key: key) }
        #expect(throws: HookRefusal.self) { try open(Self.connect, ["AAAA"], key: key) }
        #expect(throws: HookRefusal.self) { try open(Self.connect + "\n", [code], key: key) }
        #expect(throws: HookRefusal.self) { try open(Self.connect, [code], key: "other") }
        #expect(throws: HookRefusal.self) { try open(Self.connect, [code], key: "") }
    }
}
