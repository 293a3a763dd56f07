import Foundation
import JSON
import StandIns
import Testing

/// Text messages in and out by Twilio, which behaves and does not.
@Suite(.ownThread) struct TextMessages {
    let server = BureauProcess.shared

    @Test func `a text message opens a conversation with whoever has the number, once`() throws {
        let line = try TextLine(server)
        let lead = try line.agency.makeLead(1, ["phone": "+15550000002"])
        let hook = line.twilio.message("SM1", "Hello & thanks", to: line.door)
        let taken = try line.post(hook)
        // Any other answer would be sent to them.
        #expect(taken.status == 200 && taken.header("Content-Type")?.hasPrefix("text/xml") == true)
        #expect(String(decoding: taken.body, as: UTF8.self).hasSuffix("<Response/>"))
        #expect(try line.post(hook).status == 200)
        let conversation = try line.agency.conversation(on: "sms")
        #expect(conversation["contact_id"] == lead["contact_id"])
        #expect(try line.agency.said(in: conversation).map { $0.text("text") } == ["Hello & thanks"])
        // Forged, signed for another address, or of another account: nothing comes of it.
        var forged = hook
        forged.body += Array("&Body=Pay+me".utf8)
        let elsewhere = line.twilio.message("SM2", "Hi", to: line.door + "?x=1")
        let other = line.twilio.hook(
            [("AccountSid", "AC2"), ("Body", "Hi"), ("From", "+15550000002"), ("MessageSid", "SM3")],
            to: line.door)
        for wrong in [forged, elsewhere, other] { #expect(try line.post(wrong).status == 401) }
        try line.agency.hooksWorkedOn()
        #expect(try line.agency.said(in: conversation).count == 1)
        // A stranger is a new contact, with the number that the network vouches for.
        try line.hears("Who are you?", "SM4", from: "+15550000009")
        let all = try line.agency.owner.every("/v1/conversations?channel=sms")
        let stranger = try #require(all.first { $0.id != conversation.id })
        let contact = try line.agency.owner.get("/v1/contacts/\(stranger.text("contact_id"))").ok()
        #expect(contact.text("phone") == "+15550000009")
    }

    @Test func `what becomes of a text message is told, and goes forward only`() throws {
        let line = try TextLine(server)
        let contact = try line.agency.makeContact(1, ["phone": "+15550000002"])
        let asked = try line.send(contact.id, "Your report is there.")
        #expect(asked["segments"] == 1)
        let sent = try line.agency.message(asked, "sent"), taken = try #require(line.twilio.taken.last)
        #expect(sent.text("provider_id") == taken.text("sid"))
        #expect(taken.text("to") == "+15550000002" && taken.text("from") == line.twilio.number)
        #expect(taken.text("callback").hasSuffix("?message=\(asked.id)"))
        for status in ["delivered", "sent", "queued", "undelivered"] {
            #expect(
                try line.tells(status, of: taken, code: status == "undelivered" ? 30_005 : nil).status == 200)
        }
        #expect(try line.tells("failed", of: taken, token: "forged").status == 401)
        try line.agency.hooksWorkedOn()
        #expect(try line.agency.owner.get("/v1/messages/\(asked.id)").ok().text("status") == "delivered")
        #expect(!(try line.reasons(contact.id, "sms", "transactional").contains("suppressed")))
        // The number of another one is unknown: nothing more is sent there.
        let other = try line.agency.makeContact(2, ["phone": "+15550000003"])
        let lost = try line.send(other.id, "Hello")
        try line.agency.message(lost, "sent")
        let last = try #require(line.twilio.taken.last)
        #expect(try line.tells("undelivered", of: last, code: 30_005).status == 200)
        try line.agency.message(lost, "bounced")
        #expect(try line.reasons(other.id, "sms", "transactional").contains("suppressed"))
    }

