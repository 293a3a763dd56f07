import JSON
import Testing

/// A step of an onboarding says what it asks for, and takes answers of that kind alone.
@Suite(.ownThread) struct OnboardingFields {
    let server = BureauProcess.shared
    private let path = "/v1/portal/onboarding"

    private func fields(_ seen: JSON, _ key: String) -> [JSON] {
        seen["steps"]?.array?.first { $0.text("key") == key }?["fields"]?.array ?? []
    }

    private func upload(_ client: Caller, _ name: String) throws -> String {
        try client.post("/v1/portal/files?name=\(name)", raw: Array("blue".utf8), type: "text/plain").ok(201)
            .id
    }

    @Test func `all preferences are asked for, in words of seven languages, and what is chosen is stated`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let names = ["channel", "hour", "weekday", "length", "content_types", "frequency"]
        var labels: Set<String> = []
        for language in ["de", "en", "es", "fr", "it", "nl", "pt"] {
            try owner.patch("/v1/settings", ["locale": .string(language)]).ok()
            let client = try owner.makeClient(["contact_email": .string("ann@\(language).example")])
            let begun = try #require(try owner.every("/v1/onboardings?client_id=\(client.id)").first)
            let asked = fields(begun, "preferences")
            #expect(asked.map { $0.text("name") } == names)
            for one in asked { #expect(one.text("label") != one.text("name"), "\(language)") }
            labels.formUnion(asked.map { $0.text("label") })
            guard language == "pt" else { continue }
            var answers = JSONObject()
            for one in asked where one["kind"] == "choice" {
                let choice = one["choices"]?.array?.last ?? .null
                answers[one.text("name")] = one["many"] == true ? JSON.array([choice]) : choice
            }
            let path = "/v1/onboardings/\(begun.id)/steps/preferences/complete"
            try owner.post(path, ["answers": .object(answers)]).ok()
            let stated = try owner.get("/v1/contacts/\(client.text("contact_id"))/preferences").ok()
            #expect(answers.members.count == 5)
            for (name, value) in answers.members {
                #expect(stated[name]?["value"] == value && stated[name]?["source"] == "stated", "\(name)")
            }
        }
        #expect(labels.count == 7 * names.count)
    }

    @Test func `what is not as a field asks is named at its place, and nothing is done by it`() throws {
        let agency = try server.quietAgency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let seen = try acme.admin.get(path).ok()
        #expect(
            fields(seen, "account_setup").map { $0.text("kind") }
                == ["text", "text", "text", "number", "date", "file"])
        #expect(fields(seen, "account_setup").first?.text("label") == "Your website")
        #expect(fields(seen, "preferences").first?["choices"]?.array?.contains("email") == true)
        #expect(fields(seen, "kick_off").isEmpty)
        let theirs = try upload(beta.admin, "theirs.txt"),
            inside = try agency.owner.file("inside.txt", "secret").id
        func complete(_ key: String, _ answers: JSON) throws -> Answer {
            try acme.admin.post("\(path)/steps/\(key)/complete", ["answers": answers])
        }
        let wrong: JSON = [
            "website": 7, "team_size": 0, "start_on": "soon", "logo": .string(theirs),
            "legal_name": .string(String(repeating: "x", count: 5001)),
        ]
        #expect(
            try complete("account_setup", wrong).faults()
                == [
                    "/answers/website": "wrong_type", "/answers/team_size": "out_of_range",
                    "/answers/start_on": "invalid_date", "/answers/logo": "unknown_reference",
                    "/answers/legal_name": "too_long",
                ])
        #expect(
            try complete(
                "requirements", ["requirements": "blue", "files": [.string(theirs), .string(inside)]]
            )
            .faults()
                == [
                    "/answers/requirements": "wrong_type", "/answers/files/0": "unknown_reference",
                    "/answers/files/1": "unknown_reference",
                ], "nobody hands over a file that is not theirs")
        #expect(
            try complete("success_metrics", ["metric": "crm.leads", "target": "many", "by": "2030-01-31"])
                .faults() == ["/answers/target": "wrong_type"])
        let still = try acme.admin.get(path).ok()["steps"]?.array ?? []
        #expect(still.map { $0.text("state") } == seen["steps"]?.array?.map { $0.text("state") })
    }

    @Test func `what is as the fields ask is kept, and a form's goal is a goal`() throws {
        let agency = try server.quietAgency(), acme = try agency.portalClient("Acme", roles: ["admin"])
        func complete(_ key: String, _ answers: JSON) throws {
            try acme.admin.post("\(path)/steps/\(key)/complete", ["answers": answers]).ok()
        }
        let logo = try upload(acme.admin, "logo.txt")
        let answers: JSON = [
            "website": "https://acme.example", "team_size": 12, "start_on": "2030-02-01",
            "logo": .string(logo),
            "legal_name": nil, "notes": "Ring twice.",
        ]
        try complete("account_setup", answers)
        try complete("success_metrics", ["metric": "crm.leads", "target": 100, "by": "2030-01-31"])
        try complete("requirements", ["requirements": ["It is blue."], "files": [.string(logo)]])
        let steps = try acme.admin.get(path).ok()["steps"]?.array ?? []
        #expect(steps.first { $0.text("key") == "account_setup" }?["answers"] == answers)
        let goals = try agency.owner.every("/v1/goals?client_id=\(acme.id)")
        #expect(goals.map { $0.text("metric") } == ["crm.leads"] && goals.first?["target"] == 100)
    }
}
