import Foundation
import JSON
import StandIns
import Testing

/// Weeks of an agency whose agents sell by themselves to people who answer, each in their manner and at their time.
/// It keeps its own book of what people did, against which the product's can be held.
final class SellingStory {
    let box: SandboxCaller
    private let server: BureauProcess
    private let door: String
    private let postmark: PostmarkStandIn
    private(set) var people: [Prospect]
    private(set) var leads: [JSON] = []
    /// People by their contacts.
    private(set) var byContact: [String: Int] = [:]

    let begin: Date
    private(set) var now: Date
    /// People's next deeds, the next one last.
    private var plans: [(at: Date, order: Int, act: () throws -> Void)] = []
    private var planned = 0
    private var told: Set<String> = []
    private var lastTold: Date
    private var touches: [String: Int] = [:]

    // People's deeds.
    /// From when on nothing may go to somebody any more, and nothing that they have not asked for.
    private(set) var left: [Int: Date] = [:]
    private(set) var answered: [Int: Date] = [:]
    private(set) var away: [Int: ClosedRange<Date>] = [:]
    private(set) var acted: [Int: [Date]] = [:]
    private(set) var signed: [Int: Date] = [:]
    private(set) var accepted: Set<Int> = []
    private(set) var declined: Set<Int> = []
    /// By invoice, in minor units.
    private(set) var paid: [String: Int64] = [:]
    private(set) var settled: [String: Date] = [:]
    private(set) var replies = 0