    @Test func `a lost answer is looked up, and nothing is sent a second time`() throws {
        let line = try TextLine(server)
        let contact = try line.agency.makeContact(1, ["phone": "+15550000002"])
        line.twilio.service.next(.cutDone)
        let asked = try line.send(contact.id, "Once.")
        let sent = try line.agency.message(asked, "sent")
        #expect(sent.text("provider_id") == line.twilio.taken[0].text("sid"))
        #expect(line.sends == 1 && line.twilio.taken.count == 1)
        let looks = try line.agency.owner.every("/v1/tool-calls?tool=look_up_message")
        #expect(looks.map { $0.text("state") } == ["succeeded"])
        // The service answers with a fault of its own, having taken it; then cannot be asked for a moment.
        line.twilio.service.next(.cutDone, .answer(503, "{}"))
        let second = try line.send(contact.id, "Twice.")
        try eventuallyTrue("a look that fails") {
            try line.agency.owner.every("/v1/tool-calls?tool=look_up_message").contains {
                $0.text("state") == "failed"
            }
        }
        // Meanwhile it tells by itself, under the name that stands in the address it was given.
        #expect(try line.tells("delivered", of: line.twilio.taken[1]).status == 200)
        try line.agency.message(second, "delivered")
        #expect(line.sends == 2 && line.twilio.taken.count == 2)
        #expect(try line.agency.owner.every("/v1/alerts?kind=message_unknown&open=true").isEmpty)
    }

