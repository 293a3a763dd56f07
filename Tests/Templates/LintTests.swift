import JSON
import Records
import Testing

@testable import Templates

@Suite struct `The lint` {
    static let sample: JSON = [
        "lead": ["company": "Acme", "contact_name": "Jane Doe", "pain_points": ["slow", "dear"]],
        "booking_url": "https://book.example.com/x", "unsubscribe_url": "https://a.example.com/u",
    ]

    static let good = """
        Hi {{ lead.contact_name | first_name | default: "there" }},

        I saw that {{ lead.company }} has opened a second shop, and that the site still sends people to the first
        one. We have helped two bakeries near you with the same thing, and it took us about a week each time.

        Would you like to [look at one of them](https://www.bureau.com/work)? Or pick a time: {{ booking_url }}

        [Unsubscribe]({{ unsubscribe_url }})
        """

    static func report(
        _ body: String, subject: String = "A question about {{ lead.company }}", preview: String? = nil,
        purpose: TemplateLint.Purpose = .marketing, sample: JSON = sample
    ) throws -> TemplateLint.Report {
        let mail = try MailTemplate.compile(
            subject: subject, body: body, preview: preview, names: sampleNames)
        return try TemplateLint.check(mail, purpose: purpose, sample: sample, locale: .english, zone: .utc)
    }

    /// `code line:column` of those that concern `body`'s source, else the code.
    static func codes(_ report: TemplateLint.Report) -> [String] {
        report.warnings.map { warning in
            warning.code.rawValue + (warning.line.map { " \($0):\(warning.column ?? 0)" } ?? "")
        }
    }

    @Test func `has nothing to say about a good mail`() throws {
        let report = try Self.report(Self.good)
        #expect(Self.codes(report) == [])
        #expect(report.spam.value == 0 && report.spam.parts.isEmpty)
    }

    @Test(arguments: [
        ("[a](http://a.example.com)", "insecure_link"), ("http://a.example.com/x is it", "insecure_link"),
        ("[a](https://localhost:8080/x)", "broken_link"), ("[a](https://192.168.0.1/)", "broken_link"),
        ("[a](https://printer.local)", "broken_link"), ("[a](www.example.com)", "broken_link"),
        ("[a]()", "broken_link"), ("[a](https://)", "broken_link"),
        ("[a](https://exa mple.com)", "broken_link"),
        ("[a](javascript:alert)", "broken_link"), ("[a](mailto:nobody)", "broken_link"),
        ("[a](https://bit.ly/3x)", "shortened_link"), ("https://tinyurl.com/abc", "shortened_link"),
        ("[www.bank.com](https://evil.example.com)", "misleading_link"),
        ("[https://bank.com/login](https://evil.example.com/?x={{ lead.company }})", "misleading_link"),
        ("Hello [First Name]", "foreign_placeholder"), ("Hello {first_name}", "foreign_placeholder"),
        ("Hello *|FNAME|*", "foreign_placeholder"), ("Hello %FIRSTNAME%", "foreign_placeholder"),
        ("Hello {{ lead.notes }}", "missing_fallback"),
    ])
    func `finds what is wrong, and where`(line: String, code: String) throws {
        let column =
            line.firstRange(of: "](").map { line.distance(from: line.startIndex, to: $0.upperBound) + 1 }
            ?? (line.hasPrefix("http") ? 1 : line.contains("{{") ? 10 : 7)
        let report = try Self.report("\(Self.good)\n\n\(line)\n")
        #expect(Self.codes(report) == ["\(code) 10:\(column)"])
    }

    @Test(arguments: [
        "[a](mailto:jane@example.com) [b](tel:+491234) [c](https://a.example.com/{{ lead.company }})",
        "[bureau.com](https://www.bureau.com/x) [Node.js](https://nodejs.org) [x]({{ booking_url }})",
        "[a](https://a.example.com \"A title\") <https://a.example.com> 50% off is 30% less",
        "- [x] done\n- [ ] open\n\n[text][1]\n\n[1]: https://a.example.com",
    ])
    func `lets pass what only looks alike`(line: String) throws {
        #expect(Self.codes(try Self.report("\(Self.good)\n\n\(line)\n")) == [])
    }

    @Test func `says that the way out is added, where somebody has to have one`() throws {
        let body = Self.good.replacing("[Unsubscribe]({{ unsubscribe_url }})", with: "")
        let report = try Self.report(body)
        #expect(report.warnings.map(\.code) == [.missingUnsubscribe] && report.warnings[0].severity == .info)
        #expect(try Self.report(body, purpose: .transactional).warnings.isEmpty)
    }

    @Test func `looks at the subject and what stands beside it`() throws {
        let long = String(repeating: "Long words ", count: 8)
        #expect(Self.codes(try Self.report(Self.good, subject: long)) == ["subject_too_long"])
        #expect(
            Self.codes(try Self.report(Self.good, subject: "{{ lead.company }}", sample: [:])).contains(
                "empty_subject"))
        #expect(Self.codes(try Self.report(Self.good, preview: "")) == ["empty_preview"])
        #expect(Self.codes(try Self.report("{% if lead.notes %}x{% endif %}")).contains("empty_preview"))
    }

    @Test(arguments: [
        ("FREE SHOES FOR YOU", "capitals_in_subject"), ("Shoes!! Now!", "exclamation_marks"),
        ("Re: our talk", "false_reply"), ("You have won a car", "spam_phrase"),
        ("Jetzt kaufen", "spam_phrase"), ("AW: unser Gespräch", "false_reply"),
        ("RV: nuestra charla", "false_reply"), ("Doorst: ons gesprek", "false_reply"),
    ])
    func `knows how spam begins`(subject: String, code: String) throws {
        let report = try Self.report(Self.good, subject: subject)
        #expect(Self.codes(report) == [code])
        #expect(report.spam.value >= 1 && report.spam.parts.allSatisfy { $0.part == "subject" })
    }

    @Test func `adds the signs up, and tells what each costs`() throws {
        let report = try Self.report(
            """
            ACT NOW!!! CLICK HERE FOR FREE MONEY: [www.bank.com](http://bit.ly/x) ![x](https://a.example.com/p.png)
            """, subject: "URGENT WINNER!!!")
        #expect(report.spam.value == 10)
        let codes = Set(report.spam.parts.map(\.code))
        #expect(
            codes.isSuperset(of: [
                .capitalsInSubject, .exclamationMarks, .spamPhrase, .shortText, .imageHeavy, .insecureLink,
                .shortenedLink, .misleadingLink,
            ]))
        #expect(report.spam.parts.allSatisfy { $0.points > 0 && !$0.detail.english.isEmpty })
        let links = (0..<12).map { "[page \($0)](https://a.example.com/\($0))" }.joined(separator: " ")
        #expect(Self.codes(try Self.report("\(Self.good)\n\n\(links)")) == ["many_links"])
    }

    @Test func `warns of a mail that is cut off`() throws {
        let body = Self.good + "\n\n" + String(repeating: "A sentence of some words. ", count: 4000)
        #expect(Self.codes(try Self.report(String(body.prefix(99_000)))).contains("clipped") == false)
        let wide =
            Self.good + "\n\n{% for p in lead.pain_points %}{{ lead.notes | default: 'x' }}{% endfor %}"
        let long = JSON.string(String(repeating: "word ", count: 11_000))
        let sample: JSON = ["lead": ["pain_points": ["a", "b"], "notes": long]]
        #expect(Self.codes(try Self.report(wide, sample: sample)).contains("clipped"))
    }
}
