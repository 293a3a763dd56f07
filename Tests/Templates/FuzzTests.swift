import JSON
import Records
import TestRandomness
import Testing

@testable import Templates

/// Sources and values that nobody would write, from a seed.
@Suite struct `Whatever the source` {
    private static let pieces = [
        "{{", "}}", "{%", "%}", "{{-", "-}}", "{%-", "-%}", " ", "\n", "\r\n", "\"", "'", "|", ":", ",", ".",
        "[", "]",
        "(", ")", "==", "!=", "<", ">=", "=", "lead", "lead.company", "lead.pain_points", "lead.custom.x",
        "lead.budget",
        "p", "nobody", "forloop", "forloop.index", "if ", "elsif ", "else", "endif", "unless ", "endunless",
        "for ",
        " in ", "limit", "endfor", "comment", "endcomment", "and ", " or ", " contains ", "default", "date",
        "money",
        "truncate", "join", "first_name", "plural", "percent", "number", "url_encode", "3", "-1", "0.5",
        "9999999999999999999",
        "true", "nil", "text", "ü", "🎉", "\u{0}", "\u{2028}", "https://a.example/?x=", "](", ")",
        "<a href=\"", "# ",
        "- ", "| a | b |\n|---|---|\n", "{{ lead.company }}", "{{ lead.company | upcase }}",
        "{% if lead.company %}",
        "{% endif %}", "{% for p in lead.pain_points %}", "{{ p }}", "{% endfor %}", "{% else %}",
    ]

    private static let values: [JSON] = [
        nil, true, 0, -1, 3.7, 1e300, "", " ", "text", "2026-01-05", "2026-01-05T10:00:00Z", "9999-99-99",
        "A & <b>",
        "a\nb\r\n# c", "\u{202E}\u{0}é", [], ["a", "b"], [1, [2, nil]], [:],
        ["amount": 1, "currency": "EUR"],
        ["amount": -9_223_372_036_854_775_807, "currency": "KWD"], ["x": "y"], ["city": "Z"],
        .integer(.min), .integer(.max), .number(-0.0),
    ]

    private static func source(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...40, using: &random)).map { _ in pieces.randomElement(using: &random)! }
            .joined()
    }

    private static func lead(_ random: inout SeededGenerator) -> JSON {
        var lead = JSONObject()
        for name in ["company", "pain_points", "budget", "custom", "created_at", "score", "offices"] {
            lead[name] = values.randomElement(using: &random)!
        }
        return ["lead": .object(lead)]
    }

    @Test(arguments: 0..<8) func `it compiles or says why, and what compiles ends`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        var rendered = 0
        let locales = ["en", "de-CH", "ar", "ja", "pl", ""].map(TextLocale.init)
        for _ in 0..<1500 {
            let source = Self.source(&random)
            let template: Template
            do throws(TemplateFaults) {
                template = try Template.compile(source: source, names: sampleNames)
            } catch {
                #expect(!error.faults.isEmpty)
                let lines = source.utf8.count { $0 == 0x0A } + 1
                for fault in error.faults {
                    #expect((1...lines).contains(fault.line) && fault.column >= 1 && !fault.detail.isEmpty)
                }
                continue
            }
            let output = [Output.text, .html, .markdown, .subject, .url].randomElement(using: &random)!
            let locale = locales.randomElement(using: &random)!
            let text = try template.render(
                values: Self.lead(&random), for: output, locale: locale, zone: .utc
            ).text
            if case .subject = output {
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x2028 })
            }
            rendered += 1
        }
        #expect(rendered > 30)
    }

    @Test(arguments: 0..<4) func `every filter takes every value`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let filters = [
            "default: lead.custom", "upcase", "downcase", "capitalize", "first_name", "truncate: 3",
            "join: '-', '+'",
            "first", "last", "size", "date", "date: 'short'", "date: 'EEEE d MMM yy h:mm a'", "time", "money",
            "number",
            "number: 6", "percent: 2", "plural: 'a', 'b', 'c'", "url_encode",
        ]
        for _ in 0..<600 {
            let chain = (0..<3).map { _ in filters.randomElement(using: &random)! }.joined(separator: " | ")
            guard let template = try? compile("{{ lead.custom.x | \(chain) }}") else { continue }
            let value = Self.values.randomElement(using: &random)!
            let locale = TextLocale(["en", "ar", "fr"].randomElement(using: &random)!)
            _ = try template.render(
                values: ["lead": ["custom": ["x": value]]], for: .markdown, locale: locale, zone: .utc)
        }
    }

    @Test func `mails and their lint end, too`() throws {
        var random = SeededGenerator(99)
        for _ in 0..<1500 {
            let (subject, body) = (Self.source(&random), Self.source(&random))
            guard let mail = try? MailTemplate.compile(subject: subject, body: body, names: sampleNames)
            else { continue }
            let report = try TemplateLint.check(
                mail, purpose: .marketing, sample: Self.lead(&random), locale: .english, zone: .utc)
            #expect((0...10).contains(report.spam.value))
        }
    }

    @Test func `what is written to take long does not`() throws {
        let hostile = [
            String(repeating: "{{", count: 50_000), String(repeating: "{% if", count: 20_000),
            String(repeating: "{{ \"", count: 25_000), String(repeating: "](", count: 50_000),
            String(repeating: "{%comment%}", count: 9000),
            "{{ " + String(repeating: "a.", count: 49_000) + "}}",
            "{{ " + String(repeating: "a", count: 99_000) + " }}",
            String(repeating: "{{lead.company}}](", count: 3900),
            String(repeating: "{% if lead.company %}\n", count: 4000), String(repeating: "[", count: 99_000),
            String(repeating: "{%-", count: 30_000), String(repeating: "{{ x }}\n", count: 12_000),
            String(repeating: "<<a", count: 30_000), String(repeating: "https://", count: 12_000),
        ]
        let clock = ContinuousClock()
        for source in hostile {
            let time = clock.measure {
                guard let mail = try? MailTemplate.compile(subject: "x", body: source, names: sampleNames)
                else { return }
                _ = try? TemplateLint.check(
                    mail, purpose: .marketing, sample: [:], locale: .english, zone: .utc)
            }
            // In a debug build, on a busy machine; what grows with the square of the source takes minutes.
            #expect(time < .seconds(60), "\(source.prefix(20))")
        }
    }
}
