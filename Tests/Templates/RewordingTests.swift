import JSON
import Records
import Testing

@testable import Templates

private let names = TemplateNames([.text("name"), .text("slug"), .url("link"), .flag("is_new")])

private func written(
    _ source: String, _ words: [String: String] = ["customer": "patient", "business": "practice"],
    in language: String = "en", sparing spared: [String] = [], _ values: JSON = [:]
) throws -> String {
    let template = try Template.compile(source: source, names: names)
        .reworded(Rewording(words, in: language), sparing: spared)
    let all: JSON = [
        "name": "Customer First Business Ltd", "slug": "customer", "link": "https://customer.example",
    ]
    return try template.render(
        values: all.merging(values), for: .markdown, locale: TextLocale(language), zone: .utc
    ).text
}

struct Rewordings {
    @Test func `words change in singular, plural and capitals`() throws {
        #expect(
            try written("Customers choose a business. Each customer counts, and CUSTOMERS tell BUSINESSES.")
                == "Patients choose a practice. Each patient counts, and PATIENTS tell PRACTICES.")
        #expect(
            try written("A customer's view, customer-facing; CuStomers.")
                == "A patient's view, patient-facing; CuStomers.")
        #expect(
            try written("Customary businesslike precustomer customer_id")
                == "Customary businesslike precustomer customer_id")
    }

    @Test(arguments: [
        ("customer", "customers"), ("business", "businesses"), ("company", "companies"), ("day", "days"),
        ("box", "boxes"), ("person", "people"), ("salesman", "salesmen"), ("branch", "branches"),
        ("account owner", "account owners"), ("Person", "People"),
    ])
    func `English nouns have their plurals`(one: String, many: String) {
        #expect(Inflection("en-GB").plural(of: one) == many)
    }

    @Test(arguments: [
        ("Kunde", "Kunden"), ("Patient", "Patienten"), ("Firma", "Firmen"), ("Praxis", "Praxen"),
        ("Filiale", "Filialen"), ("Käuferin", "Käuferinnen"),
    ])
    func `German nouns have their other form, where they have but one`(one: String, other: String) {
        #expect(Inflection("de").plural(of: one) == other)
    }

    @Test func `a German noun with more forms changes where it stands as it is named, and nowhere else`()
        throws
    {
        #expect(Inflection("de").plural(of: "Haus") == nil)
        let words = ["Kunde": "Patient", "Firma": "Praxis", "Laden": "Haus"]
        #expect(
            try written(
                "Kunden mögen eine Firma, Firmen mögen Kunden. Läden, ein Laden. kundennah", words, in: "de")
                == "Patienten mögen eine Praxis, Praxen mögen Patienten. Läden, ein Haus. kundennah")
    }

    @Test func `the article before a word goes with it`() throws {
        let words = ["customer": "owner", "employer": "business"]
        #expect(
            try written("A customer, the customer, an employer.", words) == "An owner, the owner, a business."
        )
    }

    @Test func `values and what hangs on them stay`() throws {
        #expect(try written("For {{ name }}: customers") == "For Customer First Business Ltd: patients")
        #expect(try written("{{ slug }}s and customers") == "customers and patients")
        #expect(try written("{{ name | default: \"our customers\" }}", ["name": nil]).contains("patients"))
    }

    @Test func `links, addresses, tags and code stay`() throws {
        let same = [
            "https://example.com/customer-business", "www.customer.example", "ask@customer.example",
            "customer.example",
            "`customer` ``a ` customer``", "<a href=\"/customer\">", "#customers",
            "https://a.example/{{ slug }}/customer",
            "{{ link }}/customer", "```\ncustomer\n```", "[x]: /customer \"customers\"", "    customer()",
        ]
        for text in same {
            #expect(try written(text).replacing("\\", with: "").contains("customer"), "\(text)")
            #expect(try !written(text).contains("patient"), "\(text)")
        }
        #expect(
            try written("[our customer page](https://example.com/customer \"customers\") for customers")
                == "[our patient page](https://example.com/customer \"customers\") for patients")
        #expect(try written("[customers][customer] customers") == "[patients][customer] patients")
        #expect(try written("```\ncustomer\n```\n\ncustomer") == "```\ncustomer\n```\n\npatient")
        #expect(
            try written("a ` customer\n\ncustomer") == "a ` customer\n\npatient", "what is never closed ends")
    }

    @Test func `signatures and names that are spelled out stay`() throws {
        #expect(
            try written("Dear customer\n\n-- \nCustomer Business GmbH")
                == "Dear patient\n\n-- \nCustomer Business GmbH")
        #expect(
            try written("Customer First helps customers.", sparing: ["Customer First"])
                == "Customer First helps patients.")
    }

    @Test func `branches and loops are words of the template, too`() throws {
        #expect(
            try written(
                "{% if is_new %}New customer{% else %}Customer{% endif %}, customers", ["is_new": true])
                == "New patient, patients")
    }

    @Test func `a word is letters alone`() {
        for word in ["customer", "Käufer", "客户"] { #expect(Rewording.isWord(word), "\(word)") }
        for text in ["", "two words", "{{", "<b>", "a1", "x_y"] {
            #expect(!Rewording.isWord(text), "\(text)")
        }
    }
}

private func written(_ source: String, _ values: JSON) throws -> String {
    try written(source, ["customer": "patient", "business": "practice"], in: "en", sparing: [], values)
}
