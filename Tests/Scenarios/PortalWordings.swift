import Foundation
import JSON
import Testing

/// The agency's own words in its portal instead of the product's texts.
@Suite(.ownThread) struct PortalWordings {
    let server = BureauProcess.shared

    private func escaped(_ key: String) -> String {
        key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? key
    }

    private func path(_ language: String, _ key: String) -> String {
        "/v1/wordings/\(language)/\(escaped(key))"
    }

    @Test func `an agency says texts of the portal in its own words, and in a language of its own`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let owner = agency.owner
        let slug = try owner.get("/v1/settings").ok().text("slug")
        func brand() throws -> JSON { try server.anonymous.get("/v1/portal/brand?slug=\(slug)").ok() }
        func own(_ language: String) throws -> JSON {
            try server.anonymous.get("/v1/portal/wordings?slug=\(slug)&language=\(language)").ok()
        }
        #expect(try brand()["languages"] == [])
        #expect(try own("de") == ["codes": [:], "texts": [:]])

        try owner.put(path("de", "portal.text.At a glance"), ["text": "Das Wichtigste"]).ok()
        try owner.put(path("sv", "portal.text.Due {day}"), ["text": "Senast {day}"]).ok()
        try owner.put(path("sv", "portal.code.blocked"), ["text": "Blockerad"]).ok()
        #expect(try brand()["languages"] == ["de", "sv"])
        #expect(try own("de")["texts"] == ["At a glance": "Das Wichtigste"])
        #expect(
            try own("sv") == ["codes": ["blocked": "Blockerad"], "texts": ["Due {day}": "Senast {day}"]])

        let listed = try owner.get("/v1/wordings/de").ok()["texts"]?.array ?? []
        let glance = try #require(listed.first { $0.text("key") == "portal.text.At a glance" })
        #expect(glance.text("standard") == "Auf einen Blick" && glance.text("text") == "Das Wichtigste")
        let due = try #require(listed.first { $0.text("key") == "portal.text.Due {day}" })
        #expect(due["arguments"] == ["day"] && due["text"] == .null)

        try owner.delete(path("de", "portal.text.At a glance")).ok(204)
        #expect(try brand()["languages"] == ["sv"])
        // Another agency has none of it.
        let theirs = try other.owner.get("/v1/settings").ok().text("slug")
        #expect(try server.anonymous.get("/v1/portal/brand?slug=\(theirs)").ok()["languages"] == [])
        try server.anonymous.get("/v1/portal/wordings?slug=nobody-has-this&language=de").problem(
            404, "not_found")
        for query in ["slug=\(slug)", "slug=\(slug)&language=", "slug=\(slug)&language=DE%27--"] {
            try server.anonymous.get("/v1/portal/wordings?\(query)").problem(400, "invalid_parameter")
        }
    }

    @Test func `words that the pages could not fill in are refused`() throws {
        let owner = try server.quietAgency().owner
        func faults(_ text: String) throws -> [String: String] {
            try owner.put(path("de", "portal.text.Due {day}"), ["text": .string(text)]).faults()
        }
        #expect(try faults("Bald") == ["/text": "invalid_placeholder"])
        #expect(try faults("Bis {day} um {hour}") == ["/text": "invalid_placeholder"])
        #expect(try faults("{day} {n, plural, other {Tage}}") == ["/text": "invalid_placeholder"])
        try owner.put(path("de", "portal.text.Nothing says this"), ["text": "Nichts"]).problem(
            404, "not_found")
        // A text of the portal makes no language of mails.
        try owner.put(path("sv", "portal.text.At a glance"), ["text": "I korthet"]).ok()
        let client = try owner.makeClient()
        let report = try owner.post(
            "/v1/reports", ["client_id": .string(client.id), "locale": "sv-SE"]
        ).ok(201)
        #expect(report["sections"]?.array?.first?.text("title") == "What was done")
    }
}
