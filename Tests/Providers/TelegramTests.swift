import Integrations
import JSON
import Messages
import Nouns
import Providers
import StandIns
import Telemetry
import Testing

@Suite struct TelegramTests {
    private let standIn: TelegramStandIn
    private let telegram: Telegram
    private let access: IntegrationAccess

    init() throws {
        standIn = try TelegramStandIn()
        telegram = Telegram(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, [:], ["bot_token": standIn.token, "secret_token": standIn.secret])
    }

    private func open(_ hook: StandInHook) throws -> [HookItem] {
        try telegram.open(
            HookRequest(headers: hook.headers, body: hook.body, now: MailRig.now, access: access))
    }

    private func events(_ hook: StandInHook) throws -> [ChatHookEvent] {
        try open(hook).flatMap { item in
            try telegram.read(
                HookReceipt(
                    item, id: .unset, integrationID: access.integrationID, provider: "telegram",
                    at: MailRig.now), access)
        }
    }

    @Test func `only the very secret opens`() throws {
        #expect(try open(standIn.message(7, "Hi"))[0].key == "update:907")
        for wrong in ["tg-secret_1 ", "TG-SECRET_1", "", "tg-secret_"] {
            #expect(throws: HookRefusal.self, "\(wrong)") { try open(standIn.hook(1, [:], secret: wrong)) }
        }
        #expect(throws: HookRefusal.self) { try open(StandInHook([], standIn.message(7, "Hi").body)) }
    }

    @Test func `what is said, pressed, shown and blocked is told; groups and bots are not`() throws {
        func words(_ hook: StandInHook) throws -> [String] {
            try events(hook).map { event in
                switch event {
                case .received(let chat): "\(chat.address): \(chat.text) (\(chat.name ?? ""))"
                case .phone(let chat, let number): "\(chat.address) is \(number)"
                case .blocked(_, let address): "\(address) blocks"
                case .unblocked(_, let address): "\(address) is back"
                case .echo, .delivery, .seen, .opened, .pressed, .gone: "?"
                }
            }
        }
        #expect(try words(standIn.message(1, "/start ad1")) == ["42: /start ad1 (Ann)"])
        #expect(try words(standIn.message(2, "", ["photo": [[:]]])) == ["42: [photo] (Ann)"])
        let card: JSON = ["phone_number": "15550000002", "user_id": 42]
        #expect(try words(standIn.message(3, "", ["contact": card])) == ["42 is +15550000002"])
        let other: JSON = ["phone_number": "15550000002", "user_id": 43]
        #expect(try words(standIn.message(4, "", ["contact": other])).isEmpty)
        let group: JSON = ["id": -100_123, "type": "supergroup"]
        #expect(try words(standIn.message(5, "Hi", ["chat": group])).isEmpty)
        let bot: JSON = ["id": 42, "is_bot": true]
        #expect(try words(standIn.message(6, "Hi", ["from": bot])).isEmpty)
        func member(_ status: String) -> StandInHook {
            standIn.hook(
                1,
                [
                    "my_chat_member": [
                        "chat": ["id": 42, "type": "private"],
                        "new_chat_member": ["status": .string(status)],
                    ]
                ])
        }
        #expect(try words(member("kicked")) == ["42 blocks"])
        #expect(try words(member("member")) == ["42 is back"])
        let pressed = standIn.hook(
            2,
            [
                "callback_query": [
                    "id": "c1", "from": ["id": 42, "is_bot": false, "first_name": "Ann"],
                    "data": "book:1", "message": ["message_id": 8, "chat": ["id": 42, "type": "private"]],
                ]
            ])
        #expect(try words(pressed) == ["42: book:1 (Ann)"])
    }

    @Test(arguments: [
        (429, #"{"ok":false,"parameters":{"retry_after":7}}"#, "later"),
        (403, #"{"ok":false,"description":"Forbidden: bot was blocked by the user"}"#, "recipient"),
        (400, #"{"ok":false,"description":"Bad Request: chat not found"}"#, "recipient"),
        (400, #"{"ok":false,"description":"Bad Request: message text is empty"}"#, "message"),
        (401, #"{"ok":false,"description":"Unauthorized"}"#, "account"), (200, "{}", "unknown"),
    ])
    func `a refusal has its meaning`(status: Int, body: String, end: String) async {
        standIn.service.next(.answer(status, body))
        let outcome = await telegram.send(
            OutgoingChat(messageID: mailID, address: "42", text: "Hi"), access, .trial)
        #expect(outcome.end == end)
        if case .later(_, _, let after) = outcome { #expect(after == .seconds(7)) }
    }
}
