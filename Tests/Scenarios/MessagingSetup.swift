import Cryptography
import Foundation
import JSON
import StandIns
import Testing

/// The settings, connections, data and texts of an agency that writes.
@Suite(.ownThread) struct MessagingSetup {
    let server = BureauProcess.shared

    // MARK: Settings

    @Test func `settings of several parts keep what they are given, and name each fault`() throws {
        let agency = try server.quietAgency()
        let set: JSON = [
            "postal_address": "1 Street", "sender": ["name": "O", "email": "O@Agency.example"],
            "quiet_hours": ["from": "21:00", "to": "07:30"],
            "business_hours": ["days": [1, 2], "from": "10:00", "to": "16:00"],
            "booking_url": "https://book.example.com/o", "locale": "pt-br",
            "sending": ["per_contact_per_day": 1], "tracking": ["opens": true],
            "billing": ["tax_rate": 1900], "consent_rules": ["FR": "consent"], "ai_disclosure": "always",
        ]
        let settings = try agency.owner.patch("/v1/settings", set).ok()
        #expect(settings["sender"]?["email"] == "o@agency.example")
        #expect(settings["quiet_hours"] == ["from": "21:00", "to": "07:30"])
        #expect(settings["sending"]?["per_contact_per_day"] == 1 && settings["sending"]?["per_day"] == 2000)
        #expect(settings["locale"] == "pt-BR" && settings["tracking"]?["clicks"] == false)
        #expect(try agency.owner.get("/v1/settings").ok() == settings)
        #expect(try agency.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()["quiet_hours"] == .null)
        let faults = try agency.owner.patch(
            "/v1/settings",
            [
                "sender": ["name": "", "email": "nobody", "age": 3],
                "quiet_hours": ["from": "25:00", "to": "x"],
                "business_hours": "always", "sending": ["per_contact_per_day": 0],
            ]
        ).faults()
        #expect(faults["/sender/email"] == "invalid_email" && faults["/sender/age"] == "unknown_field")
        #expect(faults["/quiet_hours/from"] == "invalid_time" && faults["/quiet_hours/to"] == "invalid_time")
        #expect(faults["/business_hours"] == "wrong_type")
        #expect(faults["/sending/per_contact_per_day"] == "out_of_range")
        #expect(try agency.owner.patch("/v1/settings", ["locale": "klingon"]).faults()["/locale"] != nil)
        #expect(
            try agency.owner.patch("/v1/settings", ["consent_rules": ["FR": "maybe"]]).faults().keys.first?
                .hasPrefix("/consent_rules") == true)
    }

    @Test func `setup tells what mail still lacks`() throws {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        func open() throws -> Set<String> {
            let items = try agency.owner.get("/v1/setup").ok().items
            return Set(items.filter { $0["done"] != true }.map { $0.text("key") })
        }
        let before = try open()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        #expect(try open() == before.subtracting(["mail", "postal_address", "sender"]))
        #expect(try open().count == before.count - 3)
    }

    // MARK: Integrations

    @Test func `credentials are never shown, and only what is named of them changes`() throws {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let path = "/v1/integrations/\(made.id)"
        let names: JSON = ["server_token", "webhook_password", "webhook_username"]
        func isHidden(_ answer: JSON) -> Bool {
            let text = answer.serialized
            return [postmark.serverToken, postmark.password].allSatisfy { !text.contains($0) }
        }
        #expect(made["has_credentials"] == names && isHidden(made))
        for answer in [
            try agency.owner.get(path).ok(), try agency.owner.get("/v1/integrations").ok(),
            try agency.owner.patch(path, ["name": "Post"]).ok(),
            try agency.owner.patch(path, ["credentials": ["webhook_password": "other"]]).ok(),
            try agency.owner.get("/v1/audit").ok(), try agency.owner.get("/v1/events").ok(),
        ] {
            #expect(isHidden(answer))
        }
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true, "the token is there as before")
        #expect(try agency.owner.get(path).ok()["checked_at"] != .null)
        let less = try agency.owner.patch(path, ["credentials": ["webhook_password": nil]]).ok()
        #expect(less["has_credentials"] == ["server_token", "webhook_username"])
        #expect(
            try agency.owner.patch(path, ["credentials": ["server_token": nil]]).faults()
                == ["/credentials/server_token": "required"])
        // Readers of integrations neither set, test nor move what opens them.
        for reader in [try agency.colleague("viewer"), try agency.key(["integrations:read"])] {
            #expect(isHidden(try reader.get(path).ok()))
            try reader.patch(path, ["credentials": ["server_token": "x"]]).problem(403, "forbidden")
            let secret: JSON = ["credentials": ["server_token": "x"]]
            try reader.post("\(path)/rotate", secret).problem(403, "forbidden")
            try reader.post("\(path)/rotate").problem(403, "forbidden")
            try reader.post("\(path)/test").problem(403, "forbidden")
            try reader.post("\(path)/connect").problem(403, "forbidden")
            try reader.delete(path).problem(403, "forbidden")
        }
        let stranger = try server.quietAgency().owner
        try stranger.get(path).problem(404)
        try stranger.post("\(path)/rotate", ["credentials": ["server_token": "x"]]).problem(404)
        try stranger.post("\(path)/test").problem(404)
        try agency.owner.delete(path).ok(204)
        try agency.owner.get(path).problem(404)
    }

    @Test func `whoever gives a service another address has to give its credentials, too`() throws {
        let (agency, postmark, thief) = (try server.signUp(), try PostmarkStandIn(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let path = "/v1/integrations/\(made.id)"
        let moved: JSON = ["settings": ["base_url": .string(thief.service.url)]]
        #expect(try agency.owner.patch(path, moved).faults() == ["/credentials/server_token": "required"])
        let whole = moved.merging(["credentials": ["server_token": "new"]])
        let changed = try agency.owner.patch(path, whole).ok()
        #expect(changed["has_credentials"] == ["server_token"], "none of the old ones are left")
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == false)
        let seen = thief.service.requests.compactMap { $0.header("X-Postmark-Server-Token") }
        #expect(seen == ["new"])
    }

    @Test func `what a provider does not know is named at its place`() throws {
        let agency = try server.quietAgency()
        func faults(_ body: JSON) throws -> [String: String] {
            try agency.owner.post("/v1/integrations", body).faults()
        }
        #expect(try faults([:])["/provider"] == "required")
        #expect(
            try faults(["provider": "pigeon", "capability": "email_sending"]) == [
                "/provider": "invalid_choice"
            ])
        #expect(
            try faults([
                "provider": "postmark", "capability": "payments",
                "settings": ["colour": "red", "base_url": 5],
                "credentials": ["server_token": "x", "pin": "1", "webhook_password": 7],
            ]) == [
                "/capability": "invalid_choice", "/settings/colour": "unknown_field",
                "/settings/base_url": "wrong_type", "/credentials/pin": "unknown_field",
                "/credentials/webhook_password": "wrong_type",
            ])
        #expect(
            try faults(["provider": "smtp", "capability": "email_sending"]) == [
                "/settings/base_url": "required"
            ])
        #expect(
            try faults([
                "provider": "smtp", "capability": "email_sending",
                "settings": ["base_url": "http://x.example"],
            ]) == ["/settings/base_url": "invalid_url"])
        let providers = try agency.owner.get("/v1/integration-providers").ok().items
        let names = Set(providers.map { $0.text("name") })
        #expect(names.isSuperset(of: ["smtp", "mailgun", "sendgrid", "postmark", "maileroo", "generic"]))
    }

    // MARK: Files

    @Test func `a file is what its bytes are, and kept once`() throws {
        let agency = try server.quietAgency()
        let pdf = Array("%PDF-1.7\nhello\n".utf8)
        let raw = try agency.owner.post("/v1/files?name=a.txt", raw: pdf, type: "text/plain").ok(201)
        #expect(raw.text("media_type") == "application/pdf" && raw["size"] == JSON(pdf.count))
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"..\\\\x/\u{202e}evil.pdf\"\r\nContent-Type: text/html\r\n\r\n"
        let multipart = try agency.owner.post(
            "/v1/files", raw: Array(form.utf8) + pdf + Array("\r\n--b--\r\n".utf8),
            type: "multipart/form-data; boundary=b"
        ).ok(201)
        #expect(multipart.text("name") == "evil.pdf" && multipart["sha256"] == raw["sha256"])
        let got = try agency.owner.get("/v1/files/\(raw.id)/content")
        #expect(got.body == pdf && got.header("Content-Type") == "application/pdf")
        #expect(got.header("Content-Disposition")?.hasPrefix("attachment;") == true)
        #expect(got.header("Content-Security-Policy")?.contains("sandbox") == true)
        let page = try agency.owner.post(
            "/v1/files?name=x.png", raw: Array("<!DOCTYPE html><script>alert(1)</script>".utf8),
            type: "image/png"
        ).ok(201)
        #expect(page.text("media_type") == "text/html")
        #expect(
            try agency.owner.post("/v1/files", raw: [], type: "application/pdf").faults() == [
                "/file": "required"
            ])
        #expect(
            try agency.owner.post(
                "/v1/files", raw: Array("--b--\r\n".utf8), type: "multipart/form-data; boundary=b"
            )
            .faults() == ["/file": "required"])
        try agency.owner.delete("/v1/files/\(raw.id)").ok(204)
        #expect(
            try agency.owner.get("/v1/files/\(multipart.id)/content").body == pdf, "the other has its bytes")
    }

    @Test func `a link opens one file for an hour to whoever has it, and nobody else's file opens`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let file = try agency.owner.post("/v1/files?name=%C3%BC%22.pdf", raw: Array("%PDF-1.7\n".utf8)).ok(
            201)
        let link = try agency.owner.post("/v1/files/\(file.id)/link").ok()
        let path = try #require(
            link.text("url").firstRange(of: "/f/").map { String(link.text("url")[$0.lowerBound...]) })
        let got = try server.anonymous.get(path)
        #expect(got.status == 200 && got.text == "%PDF-1.7\n")
        #expect(got.header("Content-Disposition")?.contains("filename*=UTF-8''%C3%BC%22.pdf") == true)
        try server.anonymous.get(path + "A").problem(404)
        try server.anonymous.get("/u/" + path.dropFirst(3)).problem(404)
        for tail in ["", "/content"] { try other.owner.get("/v1/files/\(file.id)\(tail)").problem(404) }
        try other.owner.post("/v1/files/\(file.id)/link").problem(404)
        try agency.owner.delete("/v1/files/\(file.id)").ok(204)
        try server.anonymous.get(path).problem(404)
    }

    // MARK: Templates

    @Test func `a template speaks the contact's language, keeps its versions, and names its faults`() throws {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        func make(_ more: JSONObject) throws -> Answer {
            var body: JSONObject = [
                "name": "first", "channel": "email", "subject": "Hello {{ contact.name }}",
                "body": "Dear {{ contact.name }}, [stop]({{ unsubscribe_url }})",
            ]
            for (name, value) in more.members { body[name] = value }
            return try agency.owner.post("/v1/templates", .object(body))
        }
        let english = try make([:]).ok(201)
        let of: JSON = .string(english.id)
        let german = try make([
            "locale": "de", "subject": "Hallo {{ contact.name }}", "body": "Guten Tag", "variant_of": of,
        ]).ok(201)
        _ = try make(["locale": "pt-BR", "subject": "Olá", "variant_of": of]).ok(201)
        func subject(_ locale: JSON) throws -> String {
            let contact = try agency.makeContact(
                0, ["email": .string("\(UUID().uuidString)@example.com"), "locale": locale, "country": "US"])
            let asked = try agency.owner.post(
                "/v1/messages",
                [
                    "contact_id": .string(contact.id), "template_id": .string(english.id),
                    "purpose": "marketing",
                ]
            ).ok(202)
            #expect(!asked.text("text").contains("unsubscribe.invalid"))
            return asked.text("subject")
        }
        #expect(try subject(nil) == "Hello Person 0" && subject("fr") == "Hello Person 0")
        #expect(
            try subject("de-AT") == "Hallo Person 0" && subject("pt-BR") == "Olá" && subject("pt") == "Olá")
        try agency.owner.patch("/v1/templates/\(german.id)", ["body": "Grüß Gott"]).ok()
        try agency.owner.patch("/v1/templates/\(german.id)", ["name": "renamed"]).ok()
        let versions = try agency.owner.get("/v1/templates/\(german.id)/versions").ok().items
        #expect(versions.map { $0.text("body") } == ["Grüß Gott", "Guten Tag"])
        let problem = try make(["body": "Hi\n{{ lead.nose }}\n{% if lead.company %}"]).problem(422)
        let errors = problem["errors"]?.array ?? []
        #expect(
            errors.contains { $0["pointer"] == "/body" && $0["code"] == "unknown_name" && $0["line"] == 2 })
        #expect(errors.contains { $0["code"] == "unclosed_block" && $0["line"] == 3 })
        #expect(try make(["subject": nil]).faults() == ["/subject": "required"])
        #expect(try make(["locale": "x"]).faults() == ["/locale": "invalid_locale"])
        #expect(
            try make(["variant_of": .string(german.id)]).faults() == ["/variant_of": "unknown_reference"],
            "of a variant there is none")
    }
}
