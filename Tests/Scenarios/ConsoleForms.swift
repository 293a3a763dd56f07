import JSON
import Testing

/// The declarations tell a console enough to draw lists and forms without knowing a resource.
@Suite(.ownThread) struct ConsoleForms {
    let server = BureauProcess.shared

    private func resources() throws -> [JSON] {
        try server.signUp().owner.every("/v1/meta/resources?limit=200")
    }

    private func field(_ name: String, of path: String, in resources: [JSON]) throws -> JSON {
        let resource = try #require(resources.first { $0.text("path") == "/v1/\(path)" })
        return try #require(resource["fields"]?.array?.first { $0.text("name") == name })
    }

    @Test func `every resource has words, and names fields that it has`() throws {
        let resources = try resources()
        #expect(resources.count > 50)
        for resource in resources {
            let path = resource.text("path"), fields = resource["fields"]?.array ?? []
            let names = Set(fields.map { $0.text("name") })
            #expect(!resource.text("singular").isEmpty && !resource.text("plural").isEmpty, "\(path)")
            for member in ["columns", "form", "filters"] {
                let named = resource[member]?.array?.compactMap(\.text) ?? []
                #expect(Set(named).isSubset(of: names), "\(path) \(member)")
            }
            if let title = resource["title_field"]?.text {
                #expect(names.contains(title), "\(path) \(title)")
            }
            for field in fields {
                let label = field.text("label")
                #expect(!label.contains("_") && label.first?.isLowercase == false, "\(path) \(label)")
                #expect(label.count <= 40, "\(path): \(label) is long")
                for choice in field["choices"]?.array ?? [] {
                    #expect(!choice.text("label").contains("_") && !choice.text("value").isEmpty)
                }
                let help = field.text("help")
                #expect(!help.contains("/v1/") && !help.contains("null"), "\(path) \(help)")
            }
        }
    }

    @Test func `fields are called as people call them`() throws {
        let resources = try resources()
        let labels = [
            "leads": [
                "contact_name": "Contact name", "email": "Email", "linkedin_url": "LinkedIn",
                "owner_id": "Owner", "authority": "Decision-maker", "employee_count": "Employees",
                "created_at": "Added",
            ],
            "teams": ["lead_id": "Team lead"], "sending-domains": ["dkim_selector": "DKIM selector"],
        ]
        for (path, fields) in labels {
            for (name, label) in fields {
                #expect(try field(name, of: path, in: resources).text("label") == label)
            }
        }
        let policies = try #require(resources.first { $0.text("path") == "/v1/sla-policies" })
        #expect(policies.text("singular") == "SLA target" && policies.text("plural") == "SLA targets")
        let leads = try #require(resources.first { $0.text("path") == "/v1/leads" })
        #expect(leads.text("title_field") == "company" && leads.text("singular") == "lead")
        #expect(leads["columns"]?.array?.first == "contact_name")
    }

    @Test func `a field says how it is filled in`() throws {
        let resources = try resources()
        let status = try field("status", of: "leads", in: resources)
        #expect(status.text("control") == "choice")
        #expect(status["choices"]?.array?.first == ["value": "new", "label": "New"])
        let owner = try field("owner_id", of: "leads", in: resources)
        #expect(owner.text("control") == "reference" && owner.text("refers") == "users")
        #expect(try field("budget", of: "leads", in: resources).text("control") == "money")
        #expect(try field("company", of: "leads", in: resources)["advanced"] == false)
        #expect(try field("annual_revenue", of: "leads", in: resources)["advanced"] == true)
        #expect(try field("score", of: "leads", in: resources)["advanced"] == false, "nobody fills it in")
    }

    @Test func `what can be done is there with its permission, and each action is a route`() throws {
        let resources = try resources()
        let paths = try server.anonymous.get("/openapi.json").ok()["paths"]?.object ?? [:]
        var found = 0
        for resource in resources {
            for action in resource["actions"]?.array ?? [] {
                let method = action.text("method").lowercased()
                #expect(paths[action.text("path")]?[method] != nil, "\(action.serialized)")
                #expect(!action.text("label").contains("_") && !action.text("label").contains("-"))
                found += 1
            }
        }
        #expect(found > 60)
        let invoices = try #require(resources.first { $0.text("path") == "/v1/invoices" })
        let send = try #require(invoices["actions"]?.array?.first { $0.text("name") == "send" })
        #expect(send.text("label") == "Send invoice" && send.text("path") == "/v1/invoices/{id}/send")
        #expect(send.text("on") == "record" && !send.text("permission").isEmpty)
        #expect(invoices["operations"]?.text("create") == "invoices:write")
        let messages = resources.flatMap { $0["actions"]?.array ?? [] }.filter {
            $0.text("name") == "messages"
        }
        #expect(messages.isEmpty, "what is posted to a list is an item of it")
    }
}
