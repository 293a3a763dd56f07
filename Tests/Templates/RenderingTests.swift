import JSON
import Records
import Testing

@testable import Templates

@Suite struct `Rendering a template` {
    @Test func `puts values in, and what stands in for missing ones`() throws {
        let source = #"Hi {{ lead.contact_name | default: "there" }}, how is {{ lead.company }}?"#
        #expect(try rendered(source, ["company": "Acme", "contact_name": "Jane"]) == "Hi Jane, how is Acme?")
        for nothing in [JSON.null, "", "  ", []] {
            let lead: JSON = ["company": "Acme", "contact_name": nothing]
            #expect(try rendered(source, lead) == "Hi there, how is Acme?")
        }
        let chained = "{{ lead.industry | default: lead.company | upcase }}"
        #expect(try rendered(chained, ["company": "Acme"]) == "ACME")
    }

    @Test func `tells what was missing, each name once`() throws {
        let source = """
            {{ lead.company }} {{ lead.notes }} {{ lead.notes }} {{ lead.industry | default: "x" }}
            {{ lead.contact_name | first_name }}
            """
        let rendering = try rendering(source, ["lead": ["company": "Acme", "contact_name": "Mr. Doe"]])
        #expect(rendering.missing.map(\.path) == ["lead.notes", "lead.contact_name"])
        #expect(rendering.missing.first.map { [$0.line, $0.column] } == [1, 23])
    }

    @Test(arguments: [
        ("lead.company", true), ("lead.notes", false), ("lead.absent", false), ("lead.zero", true),
        ("lead.no", false), ("lead.empty_list", false), ("lead.company == 'Acme'", true),
        ("lead.company == 'acme'", false), ("lead.company != 'Acme'", false), ("lead.score > 5", true),
        ("lead.score >= 7", true), ("lead.score < 7", false), ("lead.score <= 6.9", false),
        ("lead.score == 7.0", true), ("lead.company contains 'cm'", true), ("lead.list contains 'b'", true),
        ("lead.list contains 'c'", false), ("lead.notes == nil", true), ("lead.notes == ''", true),
        ("lead.company == nil", false), ("lead.list.size == 2", true), ("lead.list.first == 'a'", true),
        ("lead.list[1] == 'b'", true), ("lead.list[2]", false), ("lead.budget > 1000", true),
        ("lead.budget < 1000", false), ("lead.since < '2026-01-01T00:00:00Z'", true),
        ("lead.company < 3", false), ("lead.notes < 3", false), ("lead.company >= 3", false),
        ("lead.no and lead.company or lead.company", true),
        ("lead.company or lead.company and lead.no", true), ("lead.no and lead.company", false),
        ("true", true), ("false", false), ("nil", false),
    ])
    func `decides by what is there`(condition: String, expected: Bool) throws {
        let template = try Template.compile(
            source: "{% if \(condition) %}yes{% else %}no{% endif %}"
                + "{% unless \(condition) %}no{% endunless %}",
            names: TemplateNames([.open("lead")]))
        let lead: JSON = [
            "company": "Acme", "notes": "", "zero": 0, "no": false, "empty_list": [], "score": 7,
            "list": ["a", "b"], "budget": ["amount": 150_000, "currency": "EUR"],
            "since": "2025-06-01T00:00:00.000Z",
        ]
        let result = try template.render(values: ["lead": lead], for: .text, locale: .english, zone: .utc)
        #expect(result.text == (expected ? "yes" : "nono"))
    }

    @Test func `takes the first branch that holds`() throws {
        let source = "{% if lead.score > 80 %}hot{% elsif lead.score > 40 %}warm{% else %}cold{% endif %}"
        for (score, expected) in [(90, "hot"), (50, "warm"), (10, "cold")] {
            #expect(try rendered(source, ["score": JSON(score)]) == expected)
        }
    }

    @Test func `goes over lists`() throws {
        let source = """
            {% for p in lead.pain_points limit: 2 %}{{ forloop.index }}/{{ forloop.length }} {{ p }}\
            {% if forloop.first %} first{% endif %}{% unless forloop.last %}; {% endunless %}\
            {% else %}none{% endfor %}
            """
        #expect(try rendered(source, ["pain_points": ["slow", "dear", "old"]]) == "1/2 slow first; 2/2 dear")
        #expect(try rendered(source, ["pain_points": []]) == "none")
        #expect(try rendered(source, [:]) == "none")
        let nested = """
            {% for o in lead.offices %}{% for p in lead.pain_points %}{{ o.city }}{{ p }}\
            {{ forloop.index0 }} {% endfor %}{{ forloop.index }}{% endfor %}
            """
        let lead: JSON = ["offices": [["city": "A"], ["city": "B"]], "pain_points": ["x", "y"]]
        #expect(try rendered(nested, lead) == "Ax0 Ay1 1Bx0 By1 2")
    }

    @Test func `leaves no line where only tags were, and no blanks where they are asked away`() throws {
        let source = """
            one
              {% if lead.company %}
              {% comment %}
                {{ nonsense }} {% if %}
              {% endcomment %}
            two
            {% endif %}
            three {%- if lead.company -%}  four  {%- endif %}
            {{- lead.company -}}
               five
            """
        #expect(try rendered(source, ["company": "Acme"]) == "one\ntwo\nthreefourAcmefive")
        let returns = "{% if lead.company %}\r\nx\r\n{% endif %}\r\ny"
        #expect(try rendered(returns, ["company": "A"]) == "x\r\ny")
    }

    @Test func `does not see what it cannot name`() throws {
        #expect(try rendering("{{ lead.company }}", ["lead": "a text", "secret": "x"]).text == "")
        let source = "{{ lead.offices[0].city }}|{{ lead.offices.first.city }}"
        #expect(try rendering(source, ["lead": ["offices": 3]]).text == "|")
    }

    @Test func `ends when values make too much of it`() throws {
        func tooLarge(_ source: String, _ lead: JSON) throws -> Bool {
            let template = try compile(source)
            do throws(TemplateFaults) {
                _ = try template.render(
                    values: ["lead": lead], for: .text, locale: .english, zone: .utc)
                return false
            } catch {
                return error.faults.map(\.code) == [.tooLarge]
            }
        }
        let many = JSON.array((0..<1001).map { .integer(Int64($0)) })
        #expect(try tooLarge("{% for p in lead.pain_points %}{{ p }}{% endfor %}", ["pain_points": many]))
        let limited = "{% for p in lead.pain_points limit: 3 %}{{ p }}{% endfor %}"
        #expect(try rendered(limited, ["pain_points": many]) == "012")
        let list = JSON.array(Array(repeating: "x", count: 1000))
        let cube = """
            {% for a in lead.pain_points %}{% for b in lead.pain_points %}
            {% for c in lead.pain_points %}{{ c }}{% endfor %}{% endfor %}{% endfor %}
            """
        #expect(try tooLarge(cube, ["pain_points": list]))
        let empty = "{% for a in lead.pain_points %}{% for b in lead.pain_points %}{% endfor %}{% endfor %}"
        #expect(try !tooLarge(empty, ["pain_points": .array(Array(repeating: "x", count: 100))]))
        let long = JSON.string(String(repeating: "a long text ", count: 20_000))
        let copies = "{% for p in lead.pain_points %}{{ lead.notes }}{% endfor %}"
        #expect(try tooLarge(copies, ["pain_points": list, "notes": long]))
    }
}
