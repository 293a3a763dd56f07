import HTTPServer
import Integrations
import JSON
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct SlackTests {
    private let standIn: SlackStandIn
    private let slack: Slack
    private let access: IntegrationAccess
    private let now = MailRig.now.seconds

    init() throws {
        standIn = try SlackStandIn()
        slack = Slack(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, standIn.settings,
            ["bot_token": standIn.token, "signing_secret": standIn.secret])
    }

    private func request(_ hook: StandInHook, at moment: Instant = MailRig.now) -> HookRequest {
        HookRequest(headers: hook.headers, body: hook.body, now: moment, access: access)
    }

    private func open(_ hook: StandInHook, at moment: Instant = MailRig.now) throws -> [HookItem] {
        try slack.open(request(hook, at: moment))
    }

    private func events(_ hook: StandInHook) throws -> [ChatHookEvent] {
        try open(hook).flatMap { item in
            try slack.read(
                HookReceipt(
                    item, id: .unset, integrationID: integrationID, provider: "slack", at: MailRig.now),
                access)
        }
    }

    // MARK: Signatures

    private static let form = "application/x-www-form-urlencoded"
    private static let examples = [
        (
            #"{"token":"t","team_id":"T1","api_app_id":"A1","event":{"type":"message","channel":"C1","user":"U1","text":"hi","ts":"1767225600.000100","channel_type":"channel"},"type":"event_callback","event_id":"Ev1","event_time":1767225600}"#,
            "application/json", "v0=cca912ccddb12f0763bd1249690e00bee82a6fefa9edcbeee9dd13de56086046"
        ),
        (
            "payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T1%22%7D%2C%22user%22%3A%7B%22id%22%3A%22U1%22%7D%2C%22channel%22%3A%7B%22id%22%3A%22C1%22%7D%2C%22message%22%3A%7B%22ts%22%3A%221767225601.000200%22%7D%2C%22response_url%22%3A%22https%3A%2F%2Fhooks.slack.com%2Factions%2FT1%2F1%2Fx%22%2C%22trigger_id%22%3A%221.2%22%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22approve%22%2C%22block_id%22%3A%22b1%22%2C%22type%22%3A%22button%22%2C%22value%22%3A%22apr_1%22%2C%22action_ts%22%3A%221767225602.0%22%7D%5D%7D",
            form, "v0=553a718ab0fc0b480b30e50c98123ab1195a5c706b083394b9165991bdbf7ed6"
        ),
        (
            "token=t&team_id=T1&channel_id=C1&user_id=U1&command=%2Fbureau&text=status&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F1%2Fx&trigger_id=1.3",
            form, "v0=fa74286b9bc7d67c54c05d2172956b42aa1e2a4427aa601026917cf08d4914c7"
        ),
        (
            #"{"token":"t","team_id":"T1","api_app_id":"A1","event":{"type":"tokens_revoked","tokens":{"bot":["UB1"]}},"type":"event_callback","event_id":"Ev2","event_time":1767225600}"#,
            "application/json", "v0=39c7f13abc6800685ba1d55c6e46e48ce5f95e13a73a8938d43599ea095fbe56"
        ),
    ]

    private func hook(
        _ body: String, _ type: String, _ signature: String, stamp: String = "1767225600"
    ) -> StandInHook {
        StandInHook(
            [
                ("Content-Type", type), ("X-Slack-Request-Timestamp", stamp),
                ("X-Slack-Signature", signature),
            ], Array(body.utf8))
    }

    @Test func `the known signatures open within five minutes, and not a changed byte`() throws {
        for (body, type, signature) in Self.examples {
            for seconds in [-300, 0, 300] {
                #expect(
                    try open(hook(body, type, signature), at: MailRig.now + .seconds(seconds)).count == 1)
            }
            for seconds in [-301, 301, 90 * 86_400] {
                #expect(throws: HookRefusal.self) {
                    try open(hook(body, type, signature), at: MailRig.now + .seconds(seconds))
                }
            }
            for wrong in [
                hook(body + " ", type, signature), hook(body, type, "v0=00"),
                hook(body, type, "v1=" + signature.dropFirst(3)),
                hook(body, type, signature, stamp: "1767225601"), hook(body, type, signature, stamp: ""),
            ] {
                #expect(throws: HookRefusal.self) { try open(wrong) }
            }
        }
    }

    @Test func `Slack's own library takes what we take, and refuses what we refuse`() throws {
        var cases: [JSON] = [], ours: [Bool] = []
        for (body, type, signature) in Self.examples {
            for (text, seconds, code) in [
                (body, Int64(0), signature), (body, 300, signature), (body, -300, signature),
                (body, 301, signature), (body + "x", 0, signature), (body, 0, signature + "0"),
                (body, 0, "v0="),
            ] {
                cases.append([
                    "service": "slack", "secret": .string(standIn.secret), "now": .integer(now + seconds),
                    "timestamp": .string("\(now)"), "body": .string(text), "signature": .string(code),
                ])
                let taken = try? open(hook(text, type, code), at: MailRig.now + .seconds(seconds))
                ours.append(taken != nil)
            }
        }
        #expect(try SignatureJudge.ask(cases) == ours)
        #expect(ours.filter { $0 }.count == 12)
    }

    @Test func `a challenge is answered where it is signed`() throws {
        let hello = Array(#"{"token":"t","challenge":"abc","type":"url_verification"}"#.utf8)
        let answer = try slack.reply(to: request(standIn.hook(hello, at: now)))
        #expect(answer?.status == 200)
        #expect(throws: HookRefusal.self) {
            try slack.reply(to: request(standIn.hook(hello, at: now, secret: "another")))
        }
        #expect(try slack.reply(to: request(standIn.message("1.1", "Hi", from: "U1", at: now))) == nil)
    }

    // MARK: What comes

    @Test func `what clients say is told; our own words, changes, machines and the staff's channel are not`()
        throws
    {
        func said(_ hook: StandInHook) throws -> [String] {
            try events(hook).compactMap { event in
                if case .received(let chat) = event { "\(chat.address): \(chat.text)" } else { nil }
            }
        }
        #expect(
            try said(
                standIn.message(
                    "1.1", "See &lt;this&gt; <https://a.test|page> &amp; <@U2>", from: "U1", at: now))
                == ["T1/C2/U1: See <this> page (https://a.test) & @U2"])
        #expect(try said(standIn.message("1.2", "Hi", from: "U1", at: now, ["bot_id": "B1"])).isEmpty)
        #expect(
            try said(standIn.message("1.3", "Hi", from: "U1", at: now, ["subtype": "message_changed"]))
                .isEmpty
        )
        #expect(try said(standIn.message("1.4", "Hi", from: "U1", in: "C1", at: now)).isEmpty)
        #expect(try said(standIn.message("1.5", "Hi", from: "U1", at: now, ["channel_type": "im"])).isEmpty)
        let revoked = try events(standIn.event("Ev9", ["type": "tokens_revoked"], at: now))
        guard case .gone(code: "slack_tokens_revoked", detail: _)? = revoked.first else {
            Issue.record("nobody was told")
            return
        }
        let pressed = try events(standIn.press("approve", "appr_1", by: "U1", stamp: "1.0", at: now))
        guard case .pressed(let press)? = pressed.first else {
            Issue.record("nothing was pressed")
            return
        }
        #expect(press.user == "U1" && press.workspace == "T1")
        #expect(press.action == "approve" && press.value == "appr_1")
    }

    // MARK: What leaves

    private func send(_ text: String = "Hi") async -> SendOutcome {
        await slack.send(OutgoingChat(messageID: mailID, address: "T1/C2/U1", text: text), access, .trial)
    }

    @Test func `a message is escaped, named, and found by its name`() async throws {
        #expect(await send("a < b & c").end == "accepted")
        let post = try #require(standIn.posts.last)
        #expect(post["channel"] == "C2" && post["text"] == "a &lt; b &amp; c")
        let sent = SentChat(
            messageID: mailID, recipient: "T1/C2/U1", text: "a < b & c", at: MailRig.now, others: [])
        guard case .accepted(let name?) = await slack.find(sent, access) else {
            Issue.record("not found")
            return
        }
        #expect(name == "slack:C2:\(post["ts"]?.text ?? "")")
        let other = SentChat(
            messageID: MessageID(UniqueID(high: 0, low: 7)), recipient: "T1/C2/U1", text: "", at: MailRig.now,
            others: [])
        guard case .absent = await slack.find(other, access) else {
            Issue.record("found what is not there")
            return
        }
    }

    @Test(arguments: [
        ("invalid_auth", "account"), ("token_revoked", "account"), ("missing_scope", "permission"),
        ("not_in_channel", "message"), ("channel_not_found", "message"), ("is_archived", "message"),
        ("msg_too_long", "message"), ("internal_error", "later"), ("fatal_error", "later"),
    ])
    func `an answer of 200 is no success by itself`(error: String, end: String) async {
        standIn.service.next(SlackStandIn.refusal(error))
        #expect(await send().end == end)
        standIn.service.next(.answer(200, #"{"ok":true}"#))
        #expect(await send().end == "unknown")
        standIn.service.next(.answer(429, "", headers: [("Retry-After", "7")]))
        guard case .later(_, _, let after) = await send() else {
            Issue.record("not told to wait")
            return
        }
        #expect(after == .seconds(7))
    }

    @Test func `a test names the scopes, the channel and the workspace that are missing`() async {
        func code(_ settings: JSONObject, _ token: String? = nil) async -> String {
            let access = makeAccess(
                standIn.service.url, settings, ["bot_token": token ?? standIn.token, "signing_secret": "s"])
            return switch await slack.check(access) {
            case .good: "good"
            case .doubtful(let code, let detail), .bad(let code, let detail), .unclear(let code, let detail):
                detail.contains("users:read.email") ? "\(code) users:read.email" : code
            }
        }
        #expect(await code(standIn.settings) == "good")
        #expect(await code(["team_id": "T2"]) == "slack_team")
        #expect(await code(["team_id": "T1"]) == "slack_channel_missing")
        #expect(await code(standIn.settings, "xoxb-2") == "slack_invalid_auth")
        standIn.leave()
        #expect(await code(standIn.settings) == "slack_not_in_channel")
        standIn.grant("chat:write")
        #expect(await code(standIn.settings) == "slack_scope_missing users:read.email")
    }
}
