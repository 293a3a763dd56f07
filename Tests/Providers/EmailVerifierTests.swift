import Agents
import HTTPClient
import Integrations
import JSON
import Providers
import Records
import StandIns
import Testing

/// The services' verdicts on addresses, read out of each one's answers.
@Suite struct EmailVerifierTests {
    private func verdict(
        _ verifier: any EmailVerifier, _ url: String, _ key: String, _ address: String = "jane@shop.example"
    ) async throws -> EmailVerdict {
        let address = try #require(EmailAddress(address))
        return try await verifier.verify(address, makeAccess(url, [:], ["api_key": key]), ConnectorCall())
    }

    /// Returns the outcome of one answer.
    private func read(
        _ verifier: any EmailVerifier, _ answer: StandInAnswer, _ address: String = "jane@shop.example"
    ) async throws -> EmailVerdict {
        let service = try ServiceStandIn { _ in answer }
        return try await verdict(verifier, service.url, "key", address)
    }

    private func code(_ verifier: any EmailVerifier, _ answer: StandInAnswer) async -> String? {
        do {
            _ = try await read(verifier, answer)
            return nil
        } catch {
            return (error as? ToolFailure)?.code
        }
    }

    private let abstract = AbstractEmail(makeClient(), now: { MailRig.now })
    private let maileroo = MailerooVerify(makeClient(), now: { MailRig.now })
    private let hunter = Hunter(makeClient(), now: { MailRig.now })

    // MARK: Abstract

    @Test(
        arguments: [
            ("ann@deliverable.test", .deliverable, 0.9), ("ann@undeliverable.test", .undeliverable, 0.05),
            ("ann@unknown.test", .unknown, 0.5),
        ] as [(String, Deliverability, Double)])
    func `Abstract's words are ours, and its score is read as a text`(
        address: String, deliverability: Deliverability, score: Double
    ) async throws {
        let standIn = try AbstractStandIn()
        let told = try await verdict(abstract, standIn.service.url, standIn.apiKey, address)
        #expect(told.deliverability == deliverability && told.score == score)
        #expect(told.smtp == (deliverability == .unknown ? nil : deliverability == .deliverable))
        #expect(standIn.service.requests[0].target.contains("/v1/?api_key=ok-email&email=ann%40"))
    }

    @Test func `Abstract's score is read as a number, other words are unknown, and a tag stays`() async throws
    {
        let answer = AbstractStandIn.told(
            "jane+tag@shop.example",
            ["quality_score": 0.7, "deliverability": "RISKY", "autocorrect": "x@y.example"])
        let told = try await read(abstract, StandInAnswer(200, answer.serialized), "jane+tag@shop.example")
        #expect(told.deliverability == .unknown && told.score == 0.7 && told.suggestion == "x@y.example")
        let standIn = try AbstractStandIn()
        _ = try await verdict(abstract, standIn.service.url, standIn.apiKey, "jane+tag@shop.example")
        #expect(standIn.service.requests[0].target.hasSuffix("email=jane%2Btag%40shop.example"))
    }

    @Test func `where the form is wrong, Abstract's other checks are no evidence`() async throws {
        let answer = AbstractStandIn.told(
            "jane@shop.example", ["is_valid_format": ["value": false, "text": "FALSE"]])
        let told = try await read(abstract, StandInAnswer(200, answer.serialized))
        #expect(told.deliverability == .undeliverable && told.format == false && told.mx == nil)
    }

    @Test func `each of Abstract's checks is read from its own member`() async throws {
        let checks: [(String, KeyPath<EmailVerdict, Bool?>)] = [
            ("is_mx_found", \.mx), ("is_smtp_valid", \.smtp), ("is_disposable_email", \.disposable),
            ("is_role_email", \.role), ("is_free_email", \.free), ("is_catchall_email", \.catchAll),
        ]
        for (name, check) in checks {
            for value in [true, false] {
                let said: JSON = ["value": .bool(value)]
                let answer = AbstractStandIn.told("jane@shop.example", .object([name: said]))
                let told = try await read(abstract, StandInAnswer(200, answer.serialized))
                #expect(told[keyPath: check] == value, "\(name)")
            }
        }
    }

    @Test(
        arguments: [
            (400, "refused"), (401, "unauthenticated"), (422, "quota_exhausted"), (429, "rate_limited"),
            (500, "unavailable"), (503, "unavailable"), (200, "invalid_answer"),
        ])
    func `Abstract's refusals are told apart`(status: Int, code: String) async {
        #expect(await self.code(abstract, StandInAnswer(status, "{}")) == code)
    }

    // MARK: Maileroo

