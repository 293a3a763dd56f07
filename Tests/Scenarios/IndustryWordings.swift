import JSON
import Testing

/// Templates speak to each industry in its own words, which are changed in what they say and nowhere else.
@Suite(.ownThread) struct IndustryWordings {
    let server = BureauProcess.shared

    private func template(
        _ owner: Caller, _ subject: String, _ body: String, _ more: JSON = [:]
    ) throws -> String {
        let own: JSON = [
            "name": .string(subject), "channel": "email", "subject": .string(subject), "body": .string(body),
        ]
        return try owner.post("/v1/templates", own.merging(more)).ok(201).id
    }

    private func preview(_ owner: Caller, _ template: String, _ lead: String) throws -> JSON {
        try owner.post("/v1/templates/\(template)/preview", ["lead_id": .string(lead)]).ok()
    }

    @Test func `healthcare reads of patients and practices, retail of shoppers, others as written`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let rules = try owner.every("/v1/wording-rules")
        #expect(
            Set(rules.map { "\($0.text("industry")) \($0.text("locale"))" }).isSuperset(of: [
                "healthcare en", "healthcare de", "retail en", "retail de",
            ]))
        let text = try template(
            owner, "More customers for {{ lead.company }}",
            """
            Customers choose a business. Each customer counts, and CUSTOMERS tell businesses.

            [our customer page](https://example.com/customer-business)

            `customer`, {{ wording.customer }}
            """)
        let cases = [
            ("Healthcare", "patient", "practice"), ("retail", "shopper", "store"),
            ("legal", "customer", "business"),
        ]
        for (number, (industry, customer, business)) in cases.enumerated() {
            let lead = try agency.makeLead(
                number, ["industry": .string(industry), "company": "Customer First Business Ltd"])
            let seen = try preview(owner, text, lead.id)
            #expect(seen.text("subject") == "More \(customer)s for Customer First Business Ltd")
            let first = customer.prefix(1).uppercased() + customer.dropFirst()
            let many = business == "business" ? "businesses" : business + "s"
            let plain = seen.text("text")
            #expect(
                plain.contains(
                    "\(first)s choose a \(business). Each \(customer) counts, and \(customer.uppercased())S tell \(many)."
                ))
            #expect(seen.text("html").contains("https://example.com/customer-business"))
            #expect(plain.contains("our \(customer) page") && plain.contains("customer, \(customer)"))
        }
    }

    @Test func `German templates follow the German rules, whoever reads them`() throws {
        let agency = try server.quietAgency()
        let lead = try agency.makeLead(1, ["industry": "healthcare"])
        let text = try template(
            agency.owner, "Kunden Ihrer Firma", "Ein Kunde, viele Firmen. A customer.", ["locale": "de"])
        let seen = try preview(agency.owner, text, lead.id)
        #expect(seen.text("subject") == "Patienten Ihrer Praxis")
        #expect(seen.text("text").contains("Ein Patient, viele Praxen. A customer."))
    }

    @Test func `what is sent has the words of whoever gets it`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let text = try template(box.owner, "Your customers", "Customers of {{ agency.name }}.")
        let lead = try box.owner.post("/v1/leads", lead(1, ["industry": "healthcare"])).ok(201)
        let asked = try box.owner.post(
            "/v1/messages",
            [
                "contact_id": .string(lead.text("contact_id")), "template_id": .string(text),
                "purpose": "marketing",
            ]
        ).ok(202)
        #expect(asked.text("subject") == "Your patients" && asked.text("text").hasPrefix("Patients of"))
    }

    @Test func `an agency's own rule holds while it is enabled, in its language`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let lead = try agency.makeLead(1, ["industry": "legal"])
        let text = try template(owner, "Your customers", "Every customer.")
        let rule = try owner.post(
            "/v1/wording-rules", ["industry": " Legal ", "replace": ["customer": "client"]]
        ).ok(201)
        #expect(rule.text("industry") == "legal" && rule["enabled"] == true)
        func subject() throws -> String { try preview(owner, text, lead.id).text("subject") }
        let path = "/v1/wording-rules/\(rule.id)"
        #expect(try subject() == "Your clients")
        try owner.patch(path, ["locale": "de"]).ok()
        #expect(try subject() == "Your customers", "the template is in English")
        try owner.patch(path, ["locale": nil]).ok()
        #expect(try subject() == "Your clients")
        try owner.patch(path, ["enabled": false]).ok()
        #expect(try subject() == "Your customers")
        try server.signUp().owner.get(path).problem(404, "not_found")
    }

    @Test func `what is no word, no word in its place, a chain or said twice is refused at its place`() throws
    {
        let owner = try server.quietAgency().owner, path = "/v1/wording-rules"
        func faults(_ replace: JSON, _ more: JSON = [:]) throws -> [String: String] {
            let body: JSON = ["industry": "legal", "replace": replace]
            return try owner.post(path, body.merging(more)).faults()
        }
        #expect(try faults([:]) == ["/replace": "required"])
        #expect(try faults(["": "x"]) == ["/replace/": "invalid_text"])
        #expect(
            try faults(["two words and {{ code }}": "x", "customer": "<b>x</b>", "firm": "", "shop": 7]) == [
                "/replace/two words and {{ code }}": "invalid_text", "/replace/customer": "invalid_text",
                "/replace/firm": "invalid_text", "/replace/shop": "wrong_type",
            ])
        #expect(try faults(["customer": "customer"]) == ["/replace/customer": "conflict"])
        #expect(
            try faults(["customer": "client", "client": "mandant"]) == ["/replace/customer": "conflict"])
        #expect(
            try faults(["customer": "client", "customers": "people"], ["locale": "en"])
                == ["/replace/customers": "conflict"])
        #expect(try faults(["customer": "client"], ["locale": "no such"]) == ["/locale": "invalid_locale"])
        // The standard rule has the word already, in the same language.
        let again: JSON = ["industry": "healthcare", "replace": ["customer": "guest"]]
        #expect(try owner.post(path, again).faults() == ["/replace/customer": "already_exists"])
        let chained: JSON = ["industry": "healthcare", "locale": "en", "replace": ["guest": "customer"]]
        #expect(try owner.post(path, chained).faults() == ["/replace/guest": "conflict"])
        try owner.post(path, again.merging(["locale": "fr"])).ok(201)
    }
}
