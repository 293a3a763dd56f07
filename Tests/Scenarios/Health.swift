import JSON
import Testing

@Suite(.ownThread) struct Health {
    let server = BureauProcess.shared

    @Test func `a server that listens is alive and ready`() throws {
        try server.anonymous.get("/healthz").ok()
        try server.anonymous.get("/readyz").ok()
    }

    @Test func `metrics are Prometheus text without any tenant's data in it`() throws {
        let agency = try server.signUp()
        let lead = try agency.makeLead(1, ["company": "Secret Company"])
        let answer = try server.anonymous.get("/metrics")
        try answer.ok()
        #expect(answer.header("Content-Type")?.hasPrefix("text/plain") == true)
        #expect(answer.text.contains("# TYPE"))
        for secret in ["Secret Company", agency.email, agency.tenant.id, lead.id] {
            #expect(!answer.text.contains(secret), "labels must be bounded: \(secret)")
        }
    }

    @Test func `the document describes every operation, and nothing twice`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        #expect(document.text("openapi").hasPrefix("3.1"))
        #expect(document["info"]?.text("version").isEmpty == false)
        let operations = Operation.all(in: document)
        for wanted in [
            "POST /v1/auth/signup", "GET /v1/leads", "PATCH /v1/leads/{id}", "POST /v1/leads/import",
            "GET /v1/events/stream", "POST /v1/agents/{name}/runs", "GET /api/dashboard/overview",
        ] {
            #expect(operations.contains { $0.name == wanted }, "\(wanted)")
        }
        for operation in operations {
            #expect(!operation.json.text("summary").isEmpty, "\(operation.name)")
            #expect(operation.json["responses"]?.object?.isEmpty == false, "\(operation.name)")
        }
        let ids = operations.map { $0.json.text("operationId") }
        #expect(Set(ids).count == ids.count && !ids.contains(""))
    }

    @Test func `every reference in the document leads somewhere`() throws {
        let document = try server.anonymous.get("/openapi.json").ok()
        var references: Set<String> = []
        func visit(_ json: JSON) {
            switch json {
            case .array(let items): items.forEach(visit)
            case .object(let object):
                if let target = object["$ref"]?.text { references.insert(target) }
                object.members.forEach { visit($0.value) }
            default: break
            }
        }
        visit(document)
        for target in references {
            #expect(document.resolved(target).object?.isEmpty == false, "\(target)")
        }
    }

    @Test func `the pages are served with their modules, offline`() throws {
        let page = try server.anonymous.get("/", ["Accept": "text/html"])
        try page.ok()
        #expect(page.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(page.text.contains("<title>") && page.text.contains("lang=\""))
        #expect(page.header("Content-Security-Policy") != nil)
        let scripts = page.text.matches(of: /src="([^":]+\.m?js)"/).map { String($0.1) }
        #expect(!scripts.isEmpty)
        for script in scripts {
            try server.anonymous.get(script.hasPrefix("/") ? script : "/" + script).ok()
        }
        let docs = try server.anonymous.get("/docs", ["Accept": "text/html"])
        try docs.ok()
        #expect(docs.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(
            docs.text.firstMatch(of: /(?:src|href)\s*=\s*["'](?:https?:)?\/\//) == nil, "loads from elsewhere"
        )
    }

    @Test(arguments: [
        "/../Package.swift", "/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fetc/passwd", "/..%5c..%5cetc",
    ])
    func `a path cannot leave the folder of the pages`(_ path: String) throws {
        let answer = try server.anonymous.get(path, ["Accept": "text/html"])
        #expect(answer.status != 200 && answer.status < 500, "\(answer)")
        #expect(!answer.text.contains("root:"))
    }

    @Test func `resources describe their fields for tables and forms`() throws {
        let agency = try server.signUp()
        let resources = try agency.owner.get("/v1/meta/resources").ok()
        let leads = try #require(resources.items.first { $0.text("name") == "lead" })
        let fields = leads["fields"]?.array ?? []
        let company = try #require(fields.first { $0.text("name") == "company" })
        #expect(company["required"] == true && company["filterable"] == true)
        #expect(fields.contains { $0.text("name") == "employee_count" })
        #expect(!fields.contains { $0.text("name") == "identity_key" }, "what is secret is not even named")
    }
}
