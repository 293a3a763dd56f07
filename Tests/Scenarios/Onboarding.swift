import JSON
import StandIns
import Testing

private let keys = [
    "welcome", "account_setup", "preferences", "success_metrics", "requirements", "kick_off", "delivery_plan",
    "first_report",
]

extension Caller {
    fileprivate func onboarding(of client: JSON) throws -> JSON {
        try #require(try every("/v1/onboardings?client_id=\(client.id)").first)
    }

    fileprivate func complete(_ onboarding: JSON, _ key: String, _ answers: JSON = [:]) throws -> Answer {
        try post("/v1/onboardings/\(onboarding.id)/steps/\(key)/complete", ["answers": answers])
    }
}

extension JSON {
    fileprivate var states: [String: String] {
        Dictionary(
            (self["steps"]?.array ?? []).map { ($0.text("key"), $0.text("state")) },
            uniquingKeysWith: { a, _ in a })
    }
}

/// A new client is taken in step by step, in an order that nobody can leave.
@Suite(.ownThread) struct Onboarding {
    let server = BureauProcess.shared

    @Test func `a client begins with eight steps, of which those are open that nothing keeps shut`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        #expect(client["contact_id"]?.text != nil, "the address is somebody's")
        let begun = try owner.onboarding(of: client)
        #expect(begun["steps"]?.array?.map { $0.text("key") } == keys && begun.text("status") == "active")
        #expect(begun["progress"] == 0.125)
        #expect(
            begun.states == [
                "welcome": "done", "account_setup": "open", "preferences": "open", "success_metrics": "open",
                "requirements": "open", "kick_off": "waiting", "delivery_plan": "waiting",
                "first_report": "waiting",
            ])
        let path = "/v1/onboardings/\(begun.id)/steps"
        let early = try owner.complete(begun, "kick_off").problem(409, "invalid_transition")
        #expect(early["allowed"]?.array?.count == 4, "what can be done is named")
        #expect(try owner.post("\(path)/requirements/skip", [:]).faults() == ["/reason": "required"])
        try owner.post("\(path)/never/complete", [:]).problem(404)
        try owner.post("\(path)/requirements/skip", ["reason": "They came by mail."]).ok()
        for key in ["account_setup", "preferences", "success_metrics"] { try owner.complete(begun, key).ok() }
        #expect(try owner.onboarding(of: client).states["kick_off"] == "open")
        try owner.complete(begun, "account_setup").problem(409, "invalid_transition")
        for key in keys.suffix(3) { try owner.complete(begun, key).ok() }
        let over = try owner.onboarding(of: client)
        #expect(over.text("status") == "completed" && over["progress"] == 1)
        #expect(try owner.get("/v1/clients/\(client.id)").ok().text("lifecycle") == "active")
        #expect(try owner.told("onboarding.completed", of: begun.id).count == 1)
    }

    @Test func `a client does its own steps in the portal, and its goals are goals from then on`() throws {
        let agency = try server.quietAgency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let path = "/v1/portal/onboarding"
        let seen = try acme.admin.get(path).ok()
        #expect(seen["steps"]?.array?.count == 8 && seen["lead_id"] == nil)
        let site: JSON = ["answers": ["website": "https://acme.example"]]
        let done = try acme.admin.post("\(path)/steps/account_setup/complete", site).ok()
        #expect(done.states["account_setup"] == "done" && done["progress"] == 0.25)
        try acme.admin.post("\(path)/steps/delivery_plan/complete", [:]).problem(404)
        #expect(try beta.admin.get(path).ok().states["account_setup"] == "open")
        let wrong: JSON = [
            ["metric": "crm.leads", "target": 100, "by": "2030-01-31"],
            ["metric": "leads", "target": 1, "direction": "sideways", "by": "2020-01-31"],
        ]
        let faults = try acme.admin.post(
            "\(path)/steps/success_metrics/complete", ["answers": ["goals": wrong]]
        ).faults()
        #expect(faults == ["/answers/goals/1/direction": "invalid_choice"])
        #expect(try agency.owner.every("/v1/goals").isEmpty, "nothing is half written")
        try acme.admin.post(
            "\(path)/steps/success_metrics/complete",
            ["answers": ["goals": [["metric": "crm.leads", "target": 100, "by": "2030-01-31"]]]]
        ).ok()
        let goals = try agency.owner.every("/v1/goals?client_id=\(acme.record.id)")
        #expect(goals.map { $0.text("metric") } == ["crm.leads"])
        #expect(
            try beta.admin.every("/v1/portal/goals").isEmpty
                && acme.admin.every("/v1/portal/goals").count == 1)
        let theirs = try server.quietAgency().owner
        let begun = try agency.owner.onboarding(of: acme.record)
        try theirs.get("/v1/onboardings/\(begun.id)").problem(404)
        try acme.admin.get("/v1/onboardings").problem(403, "forbidden")
    }

    @Test func `how a client wants to be written to is stated from then on, and faults are named together`()
        throws
    {
        let agency = try server.quietAgency()
        let client = try agency.owner.makeClient(["contact_email": "ann@acme.example"])
        let begun = try agency.owner.onboarding(of: client)
        let wrong: JSON = [
            "channel": "pigeon", "hour": 24, "weekday": "someday", "time_zone": "Mars/Base", "locale": "?",
        ]
        #expect(
            try agency.owner.complete(begun, "preferences", wrong).faults()
                == [
                    "/answers/channel": "invalid_choice", "/answers/hour": "out_of_range",
                    "/answers/weekday": "invalid_choice", "/answers/time_zone": "invalid_choice",
                    "/answers/locale": "invalid_choice",
                ])
        let contact = "/v1/contacts/\(client.text("contact_id"))"
        #expect(try agency.owner.get("\(contact)/preferences").ok()["hour"]?["source"] == "default")
        try agency.owner.complete(
            begun, "preferences",
            [
                "channel": "whatsapp", "hour": 9, "weekday": "tue", "length": nil, "locale": "de",
                "time_zone": "Europe/Berlin",
            ]
        ).ok()
        let stated = try agency.owner.get("\(contact)/preferences").ok()
        for (name, value) in ["channel": "whatsapp", "hour": 9, "weekday": "tue"] as [String: JSON] {
            #expect(stated[name]?["value"] == value && stated[name]?["source"] == "stated", "\(name)")
        }
        #expect(stated["length"]?["source"] == "default", "null says nothing")
        let person = try agency.owner.get(contact).ok()
        #expect(person.text("locale") == "de" && person.text("time_zone") == "Europe/Berlin")
    }

    @Test func `answers are exported and erased with whoever gave them, and a colleague's stay`() throws {
        let agency = try server.quietAgency()
        let client = try agency.owner.makeClient(["contact_email": "ann@acme.example"])
        let ann = try agency.clientPerson(of: client, "admin", email: "ann@acme.example")
        let bob = try agency.clientPerson(of: client, "admin", email: "bob@acme.example")
        let path = "/v1/portal/onboarding/steps"
        try ann.post("\(path)/account_setup/complete", ["answers": ["notes": "Call Ann Secret."]]).ok()
        try bob.post("\(path)/requirements/complete", ["answers": ["notes": "Ask Bob Hidden."]]).ok()
        let begun = try agency.owner.onboarding(of: client)
        // The agency's notes are the main contact's.
        try agency.owner.complete(begun, "success_metrics", ["notes": "Ann wants more calls."]).ok()
        let contact: JSON = ["contact_id": .string(client.text("contact_id"))]
        let kept = try agency.owner.post("/v1/privacy/export", contact).ok()["data"]?["onboardings"]
        #expect(kept?.array?.map { $0.text("step") } == ["account_setup", "success_metrics"])
        #expect(kept?.array?.first?["answers"]?["notes"] == "Call Ann Secret.")
        let audit = try agency.owner.every("/v1/audit?subject_id=\(begun.id)")
        #expect(!audit.isEmpty && !audit.contains { $0.serialized.contains("Secret") })
        let report = try agency.owner.post("/v1/privacy/erase", contact).ok()
        #expect(report["erased"]?["onboardings"] == 2)
        let after = try agency.owner.onboarding(of: client)
        #expect(!after.serialized.contains("Secret") && !after.serialized.contains("more calls"))
        #expect(after.serialized.contains("Ask Bob Hidden."))
        #expect(after.states["account_setup"] == "done", "the step stays done")
    }

    @Test func `a client is welcomed, reminded twice, and then people are told, until something is done`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let client = try box.owner.makeClient(["contact_email": "ann@acme.example"])
        func written(_ topic: String) throws -> [JSON] {
            try box.owner.every("/v1/messages?direction=outbound&topic=\(topic)&client_id=\(client.id)")
        }
        try box.advance("P2DT20H")
        #expect(try written("client_welcome").map { $0.text("status") } == ["sent"])
        #expect(try written("onboarding_reminder").isEmpty)
        try box.advance("P1D")
        #expect(try written("onboarding_reminder").count == 1)
        try box.advance("P4D")
        #expect(try written("onboarding_reminder").count == 2)
        let begun = try box.owner.onboarding(of: client)
        #expect(begun.text("status") == "active")
        try box.advance("P4D")
        #expect(try box.owner.onboarding(of: client).text("status") == "stalled")
        let alerts = "/v1/alerts?kind=onboarding_stalled&open=true"
        #expect(try box.owner.every(alerts).count == 1)
        try box.owner.complete(begun, "account_setup").ok()
        try box.advance("PT1H")
        #expect(try box.owner.onboarding(of: client).text("status") == "active")
        #expect(try box.owner.every(alerts).isEmpty)
        // The time begins anew with what was done.
        try box.advance("P4D")
        #expect(try written("onboarding_reminder").count == 3)
        #expect(try written("client_welcome").count == 1)
        try box.owner.patch("/v1/clients/\(client.id)", ["status": "former"]).ok()
        try box.advance("P20D")
        #expect(try box.owner.onboarding(of: client).text("status") == "cancelled")
        #expect(try written("onboarding_reminder").count == 3)
    }

    @Test func `the package's template becomes the project, with what the client asked for`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let package = try #require(try owner.every("/v1/packages").first)
        try owner.post(
            "/v1/project-templates",
            [
                "name": "Growth", "package_id": .string(package.id),
                "milestones": [["name": "Launch", "after_days": 30]],
                "tasks": [
                    [
                        "title": "Audit", "estimate": "PT8H", "priority": "high", "milestone": "Launch",
                        "tools": ["crawler"], "method": "Checklist", "role": "analyst",
                    ]
                ],
            ]
        ).ok(201)
        let client = try owner.makeClient(["package_id": .string(package.id)])
        let begun = try owner.onboarding(of: client), brief = try owner.file("brief.txt", "blue")
        try owner.complete(begun, "account_setup", ["start_on": "2030-02-01"]).ok()
        for key in ["preferences", "success_metrics"] { try owner.complete(begun, key).ok() }
        let bad: JSON = ["requirements": "blue", "files": ["file_00000000000000000000000000"]]
        #expect(
            try owner.complete(begun, "requirements", bad).faults()
                == [
                    "/answers/requirements": "wrong_type", "/answers/files/0": "unknown_reference",
                ])
        try owner.complete(
            begun, "requirements", ["requirements": ["It is blue."], "files": [.string(brief.id)]]
        ).ok()
        for key in ["kick_off", "delivery_plan"] { try owner.complete(begun, key).ok() }
        let project = try #require(try owner.every("/v1/projects?client_id=\(client.id)").first)
        let task = try #require(try owner.every("/v1/tasks?project_id=\(project.id)").first)
        #expect(project["starts_on"] == "2030-02-01", "the day that the client has named")
        let milestones = project["milestones"]?.array ?? []
        #expect(milestones.map { [$0.text("name"), $0.text("due_on")] } == [["Launch", "2030-03-03"]])
        #expect(project["requirements"] == ["It is blue."])
        #expect([task["title"], task["estimate"], task["priority"]] == ["Audit", "PT8H", "high"])
        #expect(task["tools"] == ["crawler"] && task.text("method") == "Checklist")
        #expect(task["due_on"] == project["due_on"])
        let papers = try owner.every("/v1/documents?project_id=\(project.id)")
        #expect(papers.map { $0.text("file_id") } == [brief.id])
        let (log, joe) = ("/v1/projects/\(project.id)/log", try agency.colleague("manager"))
        try owner.post(log, ["kind": "decision", "text": "We begin with search."]).ok(201)
        try joe.post(log, ["kind": "process", "text": "Two people read each text."]).ok(201)
        let entries = try owner.every(log)
        #expect(
            entries.map { [$0.text("kind"), $0.text("text")] } == [
                ["decision", "We begin with search."], ["process", "Two people read each text."],
            ])
        #expect(entries[0]["author"] == ["type": "user", "id": .string(agency.user.id)])
        let other = entries[1]["author"] ?? .null
        #expect(other.text("type") == "user" && other.text("id") != agency.user.id)
        #expect(try owner.every("\(log)?kind=process").map(\.id) == [entries[1].id])
        #expect(
            try owner.post(log, ["kind": "rumour"]).faults()
                == ["/kind": "invalid_choice", "/text": "required"])
        let faults = try owner.post(
            "/v1/project-templates",
            ["name": "x", "tasks": [["title": "y", "milestone": "never", "estimate": "soon"]]]
        ).faults()
        #expect(
            faults == [
                "/tasks/0/milestone": "unknown_reference", "/tasks/0/estimate": "invalid_duration",
            ])
    }

    @Test func `a client is told when its work begins and when its start is done, with its goals`() throws {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let package = try #require(try box.owner.every("/v1/packages").first)
        try box.owner.post(
            "/v1/project-templates",
            [
                "name": "Site", "package_id": .string(package.id),
                "milestones": [["name": "Launch", "after_days": 30], ["name": "Draft", "after_days": 10]],
            ]
        ).ok(201)
        let client = try box.owner.makeClient([
            "contact_email": "ann@acme.example", "package_id": .string(package.id),
        ])
        let begun = try box.owner.onboarding(of: client)
        try box.advance("PT1M")
        func written(_ topic: String) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound&topic=\(topic)&client_id=\(client.id)")
                .sorted { $0.id < $1.id }.map { $0.text("text") }
        }
        #expect(try written("client_welcome").first?.contains(package.text("name")) == true)
        let goals: JSON = ["goals": [["metric": "crm.leads", "target": 100, "by": "2040-01-31"]]]
        try box.owner.complete(begun, "success_metrics", goals).ok()
        for key in ["account_setup", "preferences", "requirements", "kick_off", "delivery_plan"] {
            try box.owner.complete(begun, key).ok()
        }
        try box.advance("PT1M")
        let first = try written("onboarding_update")
        #expect(first.count == 1)
        for part in ["Site", "Draft", "Leads"] { #expect(first.first?.contains(part) == true, "\(part)") }
        try box.advance("P21D")
        #expect(
            try box.owner.onboarding(of: client).states["first_report"] == "done", "by the month's report")
        #expect(try written("onboarding_update").count == 2)
        #expect(try written("onboarding_reminder").isEmpty, "nothing waited for the client")
    }

    @Test func `the first report after the plan ends its step by itself, and one before it ends none`()
        throws
    {
        let owner = try server.quietAgency().owner
        let client = try owner.makeClient(["contact_email": "ann@acme.example"])
        let begun = try owner.onboarding(of: client)
        func send() throws -> String {
            let report = try owner.post("/v1/reports", ["client_id": .string(client.id)]).ok(201)
            try owner.post("/v1/reports/\(report.id)/send").ok()
            return "/v1/reports/\(report.id)/send"
        }
        _ = try send()
        for key in keys[1...6] { try owner.complete(begun, key).ok() }
        #expect(try owner.onboarding(of: client).states["first_report"] == "open")
        let path = try send(), over = try owner.onboarding(of: client)
        #expect(over.states["first_report"] == "done" && over.text("status") == "completed")
        #expect(try owner.get("/v1/clients/\(client.id)").ok().text("lifecycle") == "active")
        #expect(try owner.post(path).status == 409)
        #expect(try owner.told("onboarding.completed", of: begun.id).count == 1)
    }

    @Test
    func `the welcome goes on over the first weeks, by industry, goals and package, while something is done`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        try box.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let package = try #require(try box.owner.every("/v1/packages").first)
        func welcomed(_ number: Int, _ industry: String) throws -> JSON {
            let known = try box.owner.post("/v1/leads", lead(number, ["industry": .string(industry)])).ok(201)
            return try box.owner.makeClient([
                "name": .string(industry), "lead_id": .string(known.id),
                "contact_email": .string("ann@\(industry.lowercased()).example"),
                "package_id": .string(package.id),
            ])
        }
        let clients = try [welcomed(1, "Healthcare"), welcomed(2, "Logistics")]
        let begun = try clients.map { try box.owner.onboarding(of: $0) }
        func written(_ client: JSON) throws -> [String] {
            try box.owner.every(
                "/v1/messages?direction=outbound&topic=welcome_series&client_id=\(client.id)"
            ).sorted { $0.id < $1.id }.map { $0.text("text") }
        }
        try box.advance("P4DT23H")
        #expect(try clients.map { try written($0).count } == [0, 0])
        try box.advance("PT2H")
        let first = try clients.map { try written($0) }
        #expect(first.map(\.count) == [1, 1])
        #expect(first[0].first?.contains("your patients") == true)
        #expect(first[1].first?.contains("your customers") == true)
        let goals: JSON = ["goals": [["metric": "crm.leads", "target": 100, "by": "2040-01-31"]]]
        try box.owner.complete(begun[0], "success_metrics", goals).ok()
        try box.advance("P6D")
        #expect(try written(clients[0]).count == 1)
        try box.advance("P1D")
        let second = try #require(try written(clients[0]).last)
        for part in ["What you want to reach", "Leads", package.text("name")] {
            #expect(second.contains(part), "\(part)")
        }
        #expect(try written(clients[1]).count == 1, "who does nothing is reminded, and told no more")
        try box.owner.complete(begun[0], "account_setup").ok()
        try box.advance("P7D")
        #expect(try written(clients[0]).last?.contains("the first weeks are over") == true)
        try box.advance("P30D")
        #expect(try clients.map { try written($0).count } == [3, 1])
    }

    @Test func `killed around the welcome, a client is welcomed once`() throws {
        let server = try BureauProcess.start()
        let sink = try SMTPStandIn()
        let agency = try server.signUp()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        try agency.owner.patch(
            "/v1/agents/client_management", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let clients = try (0..<6).map { number -> JSON in
            let client = try agency.owner.makeClient(["contact_email": .string("c\(number)@acme.example")])
            if number % 2 == 0 { try server.killAndRestart() }
            return client
        }
        let welcomes = try eventually("all are welcomed", within: .seconds(120)) { () -> [JSON]? in
            let all = try agency.owner.every("/v1/messages?topic=client_welcome")
            // One that left around a kill may be in doubt; it is not sent again.
            return all.count == clients.count
                && all.allSatisfy { ["sent", "unknown"].contains($0.text("status")) } ? all : nil
        }
        #expect(Set(welcomes.map { $0.text("client_id") }) == Set(clients.map(\.id)))
        let arrived = sink.mails.filter { header("Subject", of: $0.text)?.hasPrefix("Welcome") == true }
            .compactMap { header("To", of: $0.text) }
        #expect(Set(arrived).count == arrived.count, "nobody is welcomed twice")
        #expect(arrived.count >= welcomes.count { $0.text("status") == "sent" })
        for client in clients { #expect(try agency.owner.onboarding(of: client).text("status") == "active") }
    }
}
