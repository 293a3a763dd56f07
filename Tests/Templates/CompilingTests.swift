import JSON
import Records
import Testing

@testable import Templates

@Suite struct `Compiling a template` {
    @Test(arguments: [
        ("fine\nHello {{ lead.shoe_size }}", ["unknown_name 2:10"]),
        ("{% if lead.company %}open", ["unclosed_block 1:1"]),
        ("{{ lead.company ", ["syntax_error 1:1"]),
        ("{{ nobody.x }}", ["unknown_name 1:4"]),
        ("ä{{ lead.nothing }}", ["unknown_name 1:5"]),
        ("{{ lead.company | shout }}", ["unknown_filter 1:19"]),
        ("{{ lead.company | truncate: \"x\" }}", ["wrong_argument 1:29"]),
        ("{{ lead.company | truncate }}", ["wrong_argument 1:19"]),
        ("{{ lead }}", ["wrong_argument 1:4"]),
        ("{{ lead.company | money }}", ["wrong_argument 1:19"]),
        ("{{ lead.created_at | date: \"QQ\" }}", ["wrong_argument 1:28"]),
        ("{% for c in lead.company %}{% endfor %}", ["wrong_argument 1:13"]),
        ("{% for p in lead.pain_points limit: \"two\" %}{% endfor %}", ["wrong_argument 1:37"]),
        ("{% for p in lead.pain_points reversed %}{% endfor %}", ["syntax_error 1:30"]),
        ("{% for in lead.pain_points %}{% endfor %}", ["syntax_error 1:11"]),
        (
            "{{ p }}{% for p in lead.pain_points %}{{ p }}{% endfor %}{{ p }}",
            ["unknown_name 1:4", "unknown_name 1:61"]
        ),
        ("{{ forloop.index }}", ["unknown_name 1:4"]),
        ("{% endif %}", ["unclosed_block 1:1"]),
        ("{% if lead.company %}{% for p in lead.pain_points %}{% endif %}", ["unclosed_block 1:22"]),
        ("{% else %}", ["syntax_error 1:1"]),
        ("{% if lead.company %}{% else %}{% else %}{% endif %}", ["syntax_error 1:32"]),
        ("{% if lead.company %}{% else if lead.notes %}{% endif %}", ["syntax_error 1:30"]),
        ("{% include \"secrets\" %}", ["syntax_error 1:4"]),
        ("{% comment %} {{ nothing", ["unclosed_block 1:1"]),
        ("{% endcomment %}", ["unclosed_block 1:1"]),
        ("{% if lead.score = 3 %}{% endif %}", ["syntax_error 1:18"]),
        ("{% for a in (1..9) %}{{ b }}{% endfor %}", ["syntax_error 1:13", "unknown_name 1:25"]),
        ("{% if lead.pain_points | size > 2 %}{% endif %}", ["syntax_error 1:24"]),
        ("{{ \"never closed }}", ["syntax_error 1:4"]),
        ("{{ }}", ["syntax_error 1:1"]), ("{% %}", ["syntax_error 1:1"]),
        ("{{ lead.company, lead.notes }}", ["syntax_error 1:16"]),
        ("{{ lead.pain_points[x] }}", ["syntax_error 1:21"]),
        ("{{ lead.company {{ lead.notes }}", ["syntax_error 1:1"]),
    ])
    func `says what is wrong, and where`(source: String, expected: [String]) {
        #expect(faults(source) == expected)
    }

