import JSON
import Testing

@testable import Templates

@Suite struct `Filters` {
    static let lead: JSON = [
        "company": "ACME tools", "contact_name": "Dr. Jane Doe", "pain_points": ["slow", "dear", "old"],
        "notes": "The quick brown fox jumps over the lazy dog", "score": 1, "is_client": true,
        "budget": ["amount": 150_000, "currency": "EUR"], "share": 0.256, "empty": [],
    ]

    static let changes: [(String, String)] = [
        ("lead.company | upcase", "ACME TOOLS"), ("lead.company | downcase", "acme tools"),
        ("'grüße GmbH' | capitalize", "Grüße GmbH"), ("'élan' | capitalize", "Élan"), ("'' | capitalize", ""),
        ("lead.contact_name | first_name", "Jane"), ("lead.notes | truncate: 12", "The quick…"),
        ("lead.notes | truncate: 12, '...'", "The quick..."),
        ("lead.notes | truncate: 100", "\(lead["notes"]!.text!)"),
        ("'Donaudampfschiff' | truncate: 6", "Donau…"), ("'👩‍👩‍👧 and more' | truncate: 3", "👩‍👩‍👧…"),
        ("'abc' | truncate: 1", "…"), ("'abcdef' | truncate: 2, '....'", ".."),
        ("lead.pain_points | join", "slow, dear, old"), ("lead.pain_points | join: '/'", "slow/dear/old"),
        ("lead.pain_points | join: ', ', ' and '", "slow, dear and old"),
        ("lead.pain_points", "slow, dear, old"),
        ("lead.pain_points | first", "slow"), ("lead.pain_points | last | upcase", "OLD"),
        ("lead.pain_points | size", "3"), ("lead.company | size", "10"), ("lead.pain_points.size", "3"),
        ("lead.custom.nothing | size", "0"),
        ("lead.score | plural: 'lead', 'leads'", "lead"), ("0 | plural: 'lead', 'leads'", "leads"),
        ("lead.pain_points | plural: 'point', 'points'", "points"),
        ("1.5 | plural: 'lead', 'leads'", "leads"),
        ("lead.budget | money", "€1,500.00"), ("lead.budget", "€1,500.00"),
        ("lead.budget | default: 'on request'", "€1,500.00"),
        ("lead.custom.price | default: 'on request' | money", "on request"),
        ("lead.custom.price | money | default: 'on request'", "on request"), ("lead.budget.currency", "EUR"),
        ("1234567.891 | number", "1,234,567.891"), ("1234.5 | number: 2", "1,234.50"),
        ("2.675 | number: 1", "2.7"),
        ("1234.5", "1234.5"), ("2026", "2026"), ("'12' | number: 1", "12.0"), ("'many' | number", "many"),
        ("-0.4 | number: 0", "0"), ("-1.5 | number: 0", "-2"), ("1000000000000000000 | number", "1e+18"),
        ("lead.share | percent", "26%"), ("lead.share | percent: 1", "25.6%"), ("lead.is_client", "true"),
        ("'a b&c/ü' | url_encode", "a%20b%26c%2F%C3%BC"), ("'later' | date", "later"),
        ("nil | default: 'x'", "x"), ("false | default: 'x'", "x"), ("0 | default: 'x'", "0"),
    ]

    @Test(arguments: changes)
    func `change what is put out`(expression: String, expected: String) throws {
        #expect(try rendered("{{ \(expression) }}", Self.lead) == expected)
    }

    @Test func `refuse what they cannot work on`() {
        for wrong in [
            "lead.company | join", "lead.pain_points | upcase", "lead.budget | upcase", "lead.score | money",
            "lead.is_client | number", "lead.company | money", "lead.score | date", "lead.pain_points | date",
            "lead.company | first", "lead.score | size", "lead.notes | truncate: 0",
            "lead.notes | truncate: lead.score", "lead.score | plural", "lead.score | plural: 1, 2",
            "lead.score | number: 9", "lead.score | number: 'x'", "lead.company | upcase: 'x'",
            "lead.company | default", "lead.company | default: 'a', 'b'", "lead.created_at | date: '%Q'",
            "lead.created_at | date: 'd MMMMM'", "lead.created_at | date: ''", "lead.created_at | date: '%'",
        ] {
            #expect(faults("{{ \(wrong) }}").first?.hasPrefix("wrong_argument") == true, "\(wrong)")
        }
    }
}