    @Test func `STOP ends text messages in every language, and leaves mail alone`() throws {
        let line = try TextLine(server)
        for (number, word) in [
            "STOP", "Stopp", "baja", "arrêt", "basta", "sair", "afmelden", "Afmeld", "avmeld", "Avregistrera",
            "wypisz",
        ].enumerated() {
            let phone = "+155500000\(10 + number)"
            let contact = try line.agency.makeContact(number, ["phone": .string(phone)])
            try line.hears(word, "SM\(number)", from: phone)
            #expect(try line.reasons(contact.id).contains("unsubscribed"), "\(word)")
            // The network lets nothing through, whatever it is for.
            #expect(try line.reasons(contact.id, "sms", "transactional").contains("unsubscribed"))
            let mail = try line.reasons(contact.id, "email")
            #expect(!mail.contains("unsubscribed") && !mail.contains("suppressed"))
        }
        let first = try #require(
            try line.agency.owner.every("/v1/contacts?limit=100").first { $0.text("phone") == "+15550000010" }
        )
        try line.hears("Yes", "SM20", from: "+15550000010")
        #expect(!(try line.reasons(first.id).contains("unsubscribed")))
        // Twilio has heard what nobody could read here.
        try line.hears("Genug jetzt", "SM21", from: "+15550000010", [("OptOutType", "STOP")])
        #expect(try line.reasons(first.id).contains("unsubscribed"))
        // A person who has said it before is known by the first refusal.
        let other = try line.agency.makeContact(30, ["phone": "+15550000030"])
        line.twilio.stop("+15550000030")
        try line.agency.message(try line.send(other.id, "Hello"), "bounced")
        #expect(try line.reasons(other.id, "sms", "transactional").contains("unsubscribed"))
    }

    @Test func `marketing by text needs consent, and says how it ends`() throws {
        let line = try TextLine(server)
        try line.agency.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        let contact = try line.agency.makeContact(1, ["phone": "+15550000002", "country": "US"])
        #expect(try line.reasons(contact.id) == ["no_consent"])
        let held = try line.send(contact.id, "Something new.", ["purpose": "marketing"])
        #expect(held.text("status") == "held" && held["reasons"]?[0]["code"] == "no_consent")
        // An interest of the agency's own is none of theirs.
        func consent(_ basis: String) throws {
            try line.agency.owner.post(
                "/v1/consents",
                [
                    "contact_id": .string(contact.id), "channel": "sms", "source": "web form",
                    "lawful_basis": .string(basis),
                ]
            ).ok(201)
        }
        try consent("legitimate_interest")
        #expect(try line.reasons(contact.id) == ["no_consent"])
        try consent("consent")
        let sent = try line.agency.message(held, "sent")
        #expect(sent.text("text") == "Something new.\nReply STOP to get no more.")
        #expect(line.twilio.taken.map { $0.text("body") } == [sent.text("text")])
    }

    @Test func `what is longer than a text may be is refused, and parts are counted and paid`() throws {
        let line = try TextLine(server, ["price": cents(1000)])
        let contact = try line.agency.makeContact(1, ["phone": "+15550000002"])
        func ask(_ text: String, _ purpose: String = "transactional") throws -> Answer {
            try line.agency.owner.post(
                "/v1/messages",
                [
                    "channel": "sms", "contact_id": .string(contact.id), "body": .string(text),
                    "purpose": .string(purpose),
                ])
        }
        // Advertising says how it ends, for which there has to be room.
        let advert = try ask(String(repeating: "x", count: 1590), "marketing")
        #expect(try advert.faults() == ["/body": "too_long"])
        let long = try ask(String(repeating: "x", count: 1601))
        #expect(try long.faults() == ["/body": "too_long"] && long.json["errors"]?[0]["max"] == 1600)
        #expect(try line.agency.owner.every("/v1/messages?channel=sms").isEmpty)
        // One character that is not in the alphabet of telephones, and two parts become three.
        let plain = String(repeating: "x", count: 170)
        for (text, segments) in [(plain, 2), (String(plain.dropLast()) + "я", 3)] as [(String, Int64)] {
            let message = try ask(text).ok(202)
            #expect(message["segments"]?.int == segments)
            try line.agency.message(message, "sent")
        }
        let use = try line.agency.owner.get("/v1/integrations/\(line.integration.id)/use").ok()
        #expect(use["month"]?["calls"] == 2 && use["month"]?["cost"] == cents(5))
    }

    @Test func `each message leaves by the service of its own channel`() throws {
        let agency = try server.quietAgency(), telegram = try TelegramStandIn(), graph = try GraphStandIn()
        // The first in order is not the one that knows the number.
        let bot = try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat",
            priority: 1)
        let phone = try agency.connect(
            "whatsapp", graph.service.url, credentials: graph.credentials, settings: graph.settings,
            capability: "chat", priority: 2)
        let line = try TextLine(agency, ["priority": 3])
        try server.deliver(graph.message("wamid.1", "Hello"), to: phone).ok()
        try line.hears("Hello", "SM1")
        try server.deliver(telegram.message(1, "Hello"), to: bot).ok()
        for (channel, service) in [
            ("whatsapp", graph.service), ("sms", line.twilio.service), ("telegram", telegram.service),
        ] {
            let answer = try agency.answer(try agency.conversation(on: channel), "By \(channel).")
            try agency.message(answer, "sent")
            #expect(service.requests.filter { $0.text.contains("By") }.count == 1, "\(channel)")
        }
    }

    @Test func `a picture that came is kept, fetched without showing our token to whoever stores it`() throws
    {
        let line = try TextLine(server)
        line.twilio.files["F1"] = Base64Bytes.pixel
        let place = "\(line.twilio.service.url)/media/F1"
        try line.hears(
            "", "SM1", [("NumMedia", "1"), ("MediaUrl0", place), ("MediaContentType0", "image/png")])
        let conversation = try line.agency.conversation(on: "sms")
        let file = try eventually("the file") {
            try line.agency.said(in: conversation).first?["attachments"]?.array?.first?.text
        }
        let kept = try line.agency.owner.get("/v1/files/\(file)/content")
        #expect(kept.body == Base64Bytes.pixel)
    }

    @Test func `a test of the number names what is missing`() throws {
        let line = try TextLine(server), path = "/v1/integrations/\(line.integration.id)"
        #expect(try line.agency.owner.post("\(path)/test").ok()["ok"] == true)
        line.twilio.tell(at: "https://elsewhere.example")
        let doubtful = try line.agency.owner.post("\(path)/test").ok()
        #expect(doubtful.serialized.contains("twilio_hook_missing"))
        var settings = line.integration["settings"]?.object ?? [:]
        settings["from"] = .null
        try line.agency.owner.patch(path, ["settings": .object(settings)]).ok()
        let bare = try line.agency.owner.post("\(path)/test").ok()
        #expect(bare["ok"] == false && bare.serialized.contains("messaging_service_sid"))
    }
}