    @Test func `tells every fault, in the order of the source`() {
        let source = """
            {{ lead.shoe_size | shout | truncate: "x" }}
            {% if lead.colour == lead.size %}{{ lead.score | money }}
            {% for x in nobody %}{{ x.name }}{% endfor %}
            {{ lead
            """
        #expect(
            faults(source) == [
                "unknown_name 1:4", "unknown_filter 1:21", "wrong_argument 1:39", "unclosed_block 2:1",
                "unknown_name 2:7", "unknown_name 2:22", "wrong_argument 2:50", "unknown_name 3:13",
                "syntax_error 4:1",
            ])
    }

    @Test func `guesses what was meant`() {
        #expect(detail("{{ lead.compny }}").contains("did you mean lead.company?"))
        #expect(detail("{{ company }}").contains("did you mean lead.company?"))
        #expect(detail("{{ led.company }}").contains("did you mean lead?"))
        #expect(detail("{{ contact_nme }}").contains("did you mean lead.contact_name?"))
        #expect(detail("{{ lead.company | upcse }}").contains("did you mean upcase?"))
        #expect(detail("{{ lead.company | escape }}").contains("made safe by themselves"))
        #expect(detail("{% elseif x %}").contains("did you mean elsif?"))
        #expect(detail("{{ lead.shoe_size }}").contains("It has: company, contact_name"))
        #expect(detail("{{ lead }}").contains("such as lead.company"))
    }

    @Test func `takes whatever an agency calls its own fields`() throws {
        let source =
            "{{ lead.custom.größe | default: 'M' }} {{ lead.custom['shoe size'].deep[2] | date: 'short' }}"
        #expect(faults(source).isEmpty)
        let lead: JSON = ["custom": ["größe": "XL", "shoe size": ["deep": [1, 2, "2026-01-05"]]]]
        #expect(try rendered(source, lead) == "XL 1/5/2026")
        #expect(try rendered(source) == "M ")
    }

    @Test func `refuses what is too large`() {
        #expect(faults(String(repeating: "a", count: 100_001)) == ["too_large 1:1"])
        let deep =
            String(repeating: "{% if lead.company %}", count: 17)
            + String(repeating: "{% endif %}", count: 17)
        #expect(faults(deep) == ["too_large 1:337"])
        let loops =
            (0..<4).map { "{% for a\($0) in lead.pain_points %}" }.joined()
            + String(repeating: "{% endfor %}", count: 4)
        #expect(faults(loops) == ["too_large 1:97"])
        let many = String(repeating: "{{lead.company}}", count: 4001)
        #expect(faults(many).first?.hasPrefix("too_large") == true)
        let chain = "{{ lead.company " + String(repeating: "| upcase ", count: 21) + "}}"
        #expect(faults(chain).first?.hasPrefix("syntax_error") == true)
        #expect(faults(String(repeating: "{{x}}", count: 500)).count == 100)
    }

    @Test func `knows which optional names have nothing to stand in`() throws {
        let template = try compile(
            """
            {{ lead.company }} {{ lead.notes }} {{ lead.industry | default: "yours" }}
            {% if lead.contact_name %}{{ lead.contact_name }}{% else %}{{ lead.contact_name }}{% endif %}
            {% if lead.score > 3 and lead.budget %}{{ lead.score }}{{ lead.budget }}{% endif %}
            {% if lead.score or lead.budget %}{{ lead.budget }}{% endif %}
            {% unless lead.website == nil %}{{ lead.website }}{% endunless %}
            {% if lead.founded == nil %}?{% elsif lead.is_client %}{{ lead.founded }}{% endif %}
            {% for office in lead.offices %}{{ office.city }}{{ office.people }}{{ forloop.index }}{% endfor %}
            """)
        #expect(
            template.withoutFallback.map { "\($0.path) \($0.line):\($0.column)" } == [
                "lead.notes 1:23", "lead.contact_name 2:63", "lead.budget 4:38", "office.people 7:53",
            ])
    }
}

@Suite struct `Names of a record` {
    private struct Book: Declared {
        var title = "", pages: Int?, sold = 0, price: Money?, tags: [String] = [], website: String?, pin = ""
        static let schema = Schema<Book>(
            "Book",
            [
                .text("title", \.title, max: 40, .required), .integer("pages", \.pages, in: 1...10_000),
                .money("price", \.price), .texts("tags", \.tags, max: 3, length: 10),
                .url("website", \.website), .text("pin", \.pin, max: 9, .secret),
            ])
    }

    @Test func `are those of its fields that may leave`() throws {
        let names = TemplateNames([.record("book", Book.schema)])
        #expect(
            names.paths.map { "\($0.path) \($0.kind.noun)" } == [
                "book.title a text", "book.pages a number", "book.price an amount of money",
                "book.tags a list",
                "book.website an address",
            ])
        let template = try Template.compile(
            source: "{{ book.title }} {{ book.price }} {{ book.tags }}", names: names)
        #expect(template.withoutFallback.map(\.path) == ["book.price", "book.tags"])
        let book: JSON = ["title": "Swift", "price": ["amount": 1999, "currency": "USD"], "tags": ["a"]]
        let text = try template.render(values: ["book": book], for: .text, locale: .english, zone: .utc).text
        #expect(text == "Swift $19.99 a")
    }
}
