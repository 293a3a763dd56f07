import JSON
import TestRandomness
import Testing

@Suite(.ownThread) struct PeopleAndCompanies {
    let server = BureauProcess.shared

    @Test func `a contact of a company is made, changed, found and deleted`() throws {
        let agency = try server.quietAgency()
        let company = try agency.owner.post(
            "/v1/companies", ["name": "Example GmbH", "website": "https://www.example.com"]
        ).ok(201)
        #expect(company.text("domain") == "example.com")
        let body: JSON = [
            "name": "Jane Example", "email": "Jane@Example.com", "company_id": .string(company.id),
        ]
        let contact = try agency.owner.post("/v1/contacts", body).ok(201)
        #expect(contact.text("email") == "jane@example.com" && contact.text("company_id") == company.id)
        let path = "/v1/contacts/\(contact.id)"
        #expect(try agency.owner.patch(path, ["title": "Director"]).ok()["version"] == 2)
        #expect(try agency.owner.get("/v1/contacts?q=director").ok().items.map(\.id) == [contact.id])
        #expect(try agency.owner.get("/v1/contacts?company_id=\(company.id)").ok().items.count == 1)
        try agency.owner.delete(path).ok(204)
        try agency.owner.get(path).problem(404, "not_found")
        #expect(try agency.owner.total(of: "contacts") == 0)
        #expect(try agency.owner.post("/v1/contacts", ["email": "x", "colour": 1]).faults().count == 3)
        #expect(try agency.owner.post("/v1/companies", [:]).faults() == ["/name": "required"])
    }

    @Test func `a contact cannot belong to another agency's company`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let theirs = try other.owner.post("/v1/companies", ["name": "Theirs"]).ok(201)
        let answer = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "company_id": .string(theirs.id)])
        #expect([404, 409, 422].contains(answer.status), "\(answer)")
        #expect(try agency.owner.total(of: "contacts") == 0)
    }

    @Test func `a declared field checks the values of leads`() throws {
        let agency = try server.quietAgency()
        let field: JSON = ["key": "tier", "type": "choice", "choices": ["gold", "tin"], "label": "Tier"]
        let made = try agency.owner.post("/v1/custom-fields", field).ok(201)
        try agency.owner.post("/v1/custom-fields", ["key": "seats", "type": "number"]).ok(201)
        try agency.owner.post("/v1/custom-fields", field).problem(409, "already_exists")
        #expect(
            try agency.owner.post("/v1/custom-fields", ["key": "a b"]).faults() == ["/key": "invalid_key"])
        _ = try agency.makeLead(1, ["custom": ["tier": "gold", "seats": 4]])
        let faults = try agency.owner.post(
            "/v1/leads", lead(2, ["custom": ["tier": "silver", "seats": "four"]])
        ).faults()
        #expect(faults == ["/custom/tier": "invalid_choice", "/custom/seats": "wrong_type"])
        let unchanged = try agency.owner.patch("/v1/custom-fields/\(made.id)", ["key": "other"])
        try unchanged.problem(422, "read_only")
        #expect(try agency.owner.total() == 1)
    }
}

@Suite(.ownThread) struct RunsAndLimits {
    let server = BureauProcess.shared

    @Test func `a run that is over can be neither cancelled nor retried when it succeeded`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        let run = try agency.owner.ended("/v1/leads/\(id)/score")
        try agency.owner.post("/v1/agent-runs/\(run.id)/cancel").problem(409, "invalid_transition")
        let retry = try agency.owner.post("/v1/agent-runs/\(run.id)/retry")
        #expect([202, 409].contains(retry.status), "\(retry)")
    }

    @Test func `a configuration is tried on past decisions before it is published`() throws {
        let agency = try server.signUp()
        for number in 0..<3 { _ = try agency.score(agency.makeLead(number).id) }
        let path = "/v1/agents/lead_scoring/config"
        let test = try agency.owner.post(path + "/test", ["last": 20]).ok()
        #expect(test["tested"]?.int ?? 0 >= 3 && test["changed"] == 0 && test["differences"] == [])
        try agency.owner.patch(path, ["high_from": 1, "medium_from": 1]).ok()
        let again = try agency.owner.post(path + "/test", ["last": 20]).ok()
        #expect(again["changed"]?.int ?? 0 > 0 && again["differences"]?.array?.isEmpty == false)
        #expect(try agency.owner.get(path).ok()["version"] == 1, "trying publishes nothing")
    }

    @Test func `an agent that is not there yet says so`() throws {
        let agency = try server.signUp()
        let id = try agency.makeLead().id
        for verb in ["research", "enrich"] {
            let answer = try agency.owner.post("/v1/leads/\(id)/\(verb)")
            #expect([202, 409].contains(answer.status), "\(verb): \(answer)")
        }
    }

    @Test func `one address signs up so many agencies a minute, and no more`() throws {
        let own = try BureauProcess.start(["limits.signups_per_minute": "3"])
        for _ in 0..<3 { _ = try own.signUp() }
        let body: JSON = [
            "agency": "A", "name": "N", "email": "n@example.com", "password": "correct horse battery",
        ]
        let refusal = try own.anonymous.post("/v1/auth/signup", body)
        try refusal.problem(429, "rate_limited")
        #expect(refusal.header("Retry-After").flatMap { Int($0) } ?? 0 > 0)
    }

    @Test func `an agency's own limit, set by the platform, counts for its credentials`() throws {
        let own = BureauProcess(["limits.requests_per_minute": "60000", "limits.burst": "1000"])
        _ = try own.command(
            "admin", "create", "--email", "root@example.com", "--password", "correct horse battery")
        try own.start()
        let login: JSON = ["email": "root@example.com", "password": "correct horse battery"]
        let admin = own.caller(try own.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        let (agency, other) = (try own.signUp(), try own.signUp())
        try admin.patch("/v1/admin/tenants/\(agency.tenant.id)/limits", ["requests_per_minute": 30]).ok()
        #expect(try agency.owner.get("/v1/me").header("RateLimit-Limit") == "30")
        #expect(try other.owner.get("/v1/me").header("RateLimit-Limit") == "1000")
        try admin.patch("/v1/admin/tenants/\(agency.tenant.id)/limits", ["requests_per_minute": 0]).problem(
            422, "out_of_range")
    }

    @Test func `CSV files made up from a fixed seed are read to their end or refused`() throws {
        let agency = try server.quietAgency()
        var random = SeededGenerator(31)
        let pieces = [
            "Company", "E-Mail", ",", ";", "\t", "\"", "\"\"", "\r\n", "\n", "\r", "Acme", "a@example.com",
            "=1+1", "ü", "\u{0}", " ", "12", "😀",
        ]
        for _ in 0..<40 {
            let length = Int.random(in: 1..<120, using: &random)
            var file = Array("Company,E-Mail,Employees\r\n".utf8)
            if Bool.random(using: &random) { file = [] }
            for _ in 0..<length { file += Array((pieces.randomElement(using: &random) ?? "").utf8) }
            if Int.random(in: 0..<4, using: &random) == 0 {
                file.append(UInt8.random(in: 128...255, using: &random))
            }
            let answer = try agency.startImport(file)
            guard answer.status == 202 else {
                try #require(
                    [400, 415, 422].contains(answer.status),
                    "\(String(decoding: file, as: UTF8.self)): \(answer)")
                continue
            }
            let state = try agency.finished(answer)
            let sum = counts(state).reduce(0, +)
            #expect(
                sum == state["processed"]?.int,
                "\(String(decoding: file, as: UTF8.self)): \(state.serialized)")
        }
        try agency.owner.get("/v1/me").ok()
    }
}