    init(_ server: BureauProcess, _ box: SandboxCaller, _ people: [Prospect], begin: Date) throws {
        (self.server, self.box, self.people, self.begin) = (server, box, people, begin)
        (now, lastTold) = (begin, begin)
        postmark = try PostmarkStandIn()
        let made = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending",
                "credentials": [
                    "server_token": .string(postmark.serverToken),
                    "webhook_username": .string(postmark.username),
                    "webhook_password": .string(postmark.password),
                ],
            ]
        ).ok(201)
        door = made.text("hook_url")
        let operations = people.map { person -> JSON in ["op": "create", "body": person.lead] }
        let answer = try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try #require(Set((answer["results"]?.array ?? []).map { $0["status"]?.int }) == [201])
        let numbers = Dictionary(uniqueKeysWithValues: people.map { ($0.email, $0.number) })
        leads = try box.owner.every("/v1/leads")
        for lead in leads { byContact[lead.text("contact_id")] = numbers[lead.text("email")] }
        try #require(byContact.count == people.count)
    }

    /// Lives on for so many days, and half of one more.
    func live(days: Int) throws {
        let end = begin + Double(days) * 86_400 + 43_200
        while now < end {
            now = [end, now + 6 * 3600, plans.last?.at ?? end].min() ?? end
            try box.advance(to: now.iso)
            while let plan = plans.last, plan.at <= now {
                plans.removeLast()
                try plan.act()
            }
            try listen()
        }
        try box.advance("PT0S")
    }

    // MARK: Hearing

    /// Shows people the mails that have reached them since the last time.
    private func listen() throws {
        let since = lastTold.iso
        let mails = try box.owner.every("/v1/messages?direction=outbound&sent_at[gte]=\(since)")
            .sorted { ($0.text("sent_at"), $0.id) < ($1.text("sent_at"), $1.id) }
        for mail in mails where told.insert(mail.id).inserted {
            let at = try Date(iso: mail.text("sent_at"))
            lastTold = max(lastTold, at)
            if let number = byContact[mail.text("contact_id")] { take(mail, number) }
        }
    }

    private func take(_ mail: JSON, _ number: Int) {
        let person = people[number]
        switch (mail["cause"]?.text("type") ?? "", mail.text("topic")) {
        case ("enrollment", _):
            touches[mail.text("contact_id"), default: 0] += 1
            if touches[mail.text("contact_id")] == person.touch { meet(mail, person) }
        case (_, "needs_assessment") where person.end == .ignoresQuestions: break
        case (_, "needs_assessment"), (_, "price_answer"):
            plan(number) { try $0.reply(person.facts, to: mail, number) }
        case (_, "objection"):
            plan(number) { story in
                if number % 3 == 0 {
                    try story.refuse(mail, number)
                } else {
                    try story.reply(person.facts, to: mail, number)
                }
            }
        case ("proposal", _): consider(mail, person)
        case ("contract", _): plan(number) { try $0.sign(mail, number) }
        case ("invoice", _) where number % 7 > 0: plan(number) { try $0.pay(mail, number) }
        default: break
        }
    }

    private func meet(_ mail: JSON, _ person: Prospect) {
        let number = person.number
        plan(number) { story in
            switch person.manner {
            case .silent: break
            case .bounces:
                try story.tell(
                    mail, person,
                    ["RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Inactive": true])
            case .complains:
                try story.tell(
                    mail, person, ["RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512])
            case .clicksAway: try story.unsubscribe(mail, number)
            case .isAway:
                try story.reply(
                    Prospect.away, to: mail, number, [("Auto-Submitted", "auto-replied")], isAnswer: false)
                story.away[number] = story.now...(story.now + 14 * 86_400)
            case .isUnknown:
                try story.reply(
                    person.words ?? "", to: mail, number, [("X-Failed-Recipients", person.email)],
                    isAnswer: false)
                story.left[number] = story.now
            case .refuses, .unsubscribes:
                try story.reply(person.words ?? "", to: mail, number)
                story.left[number] = story.now
            default: try story.reply(person.words ?? "", to: mail, number)
            }
        }
    }

    private func consider(_ mail: JSON, _ person: Prospect) {
        let number = person.number
        plan(number) { story in
            let page = story.page(in: mail)
            _ = try story.server.anonymous.get(
                page, ["Accept": "text/html", "User-Agent": "Mozilla/5.0 Firefox/130.0"])
            switch person.end {
            case .signs, .signsAndSplits, .ignoresQuestions:
                try story.server.anonymous.post("\(page)/accept", ["name": "Ann Example", "consent": true])
                    .ok()
                story.accepted.insert(number)
                story.act(number)
            case .declines:
                try story.server.anonymous.post("\(page)/decline", ["reason": "We chose another agency."])
                    .ok()
                story.declined.insert(number)
                story.left[number] = story.now
            case .leaves: try story.unsubscribe(nil, number)
            case .ignoresProposal: break
            }
        }
    }

    // MARK: Doing

    /// Some hours from now, or a few days.
    private func plan(_ number: Int, _ act: @escaping (SellingStory) throws -> Void) {
        let minutes = Double.random(in: 12...(3 * 1440), using: &people[number].chance)
        planned += 1
        plans.append((now + minutes.rounded() * 60, planned, { [unowned self] in try act(self) }))
        plans.sort { ($0.at, $0.order) > ($1.at, $1.order) }
    }

    private func act(_ number: Int) { acted[number, default: []].append(now) }

    private func reply(
        _ text: String, to mail: JSON, _ number: Int, _ headers: [(String, String)] = [],
        isAnswer: Bool = true
    ) throws {
        replies += 1
        let id = "reply-\(replies)", person = people[number]
        let named =
            headers + [("Message-ID", "<\(id)@example.com>"), ("In-Reply-To", mail.text("internet_id"))]
        let from =
            headers.contains { $0.0 == "X-Failed-Recipients" } ? "mailer-daemon@mx.example.com" : person.email
        try post([
            "FromFull": ["Email": .string(from), "Name": "", "MailboxHash": ""], "From": .string(from),
            "To": "olive@agency.example",
            "ToFull": [["Email": "olive@agency.example", "Name": "", "MailboxHash": ""]],
            "Subject": .string("Re: " + mail.text("subject")), "MessageID": .string(id),
            "TextBody": .string(text),
            "StrippedTextReply": .string(text), "HtmlBody": "", "Attachments": [],
            "Headers": .array(named.map { ["Name": .string($0.0), "Value": .string($0.1)] }),
        ])
        guard isAnswer else { return }
        if answered[number] == nil { answered[number] = now }
        act(number)
    }

    private func refuse(_ mail: JSON, _ number: Int) throws {
        try reply("Not interested, thanks.", to: mail, number)
        left[number] = now
    }

    /// Returns a mail service's event about a mail.
    private func tell(_ mail: JSON, _ person: Prospect, _ event: JSONObject) throws {
        replies += 1
        let body: JSON = [
            "ID": JSON(replies), "MessageID": .string("pm-\(mail.id)"), "Email": .string(person.email),
            "Metadata": ["bureau_id": .string(mail.id)],
        ]
        try post(body.merging(.object(event)))
        left[person.number] = now
    }

    private func post(_ body: JSON) throws {
        let hook = postmark.hook(body)
        let headers = Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        try server.anonymous.request("POST", door, raw: hook.body, headers: headers).ok()
    }

    /// By the link in a mail; by that in the first one, where it is none of those that have it.
    private func unsubscribe(_ mail: JSON?, _ number: Int) throws {
        let contact = try #require(byContact.first { $0.value == number }?.key)
        let first =
            try mail ?? #require(
                box.owner.every("/v1/messages?contact_id=\(contact)&purpose=marketing").first {
                    !$0.text("sent_at").isEmpty
                })
        let html = first.text("html"), start = try #require(html.firstRange(of: "/u/"))
        let path = String(html[start.lowerBound...].prefix { !"\"'<> ".contains($0) })
        let answer = try server.anonymous.request(
            "POST", path, raw: Array("List-Unsubscribe=One-Click".utf8),
            headers: ["Content-Type": "application/x-www-form-urlencoded"])
        #expect(answer.status == 200)
        left[number] = now
    }

    private func sign(_ mail: JSON, _ number: Int) throws {
        try server.anonymous.post("\(page(in: mail))/sign", ["name": "Ann Example", "consent": true]).ok()
        signed[number] = now
        act(number)
    }

    /// A client transfers what its invoice says, at once or in two parts, and one in three says thanks.
    private func pay(_ mail: JSON, _ number: Int) throws {
        let id = try #require(mail["cause"]?.id)
        let due = try #require(try box.owner.get("/v1/invoices/\(id)").ok()["due"]?["amount"]?.int)
        guard due > 0 else { return }
        let first = people[number].end == .signsAndSplits ? due / 3 : due
        for amount in [first, due - first] where amount > 0 {
            let money: JSON = ["amount": .integer(amount), "currency": "USD"]
            try box.owner.post(
                "/v1/payments",
                [
                    "invoice_id": .string(id), "amount": money, "method": "bank_transfer",
                    "reference": "by hand",
                ]
            ).ok(201)
            paid[id, default: 0] += amount
        }
        settled[id] = now
        if number.isMultiple(of: 3) {
            try reply("Thank you, we have just paid. When do we start?", to: mail, number)
        }
    }

    private func page(in mail: JSON) -> String {
        let text = mail.text("text")
        guard let start = text.firstRange(of: "/p/") else { return "/p/none" }
        return String(text[start.lowerBound...].prefix { !" \n)>\"".contains($0) })
    }
}

extension Date {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    init(iso: String) throws { self = try Self.style.parse(iso) }
    var iso: String { formatted(Self.style) }
}
