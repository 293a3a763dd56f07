import Foundation
import JSON
import StandIns
import Testing

/// Clients read their language: pages, mails, and what follows from a choice.
@Suite(.ownThread) struct PortalLanguage {
    let server = BureauProcess.shared

    private struct Catalogue {
        let texts: [String: String], codes: [String: String], problems: [String: String]

        init(_ json: JSON) {
            func entries(_ name: String) -> [String: String] {
                (json[name]?.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.text }
            }
            (texts, codes, problems) = (entries("texts"), entries("codes"), entries("problems"))
        }
    }

    private func catalogues() throws -> [String: Catalogue] {
        let folder = BureauProcess.root + "/static/portal/words"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try names.reduce(into: [:]) { found, name in
            let json = try server.anonymous.get("/portal/words/\(name)").ok()
            found[String(name.prefix { $0 != "." })] = Catalogue(json)
        }
    }

    /// The names of the places for values. A plural is none of them: counts are written by Intl, or behind a colon.
    private func places(_ text: String) -> [String] {
        text.matches(of: /\{(\w+)\}/).map { String($0.1) }.sorted()
    }

    /// The texts that stand between the tags of the portal's first page.
    private func textsOfPage() throws -> Set<String> {
        let page = try server.anonymous.get("/portal/").text.replacing(/<script.*?<\/script>/, with: "")
        return Set(
            page.matches(of: />([^<>]+)</).map { String($0.1) }.filter { $0.contains(where: \.isLetter) })
    }

    @Test func `every text of the portal is in every catalogue, and no other`() throws {
        var used = try textsOfPage()
        #expect(
            used.count == 4, "the title, the link to the content, what is there before scripts, and without")
        for (path, text) in try server.modules(of: "/portal/main.js") {
            for found in text.matches(of: /\b(?:t|pieces)\(\s*"((?:[^"\\]|\\.)*)"/) {
                used.insert(String(found.1))
            }
            for found in text.matches(of: /\bplural\([^"]*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"/) {
                used.formUnion([String(found.1), String(found.2)])
            }
            // A text that is put together would be looked for in vain.
            for call in text.matches(of: /\b(?:t|pieces)\(\s*([^"\s)])/) where path != "/ui/words.js" {
                Issue.record("\(path): a text that is no literal, after \(call.1)")
            }
        }
        #expect(used.count > 200, "the pattern finds the texts")
        let catalogues = try catalogues()
        #expect(Set(catalogues.keys).isSuperset(of: ["en", "de", "fr", "es", "it", "pt", "nl"]))
        let offered = try server.anonymous.get("/portal/words/index.json").ok()
        #expect(offered.array?.compactMap(\.text) == catalogues.keys.sorted(), "nobody gets the others")
        let named = try #require(catalogues["de"]).problems.keys.sorted()
        #expect(named.count > 25)
        for (language, catalogue) in catalogues {
            #expect(catalogue.codes.keys.sorted() == catalogues["en"]?.codes.keys.sorted(), "\(language)")
            #expect(catalogue.codes.values.allSatisfy { !$0.isEmpty }, "\(language)")
            // English stands in the code, and in what the server answers.
            guard language != "en" else {
                #expect(catalogue.texts.isEmpty && catalogue.problems.isEmpty)
                continue
            }
            #expect(catalogue.problems.keys.sorted() == named, "\(language)")
            #expect(catalogue.problems.values.allSatisfy { !$0.isEmpty }, "\(language)")
            #expect(used.subtracting(catalogue.texts.keys).isEmpty, "\(language) lacks these")
            #expect(Set(catalogue.texts.keys).subtracting(used).isEmpty, "nothing says these in \(language)")
            for (text, said) in catalogue.texts {
                #expect(places(text) == places(said), "\(language): \(text)")
                #expect(!said.isEmpty)
            }
        }
    }

    @Test func `before scripts run, and where none do, its page is in the browser's language`() throws {
        let english = try textsOfPage()
        for (language, catalogue) in try catalogues() where language != "en" {
            for wanted in ["\(language)-ZZ", "xx, en;q=0.5, \(language);q=0.9", "\(language), en"] {
                let page = try server.anonymous.get("/portal/", ["Accept-Language": wanted])
                #expect(page.status == 200 && page.header("Content-Language") == language, "\(wanted)")
                #expect(page.text.contains("<html lang=\"\(language)\">"))
                for text in english {
                    let said = try #require(catalogue.texts[text])
                    #expect(page.text.contains(">\(said)<") && !page.text.contains(">\(text)<"), "\(wanted)")
                }
            }
        }
        for wanted in ["xx", ";;,q=1,*", "de;q=0", "de;q=0.1, en"] {
            let page = try server.anonymous.get("/portal/", ["Accept-Language": wanted])
            #expect(
                page.header("Content-Language") == "en" && page.text.contains("Skip to content"), "\(wanted)")
        }
    }

    @Test func `every state that the portal shows has a name in every catalogue`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        let schemas = document["components"]?["schemas"]
        let catalogues = try catalogues()
        var checked = 0
        let shown = [
            ("PortalProject", "status"), ("PortalTask", "status"), ("PortalDeliverable", "status"),
            ("PortalInvoice", "status"), ("PortalProposal", "status"),
            ("PortalContract", "status"), ("PortalDocument", "kind"), ("PortalInvitation", "client_role"),
        ]
        for (name, field) in shown {
            let property = try #require(
                (schemas?.object?.members ?? []).first {
                    $0.key == name && $0.value["properties"]?[field] != nil
                }?
                .value["properties"]?[field], "\(name)")
            for value in (property["enum"]?.array ?? []).compactMap(\.text) {
                for (language, catalogue) in catalogues {
                    #expect(catalogue.codes[value] != nil, "\(language): \(name).\(field) \(value)")
                }
                checked += 1
            }
        }
        #expect(checked > 30)
    }

    @Test func `a language that is chosen stays, is none of what does not exist, and is that of the mails`()
        throws
    {
        let (agency, mail) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", mail.service.url, credentials: mail.credentials)
        let record = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let email = "cleo-\(record.id.suffix(10).lowercased())@acme.example"
        let person = try agency.clientPerson(of: record, email: email)
        let path = "/v1/portal/preferences"
        #expect(try person.get(path).ok()["locale"] == .null)
        for wrong: JSON in ["not a language", 5, ""] {
            #expect(try person.patch(path, ["locale": wrong]).faults() == ["/locale": "invalid_locale"])
        }
        #expect(try person.patch(path, ["locale": "de-at", "frequency": "daily"]).ok()["locale"] == "de-AT")
        #expect(try person.patch(path, ["frequency": "weekly"]).ok()["locale"] == "de-AT", "it stays")
        let contact = try agency.owner.every("/v1/contacts?client_id=\(record.id)").first
        #expect(contact?.text("locale") == "de-AT")
        let link: JSON = ["email": .string(email), "tenant": agency.tenant["slug"] ?? ""]
        try server.anonymous.post("/v1/auth/magic-link", link).ok(202)
        func subject(with word: String) throws -> String {
            try eventually("a mail with \(word)") {
                mail.service.requests.compactMap { request in
                    try? JSONParser.parse(request.body)["Subject"]?.text
                }.first { $0.contains(word) }
            }
        }
        #expect(try subject(with: "Anmeldung").hasPrefix("Ihr Link"))
        #expect(try person.patch(path, ["locale": nil]).ok()["locale"] == .null)
        try server.anonymous.post("/v1/auth/magic-link", link).ok(202)
        #expect(try subject(with: "sign in").hasPrefix("Your link"), "the agency's own, then")
    }
}
