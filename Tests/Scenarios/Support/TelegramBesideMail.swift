import JSON
import StandIns
import Testing

/// An agency that writes by mail and over Telegram, and what has left over each.
struct TelegramBesideMail {
    let agency: Agency
    let mail: PostmarkStandIn, telegram: TelegramStandIn
    let chat: JSON

    init(_ agency: Agency) throws {
        self.agency = agency
        (mail, telegram) = (try PostmarkStandIn(), try TelegramStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        chat = try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat")
    }

    /// A contact writes over Telegram, and shows there that their number is theirs.
    func isWrittenTo(by contact: String) throws {
        try agency.owner.patch("/v1/contacts/\(contact)", ["phone": "+15550000002"]).ok()
        let card: JSONObject = ["contact": ["phone_number": "15550000002", "user_id": 42]]
        for hook in [telegram.message(1, "Hello"), telegram.message(2, "", card)] {
            try agency.server.deliver(hook, to: chat).ok()
            try agency.hooksWorkedOn()
        }
    }

    /// The texts with such a link that a service was given.
    func told(_ service: ServiceStandIn, _ link: String) -> [String] {
        service.requests.compactMap { try? JSONParser.parse($0.body) }
            .map { $0["text"]?.text ?? $0.text("TextBody") }.filter { $0.contains(link) }
    }
}
