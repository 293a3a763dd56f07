import JSON
import StandIns
import Testing

/// Whole syncs with services whose connectors come with the product.
@Suite(.ownThread) struct ServiceSyncs {
    let server = BureauProcess.shared

    /// A service of tasks: its name for them, and how it says that one is done.
    private struct TaskService {
        let object: String, title: String
        let done: JSONObject
        let service: ServiceStandIn, records: StandInRecords
        let credentials: JSON
        let settings: JSONObject

        init(_ name: String) throws {
            func text(_ text: String) -> JSON { .string(text) }
            switch name {
            case "asana":
                let asana = try AsanaStandIn()
                (object, title, done) = ("tasks", "name", ["completed": true])
                (service, records) = (asana.service, asana.tasks)
                credentials = ["access_token": text(asana.token)]
                settings = ["workspace": text(asana.workspace), "project": text(asana.project)]
            case "trello":
                let trello = try TrelloStandIn()
                (object, title, done) = ("cards", "name", ["dueComplete": true])
                (service, records) = (trello.service, trello.cards)
                credentials = [
                    "key": text(trello.key), "token": text(trello.token), "secret": text(trello.secret),
                ]
                settings = ["board": text(trello.board), "list": text(trello.list)]
            default:
                let jira = try JiraStandIn()
                (object, title) = ("issues", "summary")
                done = ["status": ["id": "3", "statusCategory": ["key": "done"]]]
                (service, records) = (jira.service, jira.issues)
                credentials = ["email": text(jira.email), "api_token": text(jira.token)]
                settings = ["project": text(jira.project)]
            }
        }
    }

    private func run(_ sync: JSON, _ owner: Caller) throws -> JSON {
        let run = try owner.ended("/v1/syncs/\(sync.id)/run", [:])
        try #require(run.text("status") == "completed", "\(run)")
        return run
    }

    /// The records that a run has made and changed, here and there.
    private func news(of run: JSON) -> [Int64?] {
        ["pulled", "pushed"].flatMap { side in ["created", "updated"].map { run[side]?[$0]?.int } }
    }