    @Test func `Maileroo's two shapes are read`() async throws {
        let standIn = try MailerooVerifyStandIn()
        let older = try await verdict(maileroo, standIn.service.url, standIn.apiKey, "ann@exmaple.com")
        #expect(older.deliverability == .risky && older.suggestion == "ann@example.com" && older.smtp == nil)
        let newer = try await read(
            maileroo,
            StandInAnswer(
                200,
                #"""
                {"success": true, "result": {"status": "deliverable", "score": 96, "validation_details":
                    {"format_valid": true, "mx_found": true, "smtp_check": true, "catch_all": false,
                     "role": false, "disposable": false, "free": false, "other": 1}}}
                """#))
        #expect(newer.deliverability == .deliverable && newer.smtp == true && newer.score == 0.96)
        let checks: [(String, KeyPath<EmailVerdict, Bool?>)] = [
            ("mx_found", \.mx), ("smtp_check", \.smtp), ("disposable", \.disposable), ("role", \.role),
            ("free", \.free), ("catch_all", \.catchAll),
        ]
        for (name, check) in checks {
            for value in [true, false] {
                let details: JSON = ["format_valid": true, name: .bool(value)]
                let body: JSON = [
                    "success": true, "result": ["status": "new", "validation_details": details],
                ]
                let told = try await read(maileroo, StandInAnswer(200, body.serialized))
                #expect(told[keyPath: check] == value, "\(name)")
            }
        }
    }

    @Test(
        arguments: [
            ([:], .deliverable), (["status": "valid"], .deliverable), (["status": "risky"], .risky),
            (["status": "undeliverable"], .undeliverable), (["status": "invalid"], .undeliverable),
            (["validation_details": ["disposable": true]], .risky),
            (["validation_details": ["mailbox_full": true]], .risky),
            (["validation_details": ["format_valid": false]], .undeliverable),
            (["validation_details": ["mx_found": false]], .undeliverable),
            (["validation_details": ["smtp_check": false]], .undeliverable),
            (["status": "new", "validation_details": ["catch_all": true]], .risky),
            (["status": "new", "validation_details": ["role": true]], .risky),
            (["status": "new", "validation_details": ["domain_suggestion": "ship.example"]], .risky),
            (["status": "new"], .deliverable),
            (["status": "new", "validation_details": ["smtp_check": nil]], .unknown),
        ] as [(JSON, Deliverability)])
    func `Maileroo's risk is what it says, or else what speaks against the address`(
        told: JSON, deliverability: Deliverability
    ) async throws {
        let good: JSON = [
            "status": "deliverable",
            "validation_details": ["format_valid": true, "mx_found": true, "smtp_check": true],
        ]
        let answer: JSON = ["success": true, "result": good.merging(told)]
        let verdict = try await read(maileroo, StandInAnswer(200, answer.serialized))
        #expect(verdict.deliverability == deliverability)
    }

    @Test(
        arguments: [
            (#"{"success":false,"error_code":"0401"}"#, 200, "unauthenticated"),
            (#"{"success":false,"error_code":"0429"}"#, 200, "rate_limited"),
            (#"{"success":false,"error_code":"0500"}"#, 200, "unavailable"),
            (#"{"success":false,"error_code":"0400"}"#, 400, "refused"),
            (
                #"{"success":true,"data":{"email":"other@x.example","format_valid":true}}"#, 200,
                "invalid_answer"
            ),
            ("[]", 200, "invalid_answer"), ("", 502, "unavailable"),
        ])
    func `Maileroo's word counts before its status`(body: String, status: Int, code: String) async {
        #expect(await self.code(maileroo, StandInAnswer(status, body)) == code)
    }

    // MARK: Hunter

    @Test(
        arguments: [
            ("valid", .deliverable), ("invalid", .undeliverable), ("accept_all", .risky), ("webmail", .risky),
            ("disposable", .risky), ("unknown", .risky),
        ] as [(String, Deliverability)])
    func `Hunter's status is read as it is meant`(status: String, deliverability: Deliverability) async throws
    {
        let told = HunterStandIn.told("jane@shop.example").merging(["data": ["status": .string(status)]])
        let verdict = try await read(hunter, StandInAnswer(200, told.serialized))
        #expect(verdict.deliverability == deliverability && verdict.score == 0.98)
    }

    @Test(
        arguments: [
            (401, "unauthenticated"), (403, "rate_limited"), (429, "quota_exhausted"), (222, "unavailable"),
            (500, "unavailable"), (200, "invalid_answer"),
        ])
    func `Hunter's 403 and 429 are the reverse of what they are elsewhere`(status: Int, code: String) async {
        #expect(await self.code(hunter, StandInAnswer(status, "{}")) == code)
    }

    @Test func `who may not be told of is undeliverable, and that it is so is kept`() async throws {
        let standIn = try HunterStandIn()
        let told = try await verdict(hunter, standIn.service.url, standIn.apiKey, "claimed@shop.example")
        #expect(told.deliverability == .undeliverable && told.isForbidden)
        #expect(EmailVerdict(told.json) == told)
    }
}
