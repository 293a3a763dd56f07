import Cryptography
import Foundation
import JSON
import StandIns

/// Shows what arrives, and does what is typed.
final class Desk {
    private let services: Services
    private let endpoints: Endpoints
    /// In the order in which they were shown: people name them by their numbers, from 1.
    private var mails: [ArrivedMail] = []
    private var shown: Set<String> = []
    private var checkouts = 0, hooks = 0
    /// Of each service.
    private var chats: [String: Int] = [:]

    init(_ services: Services, _ endpoints: Endpoints) {
        (self.services, self.endpoints) = (services, endpoints)
    }

    static let words = """
        connect TOKEN           connects Bureau to Postmark, Stripe, Calendly, WhatsApp, Telegram and Twilio, as
                                the curl lines above do
        connect TOKEN google_mail
                                connects it to that one; says which page to open, where an owner has to
                                say yes
        spoil google_mail revoked
                                lets such a mailbox go wrong: expired, refused, revoked, narrowed, broken;
                                whole again
        spoil twilio lost       lets messenger, instagram, slack or twilio go wrong: lost, silent, broken, busy,
                                refused, unwanted, late, twice, forged
        spoil x lost            lets a network, advertising, a blog, a CRM, tasks, a sheet, marketing,
                                analytics or signatures go wrong: lost, slow, cut, shape, busy, expired,
                                broken, twice; instagram_posts is where posts stand
        endpoint /v1/hooks/…    says where hooks go: the hook_url of an integration that you made yourself
        reply 1 interested      answers mail 1: interested, facts, question, price, objection, later, no, stop,
                                away, or words of your own
        bounce 1                sends mail 1 back
        write whatsapp Hello    writes to the agency over WhatsApp; so do telegram, messenger,
                                instagram, slack and twilio (text messages)
        press approve appr_… olive@agency.example
                                presses a button in Slack, as whoever has that address; or reject
        pay 1                   pays checkout 1 of Stripe
        sign dropbox_sign       signs the latest contract there, or at docusign
        leave mailchimp ann@acme.test
                                leaves the list there, or at activecampaign
        book 1                  books a meeting for the reader of mail 1
        help, quit
        """

    /// The meaning of a word in a reply.
    private static let phrases = [
        "interested": "Yes, this sounds great. Please go on.",
        "facts":
            "Yes, this sounds great. Our budget is $8,000 a month. I decide this myself, and we want to start in six weeks.",
        "question": "Which tools do you work with, and who would work for us?",
        "price": "How much does it cost per month?",
        "objection": "Thanks, but this is far too expensive for us.",
        "later": "Bad moment. Please ask me again in three weeks.", "no": "Not interested, thanks.",
        "stop": "Please remove me from your list.",
        "away": "I am out of the office for two weeks, with limited access to e-mail.",
    ]

    /// Prints what has come since the last time.
    func look() {
        for mail in services.mails
        where shown.insert("\(mail.provider) \(mail.messageID) \(mail.bureauID)").inserted {
            mails.append(mail)
            say(mail.shown(as: mails.count))
        }
        for (provider, sent) in Dictionary(grouping: services.chats, by: \.provider) {
            for chat in sent.dropFirst(chats[provider] ?? 0) { say(chat.shown) }
            chats[provider] = sent.count
        }
        while checkouts < services.stripe.opened {
            checkouts += 1
            say("\ncheckout \(checkouts), at stripe: `pay \(checkouts)` pays it")
        }
    }