    @Test(arguments: ["asana", "trello", "jira"])
    func `tasks are kept in step both ways, and each is made once, under our identifier`(
        _ name: String
    )
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, tasks = try TaskService(name)
        let made = try agency.connect(
            name, tasks.service.url, credentials: tasks.credentials, settings: tasks.settings,
            capability: "projects")
        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let project = try owner.post("/v1/projects", ["client_id": .string(client.id), "name": "Site"])
            .ok(201)
        let own: JSON = ["project_id": .string(project.id)]
        let brief: JSON = ["title": "Write a brief", "description": "Two pages", "due_on": "2027-01-15"]
        let task = try owner.post("/v1/tasks", brief.merging(own)).ok(201)
        let theirs = tasks.records.add([tasks.title: "Choose pictures"])
        let sync = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": .string(tasks.object), "local": "tasks",
                "direction": "both", "conflict": "newest", "every": nil, "defaults": own,
            ]
        ).ok(201)

        #expect(news(of: try run(sync, owner)) == [1, 0, 1, 0])
        let ours = try #require(tasks.records.all.first { $0.id != theirs.id })
        #expect(ours.fields[tasks.title] == "Write a brief" && tasks.records.all.count == 2)
        #expect(JSON.object(ours.fields).serialized.contains(task.id))

        tasks.records.change(theirs.id, tasks.done)
        try owner.patch("/v1/tasks/\(task.id)", ["title": "Write the brief", "status": "done"]).ok()
        let second = try run(sync, owner)
        #expect(news(of: second) == [0, 1, 0, 1])
        let here = try owner.every("/v1/tasks?project_id=\(project.id)")
        #expect(
            Set(here.map { "\($0.text("title")): \($0.text("status"))" }) == [
                "Write the brief: done", "Choose pictures: done",
            ])
        let there = try #require(tasks.records.all.first { $0.id == ours.id })
        #expect(there.fields[tasks.title] == "Write the brief")
        for (field, value) in tasks.done.members { #expect(there.fields[field] == value) }

        let before = tasks.records.all.map(\.changed)
        #expect(news(of: try run(sync, owner)) == [0, 0, 0, 0])
        #expect(tasks.records.all.map(\.changed) == before, "then both are still")
    }

    @Test func `deals of a CRM find their lead by its person or company, both ways, and no deal is nobody's`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, pipe = try PipedriveStandIn()
        let made = try agency.connect(
            "pipedrive", pipe.service.url, credentials: ["api_token": .string(pipe.token)], capability: "crm")
        func sync(
            _ object: String, _ local: String, _ direction: String, _ defaults: JSON = nil
        ) throws -> JSON {
            try owner.post(
                "/v1/syncs",
                [
                    "integration_id": .string(made.id), "object": .string(object), "local": .string(local),
                    "direction": .string(direction), "conflict": "newest", "every": nil,
                    "defaults": defaults,
                ]
            ).ok(201)
        }
        func deal(_ title: String, _ more: JSONObject) -> StandInRecords.Record {
            let fields: JSONObject = [
                "title": .string(title), "value": 500, "currency": "USD", "status": "open",
            ]
            return pipe.deals.add(JSON.object(fields).adding(more).object ?? [:])
        }
        let ana = pipe.persons.add([
            "name": "Ana López", "emails": [["value": "ana@acme.example", "primary": true, "label": "work"]],
        ])
        let person = JSON.integer(Int64(ana.id) ?? 0)
        let firm = pipe.organizations.add(["name": "Birch", "website": "birch.example"])
        let birch = try owner.post(
            "/v1/leads",
            ["company": "Birch", "website": "https://birch.example", "email": "bo@birch.example"]
        ).ok(201)
        _ = deal("Ana's site", ["person_id": person])
        _ = deal("Birch's shop", ["org_id": .integer(Int64(firm.id) ?? 0)])
        let stray = deal("Nobody's", [:])

        let deals = try sync("deals", "deals", "both")
        let early = try run(deals, owner)
        #expect(early["pulled"]?["created"] == 0 && early["pulled"]?["failed"] == 3, "\(early)")
        let failed = try owner.every("/v1/sync-runs/\(early.id)/records?outcome=failed")
        #expect(Set(failed.map { "\($0.text("field")) \($0.text("code"))" }) == ["lead_id required"])
        _ = try run(sync("persons", "leads", "pull", ["company": "Acme"]), owner)
        _ = try run(sync("organizations", "companies", "pull"), owner)
        let full = try owner.ended("/v1/syncs/\(deals.id)/run", ["full": true])
        #expect(full["pulled"]?["created"] == 2 && full["pulled"]?["failed"] == 1, "\(full)")
        let lead = try #require(try owner.every("/v1/leads").first { $0.text("email") == "ana@acme.example" })
        let here = try owner.every("/v1/deals")
        let owners = Dictionary(here.map { ($0.text("name"), $0.text("lead_id")) }, uniquingKeysWith: { $1 })
        #expect(owners == ["Ana's site": lead.id, "Birch's shop": birch.id])
        #expect(here.allSatisfy { $0["value"]?["amount"] == 50_000 })

        // A deal that is made here names its person there.
        try owner.post("/v1/deals", ["lead_id": .string(lead.id), "name": "Ana's campaign"]).ok(201)
        #expect(try run(deals, owner)["pushed"]?["created"] == 1)
        let there = try #require(pipe.deals.all.first { $0.fields["title"] == "Ana's campaign" })
        #expect(there.fields["person_id"] == person)
        pipe.deals.change(stray.id, ["person_id": person])
        #expect(try run(deals, owner)["pulled"]?["created"] == 1)
        #expect(try news(of: run(deals, owner)) == [0, 0, 0, 0])
    }

    @Test func `a CRM behind Apideck is kept in step both ways, and each call counts for the month`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, deck = try ApideckStandIn()
        let made = try agency.connect(
            "apideck", deck.service.url,
            credentials: ["api_key": .string(deck.apiKey), "app_id": .string(deck.appID)], capability: "crm")
        let theirs = deck.contacts.add([
            "name": "Ana López", "company_name": "Acme", "emails": [["email": "ana@acme.example"]],
        ])
        let person: JSON = [
            "company": "Birch", "contact_name": "Bo Birch", "email": "bo@birch.example",
            "phone": "+14155552671",
        ]
        let lead = try owner.post("/v1/leads", person).ok(201)
        let sync = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": "contacts", "local": "leads",
                "direction": "both", "conflict": "newest", "every": nil,
            ]
        ).ok(201)

        let first = try run(sync, owner)
        #expect(news(of: first) == [1, 0, 1, 0])
        let ours = try #require(deck.contacts.all.first { $0.id != theirs.id })
        #expect(ours.fields["emails"]?.array?.first?["email"] == "bo@birch.example")
        #expect(ours.fields["phone_numbers"]?.array?.first?["number"] == "+14155552671")
        #expect(try owner.lead(lead)["external_ids"] == ["apideck": .string(ours.id)])

        // Another address that stands there beside the one that we know is theirs, and stays.
        let emails: JSON = [["email": "bo@birch.example", "type": "primary"], ["email": "bo@home.example"]]
        deck.contacts.change(ours.id, ["emails": emails])
        deck.contacts.change(theirs.id, ["name": "Ana Pérez"])
        try owner.patch("/v1/leads/\(lead.id)", ["contact_name": "Bo Beech", "email": "bo@beech.example"])
            .ok()
        let second = try run(sync, owner)
        #expect(news(of: second) == [0, 1, 0, 1])
        let there = try #require(deck.contacts.all.first { $0.id == ours.id })
        #expect(there.fields["name"] == "Bo Beech")
        #expect(
            there.fields["emails"]?.array?.map { $0.text("email") } == [
                "bo@beech.example", "bo@home.example",
            ])
        let names = try owner.every("/v1/leads").map { $0.text("contact_name") }
        #expect(Set(names) == ["Ana Pérez", "Bo Beech"])

        let third = try run(sync, owner)
        #expect(news(of: third) == [0, 0, 0, 0] && deck.contacts.all.count == 2)
        let asked = deck.service.requests.count
        let calls = [first, second, third].compactMap { $0["calls"]?.int }.reduce(0, +)
        let month = try owner.get("/v1/integrations/\(made.id)").ok()["quota"]?.array?.first {
            $0["per"] == "month"
        }
        #expect(calls == Int64(asked) && month?["used"] == JSON(asked) && month?["limit"] == 2500)

        // Its hook says of whom there is news; what the news is, Apideck is asked.
        deck.contacts.change(theirs.id, ["name": "Ana Ruiz"])
        let hook: JSON = [
            "event_id": "evt_1", "event_type": "crm.contact.updated", "entity_type": "crm.contact",
            "entity_id": .string(theirs.id), "name": "Nobody",
        ]
        try server.deliver(deck.hook(hook, key: deck.otherKey), to: made).problem(401, "signature_invalid")
        for _ in 0..<2 { try server.deliver(deck.hook(hook), to: made).ok() }
        try eventuallyTrue("what its hook tells of") {
            try Set(owner.every("/v1/leads").map { $0.text("contact_name") }) == ["Ana Ruiz", "Bo Beech"]
        }
        let receipts = try owner.every("/v1/hook-receipts?integration_id=\(made.id)")
        #expect(receipts.map { $0.text("type") } == ["crm.contact.updated"], "what came twice is one")
        try checkDeals(with: ours.id, of: lead, behind: deck, made, owner)
    }

    /// Companies and opportunities of the CRM behind Apideck cross both ways; `lead` is its contact `person`.
    private func checkDeals(
        with person: String, of lead: JSON, behind deck: ApideckStandIn, _ integration: JSON, _ owner: Caller
    ) throws {
        func sync(_ object: String, _ local: String) throws -> JSON {
            try owner.post(
                "/v1/syncs",
                [
                    "integration_id": .string(integration.id), "object": .string(object),
                    "local": .string(local), "direction": "both", "conflict": "newest", "every": nil,
                ]
            ).ok(201)
        }
        deck.companies.add([
            "name": "Delta Works", "number_of_employees": 40, "annual_revenue": 1200.5, "currency": "EUR",
            "websites": [["url": "https://delta-works.example", "type": "primary"]],
            "addresses": [["city": "Bilbao", "type": "primary"]],
        ])
        try owner.post(
            "/v1/companies", ["name": "Echo Works", "location": "Porto", "employee_count": 12]
        ).ok(201)
        #expect(try run(sync("companies", "companies"), owner)["pulled"]?["created"] == 1)
        let firm = try #require(try owner.every("/v1/companies").first { $0.text("name") == "Delta Works" })
        #expect(firm.text("location") == "Bilbao" && firm["employee_count"] == 40, "\(firm)")
        #expect(firm["annual_revenue"] == ["amount": 120_050, "currency": "EUR"], "\(firm)")
        let echo = try #require(deck.companies.all.first { $0.fields["name"] == "Echo Works" })
        #expect(echo.fields["addresses"] == [["city": "Porto", "type": "primary"]])
        #expect(echo.fields["number_of_employees"] == 12)

        let order: JSONObject = [
            "title": "Bo's site", "monetary_amount": 500, "currency": "USD", "close_date": "2027-03-01",
            "primary_contact_id": .string(person),
        ]
        let there = deck.opportunities.add(order)
        let campaign: JSON = ["lead_id": .string(lead.id), "name": "Bo's campaign", "value": dollars(700)]
        try owner.post("/v1/deals", campaign).ok(201)
        let deals = try sync("opportunities", "deals")
        #expect(news(of: try run(deals, owner)) == [1, 0, 1, 0])
        let here = try #require(try owner.every("/v1/deals").first { $0.text("name") == "Bo's site" })
        #expect(here.text("lead_id") == lead.id && here["value"] == dollars(500), "\(here)")
        #expect(here.text("expected_close") == "2027-03-01")
        let ours = try #require(deck.opportunities.all.first { $0.id != there.id })
        #expect(ours.fields["title"] == "Bo's campaign" && ours.fields["currency"] == "USD")
        #expect(ours.fields["monetary_amount"]?.double == 700)
        #expect(ours.fields["primary_contact_id"] == .string(person))
        #expect(news(of: try run(deals, owner)) == [0, 0, 0, 0])
        deck.opportunities.change(there.id, ["monetary_amount": 900])
        let hook: JSON = [
            "event_id": "evt_2", "event_type": "crm.opportunity.updated", "entity_type": "crm.opportunity",
            "entity_id": .string(there.id),
        ]
        try server.deliver(deck.hook(hook), to: integration).ok()
        try eventuallyTrue("the new value") {
            try owner.get("/v1/deals/\(here.id)").ok()["value"] == dollars(900)
        }
    }

    @Test(arguments: ["hubspot", "salesforce"])
    func `a CRM that lists apart what was deleted is kept in step, and what is gone there is archived here`(
        _ name: String
    ) throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (hub, force) = (try HubSpotStandIn(), try SalesforceStandIn()), isHub = name == "hubspot"
        let service = isHub ? hub.service : force.service, people = isHub ? hub.contacts : force.leads
        let made = try agency.connect(
            name, service.url,
            credentials: isHub ? ["access_token": .string(hub.token)] : force.credentials,
            settings: isHub ? [:] : force.settings, capability: "crm")
        func fields(_ first: String, _ last: String) -> JSONObject {
            let email = JSON.string("\(first.lowercased())@acme.example")
            let (given, family) = (JSON.string(first), JSON.string(last))
            return isHub
                ? ["firstname": given, "lastname": family, "email": email, "company": "Acme"]
                : ["FirstName": given, "LastName": family, "Email": email, "Company": "Acme"]
        }
        let ana = people.add(fields("Ana", "Alder")), bo = people.add(fields("Bo", "Birch"))
        let lead = try owner.post(
            "/v1/leads", ["company": "Cedar", "contact_name": "Cy Cedar", "email": "cy@cedar.example"]
        ).ok(201)
        let sync = try owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": isHub ? "contacts" : "leads", "local": "leads",
                "direction": "both", "conflict": "newest", "deletes": "archive", "every": nil,
            ]
        ).ok(201)
        #expect(news(of: try run(sync, owner)) == [2, 0, 1, 0])
        let ours = try #require(people.all.first { ![ana.id, bo.id].contains($0.id) })
        #expect(ours.fields[isHub ? "lastname" : "LastName"] == "Cedar", "\(ours.fields)")
        if !isHub { #expect(ours.fields["Bureau_Id__c"] == .string(lead.id)) }

        people.change(ana.id, [isHub ? "lastname" : "LastName": "Ash"])
        people.remove(bo.id)
        let second = try run(sync, owner)
        #expect(second["pulled"]?["archived"] == 1 && news(of: second) == [0, 1, 0, 0], "\(second)")
        let gone = try owner.every("/v1/leads?status=archived").map { $0.text("contact_name") }
        #expect(gone == ["Bo Birch"])
        #expect(try owner.every("/v1/leads").contains { $0.text("contact_name") == "Ana Ash" })
        let third = try run(sync, owner)
        #expect(news(of: third) == [0, 0, 0, 0] && third["pulled"]?["archived"] == 0)
        #expect(people.all.count == 2, "nothing that is gone is made there again")
    }

    @Test func `what a sync brings sets agents to work, as what is made here does`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, deck = try ApideckStandIn()
        try owner.patch("/v1/agents/lead_scoring", ["state": "active", "autonomy": "autopilot"]).ok()
        let sync = try agency.pullLeads(from: deck)
        #expect(news(of: try run(sync, owner)) == [1, 0, 0, 0])
        let lead = try #require(try owner.every("/v1/leads").first)
        try eventuallyTrue("its score") {
            let runs = try owner.every("/v1/agent-runs?agent=lead_scoring&trigger=event")
            return try runs.contains { $0.text("status") == "succeeded" }
                && owner.lead(lead)["score"] != .null
        }
    }
}
