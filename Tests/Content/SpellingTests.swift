import JSON
import Templates
import Testing

@testable import Content

/// Words are looked up in the distribution's dictionaries: what is no word is told, and names are left alone.
@Suite struct Spelling {
    private func faults(_ body: String, _ language: String = "en", own: Set<String> = []) -> [String] {
        SpellingReader.read(body, in: language, own: own).faults.map { "\($0.word) \($0.suggestion ?? "-")" }
    }

    @Test func `a word that no dictionary has is told with the one that was meant`() {
        #expect(
            faults("We recieve many letters, and definately answer them. Teh garden is open.")
                == ["recieve receive", "definately definitely", "Teh The"])
        #expect(
            faults("Wir schreiben die Rechnugn am Freitag, und verschiken sie gleich.", "de")
                == ["Rechnugn Rechnung", "verschiken verschicken"])
    }

    @Test func `a language alone is spelt as any of its countries, and a country as itself`() {
        let body = "The colours of the neighbour and the color of the neighbor are in the garden of our house."
        #expect(faults(body, "en") == [])
        #expect(faults(body, "en-US") == ["colours colors", "neighbour neighbor"])
        #expect(faults(body, "en-GB") == ["color colour", "neighbor neighbour"])
        #expect(faults("The coluors of the harbour are here.", "en").count == 1)
        #expect(faults(body, "en-ZZ") == [], "a country without a dictionary is spelt as its language")
    }

    @Test func `names, code, addresses, numbers, hashtags and the agency's own words are no faults`() {
        let body = """
            Zapier and Müller meet Anneliese Kowalczyk at https://exmaple.example/whre. Write to jhon@acme.example.
            Open README.mdx or src/mian.swift, run `recieve --all`, and use the iPhnoe with an OEPN sign.

                and ```teh``` end

            {{ frist_name }} has 3rd place, #grwoth and @somebdoy know it. The quadrolith is ours.
            """
        #expect(faults(body, own: ["quadrolith"]) == [])
        #expect(
            faults(body) == ["quadrolith quadrilateral"]
                || faults(body).first?.hasPrefix("quadrolith") == true)
        #expect(faults("Gestern kam Herr Schmidtke aus Buxtehude zu Zwiesel & Sohn.", "de") == [])
    }

    @Test func `each word is told once, at most twenty of them`() {
        #expect(faults("A gardn is a gardn, and many people like their gardn very much.").count == 1)
        let wrong = (0..<26).map { "wrnog" + String(UnicodeScalar(UInt8(97 + $0))) + "x" }
        let right = Array(repeating: "the house is open and we are in the garden", count: 12)
        #expect(faults((right + wrong).joined(separator: " ")).count == 20)
    }

    @Test func `without a dictionary, or in another language, nothing is told, and it says so`() {
        let none = SpellingReader.read("Kirjoitamme laskut perjantaina.", in: "fi", own: [])
        #expect(!none.isChecked && none.faults.isEmpty && none.language == "fi")
        let other = SpellingReader.read(
            "Wir schreiben jeden Freitag eine Rechnung und schicken sie gleich weg.", in: "en", own: [])
        #expect(!other.isChecked && other.faults.isEmpty)
        #expect(SpellingReader.read("We write.", in: "en-US", own: []).isChecked)
        #expect(!SpellingReader.read("We write.", in: "../../etc", own: []).isChecked)
    }

    @Test func `a finding has its place, costs little, and is the same from what was kept`() throws {
        var input = QualityInput()
        (input.body, input.locale) = ("We recieve letters, and they recieve ours.", "en")
        input.spelling = SpellingReader.read(input.body, in: "en", own: [])
        let report = QualityReport(input)
        let found = report.findings.filter { $0.code == .spelling }
        #expect(found.map(\.place) == [3..<10, 29..<36])
        #expect(
            found[0].severity == .note
                && found[0].suggestion.english == "Write receive, or let it pass if it is right.")
        #expect(found[0].detail.english == "No dictionary has the word recieve.")
        #expect(report.score == 100 - 3)
        let again = try #require(QualityInput(json: input.json))
        #expect(again == input && QualityReport(again).json == report.json)
        #expect(report.json["spelling"] == ["language": "en", "checked": true])
    }
}
