import JSON
import Testing

/// The product's words, and an agency's instead.
@Suite(.ownThread) struct Wordings {
    let server = BureauProcess.shared

    private let waiting = "report.waiting"

    private func texts(in language: String, _ owner: Caller) throws -> [JSON] {
        let answer = try owner.get("/v1/wordings/\(language)").ok()
        #expect(answer.text("language") == language)
        return answer["texts"]?.array ?? []
    }

    @Test func `every sentence can be read, with what it is written with`() throws {
        let owner = try server.quietAgency().owner
        for language in ["en", "de", "fr", "es", "it", "pt", "nl"] {
            let all = try texts(in: language, owner)
            #expect(all.count > 200 && all.allSatisfy { !$0.text("standard").isEmpty && $0["text"] == .null })
            let one = try #require(all.first { $0.text("key") == waiting })
            #expect(one["arguments"] == ["count"])
        }
        let german = try texts(in: "de", owner)
        let english = try texts(in: "sv", owner)
        func standard(_ list: [JSON]) -> String? {
            list.first { $0.text("key") == "report.done" }?.text("standard")
        }
        #expect(standard(german) == "Was getan wurde")
        #expect(standard(english) == "What was done", "there are no words in Swedish")
        try owner.get("/v1/wordings/german").problem(404, "not_found")
    }

    @Test func `an agency's own words are said instead, and no other agency's`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let owner = agency.owner
        let made = try owner.put("/v1/wordings/de/report.done", ["text": "Das haben wir geschafft"]).ok()
        #expect(made.text("key") == "report.done" && made.text("language") == "de")
        func title(_ owner: Caller, _ locale: String) throws -> String? {
            let client = try owner.makeClient()
            let report = try owner.post(
                "/v1/reports", ["client_id": .string(client.id), "locale": .string(locale)]
            ).ok(201)
            return report["sections"]?.array?.first?.text("title")
        }
        #expect(try title(owner, "de-AT") == "Das haben wir geschafft")
        #expect(try title(owner, "en") == "What was done")
        #expect(try title(other.owner, "de") == "Was getan wurde")
        // Set again it is the same record, with other words.
        let again = try owner.put("/v1/wordings/de/report.done", ["text": "Erledigt"]).ok()
        #expect(again.id == made.id && again["version"] == 2)
        #expect(try owner.every("/v1/wordings?language=de").map { $0.text("text") } == ["Erledigt"])
        #expect(try owner.every("/v1/wordings?key=report.done").count == 1)
        #expect(try owner.every("/v1/wordings?language=fr").isEmpty)
        let listed = try texts(in: "de", owner).first { $0.text("key") == "report.done" }
        #expect(listed?.text("text") == "Erledigt" && listed?.text("standard") == "Was getan wurde")
        #expect(try title(owner, "de") == "Erledigt")
        try owner.delete("/v1/wordings/de/report.done").ok(204)
        try owner.delete("/v1/wordings/de/report.done").problem(404, "not_found")
        #expect(try title(owner, "de") == "Was getan wurde")
        let actions = try owner.every("/v1/audit?subject_id=\(made.id)").map { $0.text("action") }
        #expect(Set(actions) == ["wording.created", "wording.updated", "wording.deleted"])
    }

    @Test func `an agency adds a language of its own`() throws {
        let owner = try server.quietAgency().owner
        try owner.put("/v1/wordings/sv/report.done", ["text": "Vad som har gjorts"]).ok()
        let client = try owner.makeClient()
        let report = try owner.post(
            "/v1/reports", ["client_id": .string(client.id), "locale": "sv-SE"]
        ).ok(201)
        #expect(report["sections"]?.array?.first?.text("title") == "Vad som har gjorts")
        #expect(report.text("summary").contains("finished"), "what it has not said is said in English")
    }

    @Test func `words that could not be said are refused, and say why`() throws {
        let owner = try server.quietAgency().owner
        func faults(_ text: JSON) throws -> [String: String] {
            try owner.put("/v1/wordings/de/\(waiting)", ["text": text]).faults()
        }
        for text in [
            "Es warten Ergebnisse.", "{count, plural, one {eines}", "{count} {name}", "{0}", "{count, date}",
            "{count, number, ::scale/1E900000000}",
        ] {
            #expect(try faults(.string(text)) == ["/text": "invalid_placeholder"], "\(text)")
        }
        #expect(try faults("") == ["/text": "required"] && faults("  ") == ["/text": "required"])
        #expect(try faults(.null) == ["/text": "required"] && faults(3) == ["/text": "required"])
        #expect(
            try owner.put("/v1/wordings/de/\(waiting)", ["text": "{count}", "key": "x"]).faults()
                == ["/key": "unknown_field"])
        for key in ["no.such", "template.ticket_delay.body"] {
            try owner.put("/v1/wordings/de/\(key)", ["text": "x"]).problem(404, "not_found")
        }
        try owner.put("/v1/wordings/DE/\(waiting)", ["text": "{count}"]).problem(404, "not_found")
        #expect(try owner.every("/v1/wordings").isEmpty)
        // As it is written, and as it may be written, too.
        try owner.put(
            "/v1/wordings/de/\(waiting)", ["text": "{count, plural, one {Eines wartet.} other {# warten.}}"]
        ).ok()
        try owner.put("/v1/wordings/de/\(waiting)", ["text": "Es warten: {count}"]).ok()
    }
}