    /// Returns whether it goes on.
    func take(_ line: String) async throws -> Bool {
        let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard let verb = parts.first else { return true }
        let rest = parts.dropFirst().first ?? ""
        switch verb {
        case "quit", "exit": return false
        case "help": say(Self.words)
        case "endpoint": say("hooks of \(try endpoints.open(rest)) go there")
        case "connect":
            try await connect(
                parts.count > 2
                    ? [parts[2]] : ["postmark", "stripe", "calendly", "whatsapp", "telegram", "twilio"],
                token: rest)
        case "spoil": try await spoil(rest, parts.count > 2 ? parts[2] : "")
        case "reply":
            let mail = try mail(rest), said = parts.count > 2 ? parts[2] : "interested"
            try await send(try services.reply(Self.phrases[said] ?? said, to: mail, id: next()))
        case "bounce":
            try await send(try services.bounce(try mail(rest), id: next()))
        case "pay":
            guard let session = services.stripe.pay("cs_\(rest)") else {
                throw Refusal("There is no open checkout \(rest): open one on the page of an invoice.")
            }
            let event = services.stripe.event(
                "checkout.session.completed", session, id: "evt_\(next())", at: Date.seconds)
            try await send(("stripe", event))
        case "write":
            hooks += 1
            let text = parts.count > 2 ? parts[2] : "Hello"
            let number = Date.seconds * 1000 + Int64(hooks)
            guard let hook = services.chat(text, by: rest, number, to: try endpoints.address(of: rest)) else {
                throw Refusal(
                    "Over what? Say: write whatsapp Hello, telegram, messenger, instagram, slack or twilio.")
            }
            try await send((rest, hook))
        case "press":
            let words = (parts.count > 2 ? parts[2] : "").split(separator: " ").map(String.init)
            guard words.count == 2 else {
                throw Refusal("Who presses what? Say: press approve appr_… olive@agency.example")
            }
            try await send(("slack", services.press(rest, words[0], as: words[1])))
        case "sign":
            guard let hook = services.sign(at: rest, now: Date.seconds) else {
                throw Refusal(
                    "There is no contract: connect dropbox_sign or docusign, and send one that way.")
            }
            try await send((rest, hook))
        case "leave":
            guard parts.count > 2, let hook = services.leave(parts[2], at: rest, now: Date.seconds) else {
                throw Refusal("Who leaves what? Say: leave mailchimp ann@acme.test, or activecampaign.")
            }
            try await send((rest, hook))
        case "book": try await send(("calendly", try booking(of: mail(rest))))
        default: throw Refusal("What is \(verb)? Say help.")
        }
        return true
    }

    private func spoil(_ provider: String, _ how: String) async throws {
        if let box = services.consentMailboxes.first(where: { $0.provider == provider }) {
            return say(try box.spoil(how))
        }
        guard let chat = ChatFaults(provider, services) else { return try spoilNext(of: provider, how) }
        let (words, told) = try chat.spoil(how) { try endpoints.address(of: provider) }
        say(words)
        for (hook, address) in told { try await endpoints.post(hook, to: provider, at: address) }
    }

    private func spoilNext(of name: String, _ how: String) throws {
        guard let standIn = services.all.first(where: { $0.name == name })?.standIn else {
            throw Refusal("Which one? Say: spoil google_mail revoked, spoil twilio lost, or spoil x lost.")
        }
        guard let (turn, words) = ServiceFaults.turn(how) else { throw Refusal(ServiceFaults.words) }
        standIn.next(turn)
        say("the next request to \(name) \(words)")
    }

    private func connect(_ names: [String], token: String) async throws {
        let chosen = services.all.filter { names.contains($0.name) }
        guard !chosen.isEmpty else { throw Refusal("There is no \(names[0]) here.") }
        for service in chosen {
            if let page = try await endpoints.connect(service, token: token) {
                say("connected when its owner has said yes, in a browser or by\n\(Service.yes(to: page))")
            }
        }
        if !chosen.contains(where: \.wantsConsent) { say("connected") }
    }

    private func mail(_ number: String) throws -> ArrivedMail {
        guard let number = Int(number), mails.indices.contains(number - 1) else {
            throw Refusal("There is no mail \(number) yet.")
        }
        return mails[number - 1]
    }

    /// Unlike any before, in other runs too: Bureau knows what it was told already.
    private func next() -> String {
        hooks += 1
        return "\(Date.seconds)-\(hooks)"
    }

    private func send(_ told: (provider: String, hook: StandInHook)?) async throws {
        guard let told else { return say("it lies in the mailbox, which is looked into every minute") }
        try await endpoints.post(told.hook, to: told.provider)
        say("told by \(told.provider)")
    }

    /// Tomorrow at this hour.
    private func booking(of mail: ArrivedMail) throws -> StandInHook {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true), id = next()
        let told = CalendlyStandIn.told(
            "invitee.created", "I\(id)", of: "E\(id)", at: (Date.now + 86_400).formatted(style),
            email: mail.to, created: Date.now.formatted(style))
        return services.calendly.hook(told, at: Date.seconds)
    }
}
