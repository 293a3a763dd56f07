import Foundation
import JSON
import Testing

/// The product's own words are in the language of whoever reads them.
@Suite(.ownThread) struct ReadersLanguage {
    let server = BureauProcess.shared

    @Test func `one notification is English for one and German for another, and changes with its reader`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let max = try agency.colleague("member")
        let id = JSON.string(try max.get("/v1/me").ok()["user"]?.id ?? "")
        try max.patch("/v1/me", ["locale": "de"]).ok()
        let path = "/v1/tickets/\(try owner.ticket("Logo", "It is the old one.").id)/messages"
        let mentions: JSON = [id, .string(agency.user.id)]
        try agency.key(["tickets:write"]).post(
            path, ["text": "Look.", "internal": true, "mentions": mentions]
        ).ok(201)
        func title(_ caller: Caller, _ headers: [String: String] = [:]) throws -> String {
            let listed = try caller.get("/v1/notifications", headers).ok().items.first ?? .null
            let one = try caller.get("/v1/notifications/\(listed.id)", headers).ok()
            #expect(one["title"] == listed["title"] && one["body"] == "Look.")
            return one.text("title")
        }
        #expect(try title(owner).contains("mentioned you in ticket"))
        #expect(try title(max).contains("hat Sie in Ticket"))
        // A reader who has chosen no language reads the one of the browser, and else the agency's.
        #expect(try title(owner, ["Accept-Language": "xx, de;q=0.8, en;q=0.5"]).contains("hat Sie in Ticket"))
        try max.patch("/v1/me", ["locale": "en"]).ok()
        #expect(try title(max, ["Accept-Language": "de"]).contains("mentioned you in ticket"))
        try max.patch("/v1/me", ["locale": nil]).ok()
        try owner.patch("/v1/settings", ["locale": "fr"]).ok()
        #expect(try title(max).contains("vous a mentionné"))
    }

    @Test func `nothing that the sample agency tells a German is English`() throws {
        let demo = try BureauProcess.demo()
        let owner = try demo.sampleOwner()
        let leads = try owner.get("/v1/leads?limit=10").ok().items.map(\.id)
        func read(_ locale: String) throws -> [String] {
            try owner.patch("/v1/me", ["locale": .string(locale)]).ok()
            let told = try owner.every("/v1/notifications").map { ("\($0.id) title", $0.text("title")) }
            let alerts = try owner.every("/v1/alerts").flatMap { alert in
                ["title", "recommended_action"].map { ("\(alert.id) \($0)", alert.text($0)) }
            }
            let kinds = try owner.every("/v1/notifications/kinds").map { ($0.text("kind"), $0.text("title")) }
            let happened = try leads.flatMap { lead in
                try owner.every("/v1/leads/\(lead)/timeline").map {
                    ("\(lead) \($0.text("at"))", $0.text("summary"))
                }
            }
            #expect(!happened.isEmpty && !kinds.isEmpty)
            return (told + alerts + kinds + happened + (try judgements(owner))).map { "\($0.0): \($0.1)" }
        }
        let (english, german) = (Set(try read("en")), try read("de"))
        let same = german.filter(english.contains)
        #expect(same.isEmpty, "\(same.prefix(10))")
        try readEverything(owner)
        try changeNothing(owner)
        try doSomething(owner)
    }

    /// Returns the words of agents and rules about records, by their places: what people wrote is left out.
    private func judgements(_ owner: Caller) throws -> [(String, String)] {
        func members(_ list: [JSON]?, _ name: String, of id: String) -> [(String, String)] {
            (list ?? []).enumerated().map { ("\(id) \($0.offset) \(name)", $0.element.text(name)) }
        }
        // The agent scores the leads of the sample behind the start, as soon as the machine gets to it.
        let (steps, scores) = try eventually("scored leads") {
            let steps = try owner.every("/v1/leads").filter { $0["next_action"] != .null }
            let scores = try owner.get("/v1/decisions?agent=lead_scoring&limit=200").ok().items
            return steps.isEmpty || scores.isEmpty ? nil : (steps, scores)
        }
        let asked = try owner.every("/v1/approvals?tool=send_message").map { ($0.id, $0.text("title")) }
        let prices = try owner.every("/v1/proposals").flatMap {
            members($0["price_factors"]?.array, "reason", of: $0.id)
        }
        let checks = try owner.every("/v1/deliverables").flatMap { deliverable in
            let factors = deliverable["quality"]?["factors"]?.array?.filter {
                ["content", "requirements", "changes"].contains($0.text("name"))
            }
            return members(factors, "evidence", of: deliverable.id)
        }
        let next = steps.map { ("\($0.id) next_action", $0.text("next_action")) }
        let evidence = scores.flatMap { members($0["factors"]?.array, "evidence", of: $0.id) }
        return next + evidence + asked + prices + checks
    }

    /// Reads every list that the document of the API names, and the first record of each, as a German: no sentence of
    /// the English catalogue is among what they hold.
    private func readEverything(_ owner: Caller) throws {
        let known = try englishSentences()
        #expect(known.count > 150, "the pattern finds the sentences")
        // The names of the setup's steps are the pages' own.
        let lists = try owner.wholeLists().filter { $0 != "/v1/setup" }
        #expect(lists.count > 60, "the pattern finds the lists")
        var left: [String] = []
        for list in lists {
            let answer = try owner.get("\(list)?limit=50")
            guard answer.status == 200 else { continue }
            let first = answer.json.items.first?["id"]?.text
            let one = try first.map { try owner.get("\(list)/\($0)") }
            for text in texts(of: answer.json)
                + (one.map { $0.status == 200 ? texts(of: $0.json) : [] } ?? [])
            {
                if let sentence = known.first(where: { text.firstMatch(of: $0.pattern) != nil }) {
                    left.append("\(list): \(text.prefix(120)) (\(sentence.key))")
                }
            }
        }
        #expect(left.isEmpty, "\(left.prefix(20))")
    }

    /// Changes nothing in each record of which a list tells a German something else than who reads English: what the
    /// change answers is told to the German, too.
    private func changeNothing(_ owner: Caller) throws {
        func listed(_ locale: String) throws -> [String: JSON] {
            try owner.patch("/v1/me", ["locale": .string(locale)]).ok()
            let all = try owner.wholeLists().flatMap { list -> [(String, JSON)] in
                let answer = try owner.get("\(list)?limit=50")
                return answer.status == 200 ? answer.json.items.map { ("\(list)/\($0.id)", $0) } : []
            }
            return Dictionary(all) { first, _ in first }
        }
        /// The sentences of a member: numbers and times are the same in every language.
        func sentences(_ value: JSON?) -> [String] { texts(of: value ?? .null).filter { $0.contains(" ") } }
        let (english, german) = (try listed("en"), try listed("de"))
        var tried: [String: Int] = [:], lists: Set<String> = [], left: [String] = []
        for (path, record) in german {
            guard let stored = english[path], record["version"] != nil,
                stored["version"] == record["version"]
            else { continue }
            let told = (record.object?.keys ?? []).filter { sentences(record[$0]) != sentences(stored[$0]) }
            let list = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            guard !told.isEmpty, tried[list, default: 0] < 5 else { continue }
            tried[list, default: 0] += 1
            let answer = try owner.patch(path, [:])
            guard answer.status == 200, answer.json["version"] == record["version"] else { continue }
            lists.insert(list)
            left += told.filter { sentences(answer.json[$0]) != sentences(record[$0]) }.map {
                "\(path): \($0)"
            }
        }
        #expect(left.isEmpty, "\(left.prefix(20))")
        #expect(lists.contains("/v1/leads"), "\(lists)")
    }

    /// Changes a record, alone and in bulk, so that the answers can be compared with those of reads.
    private func doSomething(_ owner: Caller) throws {
        let leads = try owner.get("/v1/leads?limit=200").ok().items
        let lead = try #require(leads.first { $0["next_action"] != .null && $0["email"] != .null })
        let operation: JSON = ["op": "update", "id": .string(lead.id), "body": [:]]
        let results = try owner.post("/v1/leads/bulk", ["operations": [operation]]).ok()["results"]
        #expect(results?.array?.first?["body"]?["next_action"] == lead["next_action"])
        let upsert = try owner.post(
            "/v1/leads/upsert", ["match_on": "email", "email": lead["email"] ?? .null]
        ).ok()
        #expect(upsert["next_action"] == lead["next_action"])
        let pending = try owner.every("/v1/approvals?status=pending&tool=send_message")
        let asked = try #require(pending.first)
        let rejected = try owner.post("/v1/approvals/\(asked.id)/reject", ["reason": "Nein."]).ok()
        #expect(rejected["title"] == asked["title"] && rejected["status"] == "rejected")
    }

    /// The sentences of the English catalogue that are told of something that is stored, and stand in it whole.
    private func englishSentences() throws -> [(key: String, pattern: Regex<AnyRegexOutput>)] {
        let folder = BureauProcess.root + "/Sources/Kernel/Wording/Resources"
        let texts = try JSONParser.parse(Array(Data(contentsOf: URL(filePath: "\(folder)/en.json"))))
        let stored = [
            "alert.", "notification.", "message.", "enrollment.", "domain.", "integration.", "check.",
            "timeline.", "queue.", "review.", "coaching.", "setting.", "health.", "quality.",
            "error_pattern.", "lint.",
        ]
        return try (texts.object?.members ?? []).compactMap { key, value in
            guard stored.contains(where: key.hasPrefix), let text = value.text,
                !text.contains(", select,"), !text.contains(", plural,"), !text.contains("'")
            else { return nil }
            let parts = text.split(separator: /\{\w+\}/, omittingEmptySubsequences: false)
            // A few words alone may be anybody's.
            guard parts.joined(separator: " ").split(separator: " ").count >= 4 else { return nil }
            let pattern = parts.map { NSRegularExpression.escapedPattern(for: String($0)) }
                .joined(separator: ".*")
            return (key, try Regex("^\(pattern)$"))
        }
    }

    private func texts(of answer: JSON) -> [String] {
        if let text = answer.text { return [text] }
        if let array = answer.array { return array.flatMap(texts) }
        return (answer.object?.members ?? []).flatMap { texts(of: $0.1) }
    }
}
