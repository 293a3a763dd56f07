import Testing

@testable import Wording

@Suite struct WordingTests {
    @Test func `what an agent cannot do is said in every language`() {
        let agents = [
            "primary_agent": 3, "handover_monitor": 1, "calendly_bridge": 2, "customer_service": 2,
            "client_management": 2, "outreach_automation": 2, "sales_automation": 3,
        ]
        for (agent, count) in agents {
            let english = Wording.english.limits(of: agent)
            #expect(english.count == count, "\(agent)")
            for language in Catalogue.languages where language != "en" {
                let said = Wording(language).limits(of: agent)
                let purpose = "limit.\(agent).purpose"
                #expect(Wording(language)(purpose) != Wording.english(purpose))
                #expect(said.count == count && Set(said).isDisjoint(with: english), "\(agent) in \(language)")
            }
        }
        #expect(Wording("de").limits(of: "nobody").isEmpty)
    }

    /// Texts with nothing of their reader behind the greeting, and why.
    private static let general = [
        "template.needs_assessment.body": "it asks what is not known of them yet, in the deal's questions",
        "template.price_answer.body": "it answers with the list of prices, which is the same for all",
        "template.nurture.last_word.body": "it asks nothing but whether to go on, and its subject names them",
    ]

    @Test func `each automatic text speaks of its reader behind the greeting, or says why not`() throws {
        let roots = [
            "lead", "contact", "ticket", "answer", "thanks", "campaign", "survey", "proposal", "contract", "invoice",
        ]
        for language in Catalogue.languages {
            let all = try #require(Catalogue.of(language)).texts.filter { key, _ in
                key.hasPrefix(Catalogue.templatePrefix) && (key.hasSuffix(".body") || key.hasSuffix(".text"))
            }
            #expect(all.count > 40, "\(language)")
            for (key, text) in all {
                let place = text.firstRange(of: "\n\n")?.upperBound ?? text.startIndex
                let speaks = roots.contains { text[place...].contains("{{ \($0).") }
                #expect(speaks == (Self.general[key] == nil), "\(key) in \(language)")
            }
        }
    }

    @Test func `a reader is spoken to in their language, whatever their country, and else in English`() {
        #expect(Wording("de-AT")("report.done") == "Was getan wurde")
        #expect(Wording("DE_ch").language == "de" && Wording("de_CH").tag == "de-CH")
        for tag in [nil, "", "en-GB", "ja", "x"] {
            #expect(Wording(tag)("report.done") == "What was done")
        }
        let other = Wording("ja-JP")
        #expect(other.language == "en" && other.tag == "en" && other.asked == "ja-JP")
    }

    @Test func `a sentence counts as its language does`() {
        let words = Wording("en")
        let one = words("report.waiting", ["count": .number(1)])
        #expect(one == "One deliverable waits for your approval.")
        let three = words("report.waiting", ["count": .number(3)])
        #expect(three == "3 deliverables wait for your approval.")
        let french = Wording("fr")("contract.days", ["count": .number(0)])
        #expect(french == "0 jour")
        // In Portugal none is many.
        #expect(Wording("pt")("contract.days", ["count": .number(0)]) == "0 dias")
    }

    @Test func `values are taken as they are, with braces and all`() {
        let name = "{name} 'x' # ü 👋"
        #expect(Wording("de").greeting(name) == "Guten Tag \(name),")
        #expect(Wording("fr").pageFormat == "Page {page} sur {pages}")
        let long = String(repeating: "lang ", count: 2000)
        #expect(Wording("de").greeting(long) == "Guten Tag \(long),")
    }

    @Test func `an agency's own words are said instead, and others stay`() {
        let own = ["report.done": "Geschafft", "report.period": "{broken"]
        let words = Wording("de", overrides: own)
        #expect(words("report.done") == "Geschafft")
        // A text that cannot be said is said as it is otherwise.
        #expect(words("report.period") == "Zeitraum" && words("report.value") == "Wert")
    }

    @Test func `an agency's own language falls back to English`() {
        let words = Wording(
            "sv-SE", overrides: ["contract.days": "{count, plural, one {# dag} other {# dagar}}"])
        #expect(words.language == "sv" && words.tag == "sv-SE")
        #expect(words("contract.days", ["count": .number(2)]) == "2 dagar")
        #expect(words("report.value") == "Value")
    }

    /// Returns whether a place was left; those of templates, of which sentences speak, have two braces.
    private func unfilled(_ sentence: String) -> Bool {
        sentence.replacing(/\{\{[^{}]+\}\}|\{%[^{}]+%\}/, with: "").contains("{")
    }

    @Test(arguments: Catalogue.languages) func `every sentence of a language can be said`(
        _ language: String
    ) throws {
        let catalogue = try #require(Catalogue.of(language))
        #expect(!catalogue.name.isEmpty && !catalogue.english.isEmpty)
        for (key, text) in catalogue.texts where !key.hasPrefix(Catalogue.templatePrefix) {
            let pattern = try MessagePattern(text, locale: catalogue.locale)
            for count in [0, 1, 2, 5, 1_000_000] {
                let values = pattern.arguments.mapValues { kind -> Wording.Value in
                    kind == .number ? .number(count) : .text("Ä")
                }
                let written = try pattern.written(values)
                #expect(!written.isEmpty && !unfilled(written), "\(key): \(written)")
            }
            for choice in ["yes", "no", "weekly", "credit_note", "deliverable", "survey", "voice", "nobody"] {
                let values = pattern.arguments.mapValues { kind -> Wording.Value in
                    kind == .number ? .number(3) : .text(choice)
                }
                #expect(try !unfilled(pattern.written(values)), "\(key)")
            }
        }
    }

    @Test func `what is no pattern says why`() throws {
        for text in [
            "{a", "{a, plural, one {x}}", "{0}", "{a, date}", "{a, plural, other {}} {a, select, other {}}",
            // A billion digits.
            "{a, number, ::scale/1E900000000}",
            "{a, select, other {{b, number, ::precision-increment/1E-900000000}}}",
        ] {
            #expect(throws: MessagePattern.Fault.self, "\(text)") { try MessagePattern(text, locale: "en") }
        }
        let pattern = try MessagePattern("{name}: {count, plural, other {#}}", locale: "en")
        #expect(pattern.arguments == ["name": .any, "count": .number])
        #expect(throws: MessagePattern.Fault.self) { try pattern.written(["name": .text("x")]) }
        #expect(throws: MessagePattern.Fault.self) {
            try pattern.written(["name": .text("x"), "count": .text("y")])
        }
        #expect(
            try pattern.written(["name": .number(1), "count": .decimal(1.5), "more": .text("")]) == "1: 1.5")
    }

    @Test func `a file that is no catalogue says where`() {
        for text in ["", "[]", #"{"a": "b"}"#, #"{"language": {"name": "X", "english": "X"}, "a": 1}"#] {
            #expect(throws: Catalogue.Fault.self) { try Catalogue("xx", reading: text) }
        }
    }

    @Test func `sentences are said by many at once`() async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let text = Wording("de")("contract.days", ["count": .number(number)])
                    return text == "\(number) \(number == 1 ? "Tag" : "Tage")"
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
