import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// One key of Apideck may give access to all its services, or its CRM have a key of its own.
@Suite(.ownThread) struct InstallationKeys {
    /// Starts a server with these variables whose Apideck is a stand-in; returns what a test of its connections says
    /// of it, the keys that the stand-in was shown, and with what the test ended.
    private func tested(
        _ variables: [String: String]
    ) throws -> (told: [JSON], keys: [String], status: Int32?) {
        let deck = try ApideckStandIn()
        let server = try BureauProcess.start([:], variables: variables)
        let file = URL(fileURLWithPath: server.folder + "/api_config.json")
        let made = try JSONParser.parse(try Data(contentsOf: file).map { $0 })
        #expect(made["apis"]?["apideck"]?["limits"]?["month"] == 2500)
        _ = server.stop()
        try Data(made.merging(["apis": ["apideck": entry(of: deck)]]).bytes).write(to: file)
        try server.start()
        let agency = try server.quietAgency()
        let ended = try server.command("integrations", "test", "--tenant", agency.tenant.id, "--json")
        for text in [ended.output, server.log] { #expect(!variables.values.contains { text.contains($0) }) }
        return (
            try connections(ended.output).filter { $0["provider"] == "apideck" },
            deck.service.requests.compactMap { $0.header("Authorization") }, ended.status
        )
    }

    /// Returns what a test of all connections has said.
    private func connections(_ output: String) throws -> [JSON] {
        let report = try JSONParser.parse(output.trimmingCharacters(in: .whitespacesAndNewlines))
        return report["connections"]?.array ?? []
    }

    private func entry(of deck: ApideckStandIn) -> JSON {
        [
            "base_url": .string(deck.service.url),
            "auth": ["kind": "bearer", "credential": "api_key", "app_id": .string(deck.appID)],
        ]
    }

    @Test(arguments: [
        (["APIDECK_API_KEY": "sk_live_bureau"], ["Bearer sk_live_bureau"]),
        (["APIDECK_CRM_API_KEY": "sk_live_bureau"], ["Bearer sk_live_bureau"]),
        (
            ["APIDECK_CRM_API_KEY": "sk_live_bureau", "APIDECK_API_KEY": "sk_live_other"],
            ["Bearer sk_live_bureau", "Bearer sk_live_other"]
        ),
    ])
    func `both variables are taken, and the CRM's comes first where there are two`(
        _ variables: [String: String], _ keys: [String]
    ) throws {
        let (told, asked, status) = try tested(variables)
        #expect(told.count == keys.count && told.allSatisfy { $0["ok"] == true }, "\(told)")
        #expect(asked == keys && status == 0)
    }

    @Test func `each key of a service is tested, and a wrong one is told by its variable`() throws {
        let (told, _, status) = try tested([
            "APIDECK_CRM_API_KEY": "sk_live_bureau", "APIDECK_API_KEY": "sk_live_wrong",
        ])
        #expect(told.map { $0["ok"] } == [true, false] && status == 1, "\(told)")
        #expect(told.last?.text("code") == "unauthenticated")
        #expect(told.last?.text("detail").hasPrefix("APIDECK_API_KEY: ") == true, "\(told)")
    }

    @Test func `all seven names are read from the .env of the folder in which it starts`() throws {
        let (abstract, companies) = (try AbstractStandIn(), try AbstractCompanyStandIn())
        let (maileroo, deck) = (try MailerooVerifyStandIn(), try ApideckStandIn())
        let model = try Models.saying(Models.completion(#"{"ready":true}"#))
        let server = try server(
            variables: [:],
            [
                "abstract_email": ["base_url": .string(abstract.service.url)],
                "abstract_company": ["base_url": .string(companies.service.url)],
                "maileroo_verify": ["base_url": .string(maileroo.service.url)],
                "apideck": entry(of: deck),
            ])
        let agency = try server.quietAgency(), folder = server.file("project")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            OPENAI_API_KEY=sk-of-the-file
            OPENAI_API_BASE=\(model.url)/v1
            ABSTRACT_EMAIL_API_KEY=\(abstract.apiKey)
            ABSTRACT_COMPANY_API_KEY=\(companies.apiKey)
            APIDECK_API_KEY=\(deck.otherKey)
            APIDECK_CRM_API_KEY=\(deck.apiKey)
            MAILEROO_API_KEY=\(maileroo.apiKey)
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/.env"))
        // A server that runs would be asked, and tell what it was started with.
        _ = server.stop()
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
        variables["BUREAU_DATABASE_URL"] = server.database
        variables["BUREAU_OUTBOUND_ALLOW_PRIVATE"] = "true"
        variables["BUREAU_MODELS_SHARED"] = "small-model"
        let ended = try BureauProcess.run(
            [
                "env", "-C", folder, BureauProcess.binary, "integrations", "test", "--json",
                "--tenant", agency.tenant.id, "--data", server.folder,
            ], variables)
        let told = try connections(ended.output).map { "\($0.text("provider")) \($0["ok"] == true)" }
        #expect(
            told.sorted() == [
                "abstract_company true", "abstract_email true", "apideck true", "apideck true",
                "maileroo_verify true", "openai true",
            ], "\(ended.output)")
        #expect(model.requests.first?.header("Authorization") == "Bearer sk-of-the-file")
        let keys = deck.service.requests.compactMap { $0.header("Authorization") }
        #expect(keys == [deck.apiKey, deck.otherKey].map { "Bearer \($0)" }, "the CRM's comes first")
    }

    @Test func `each limit of the file holds for its time and for all, and what is switched off is gone`()
        throws
    {
        let abstract = try AbstractStandIn()
        let clock = try MovedClock(at: Date(iso: "2027-03-10T08:00:00.000Z"))
        let keys = ["ABSTRACT_EMAIL_API_KEY": abstract.apiKey]
        let server = try server(
            EmailChecks.names.settings, variables: keys.merging(clock.variables) { $1 },
            [
                "abstract_email": [
                    "base_url": .string(abstract.service.url),
                    "limits": ["minute": 2, "hour": 3, "day": 4, "month": nil],
                ], "apollo": ["enabled": false],
            ])
        let agencies = [try server.quietAgency(), try server.quietAgency()]
        let names = try agencies[0].owner.every("/v1/integration-providers").map { $0.text("name") }
        #expect(names.contains("hunter") && !names.contains("apollo"))
        // The agencies ask in turn: what one has used is gone for the other. Each time another limit is the first
        // that is reached: the minute's, the hour's, the day's, and the minute's again.
        var asked = 0
        for (time, left) in [
            ("2027-03-10T08:10:02.000Z", 2), ("2027-03-10T08:11:05.000Z", 1),
            ("2027-03-10T09:12:00.000Z", 1), ("2027-03-11T09:13:00.000Z", 2),
        ] {
            try clock.move(to: Date(iso: time))
            let owners = try agencies.map { server.caller(try $0.signIn().text("access_token")) }
            for number in 0..<left {
                asked += 1
                let told = try owners[number % 2].checked("n\(asked)@shop.example")
                #expect(told.text("source") == "abstract_email", "\(time): \(told)")
            }
            let told = try owners[left % 2].checked("late\(asked)@shop.example")
            #expect(told.tried == ["abstract_email skipped quota_exhausted"], "\(time)")
            #expect(abstract.service.requests.count == asked, "\(time)")
        }
    }

    /// A server with these variables, whose services are such in `api_config.json`.
    private func server(
        _ settings: [String: String] = ["outbound.allow_private": "true"], variables: [String: String],
        _ apis: JSON
    ) throws -> BureauProcess {
        let server = try BureauProcess.start(settings, variables: variables)
        let file = URL(fileURLWithPath: server.folder + "/api_config.json")
        let made = try JSONParser.parse(try Data(contentsOf: file).map { $0 })
        _ = server.stop()
        try Data(made.merging(["apis": apis]).bytes).write(to: file)
        try server.start()
        return server
    }

    /// A server with Apideck's keys in its variables, and so many calls a month.
    private func server(of deck: ApideckStandIn, calls: Int, _ clock: MovedClock) throws -> BureauProcess {
        let entry: JSON = [
            "base_url": .string(deck.service.url), "limits": ["month": JSON(calls)],
            "auth": ["kind": "bearer", "credential": "api_key", "app_id": .string(deck.appID)],
        ]
        let keys = ["APIDECK_CRM_API_KEY": deck.apiKey, "APIDECK_API_KEY": deck.otherKey]
        return try server(variables: keys.merging(clock.variables) { $1 }, ["apideck": entry])
    }

    @Test func `the keys of companies, addresses and a model serve agencies that have none of their own`()
        throws
    {
        let (web, maileroo, abstract) = (
            try CrawledWeb(), try MailerooVerifyStandIn(), try AbstractStandIn()
        )
        let model = try Models.saying(
            Models.summary("Wants more leads."), Models.completion(#"{"ready":true}"#),
            Models.summary("Of its own."), Models.completion(#"{"ready":true}"#))
        let companies = Mutex<[String]>([])
        web.service("companies.example/v2") { request in
            companies.withLock { $0.append(request.query("api_key") ?? "") }
            let known: JSON = [
                "domain": .string(request.query("domain") ?? ""), "company_name": "Northwind",
                "year_founded": 2009,
            ]
            return StandInAnswer(200, known.serialized)
        }
        let keys = [
            "OPENAI_API_KEY": "sk-of-the-installation", "OPENAI_API_BASE": "\(model.url)/v1/",
            "ABSTRACT_COMPANY_API_KEY": "companies-of-the-installation", "MAILEROO_API_KEY": maileroo.apiKey,
            "ABSTRACT_EMAIL_API_KEY": "ok-switched-off",
        ]
        let open = ["outbound.allow_private": "true", "models.shared": "small-model"]
        let server = try server(
            web.settings.merging(EmailChecks.names.settings) { $1 }.merging(open) { $1 },
            variables: keys,
            [
                "abstract_company": [
                    "base_url": "http://companies.example", "price": ["amount": 5000, "currency": "USD"],
                ],
                "maileroo_verify": ["base_url": .string(maileroo.service.url)],
                "abstract_email": [
                    "base_url": .string(abstract.service.url), "features": ["email_verification": false],
                ],
            ])
        let agency = try server.researchingAgency()
        #expect(try agency.owner.checked("ana@shop.example").text("source") == "maileroo_verify")
        #expect(abstract.service.requests.isEmpty, "its feature is switched off")

        try agency.owner.planned("founded_year", ["abstract_company"])
        web.page("north.example/", "Northwind")
        let found = try agency.bareLead("north.example")
        let only: JSON = ["fields": ["founded_year"]], result = try agency.owner.enriched(found, only)
        #expect(result.tried == ["abstract_company found"])
        #expect(result["cost"] == ["amount": 5, "currency": "USD"], "the file's price is that of a thousand")
        #expect(companies.withLock { Set($0) } == ["companies-of-the-installation"])

        try agency.owner.patch("/v1/agents/lead_qualification", ["state": "active"]).ok()
        func summary(of number: Int) throws -> String? {
            let lead = try agency.makeLead(number, ["pain_points": ["too few leads"]])
            let run = try agency.owner.ended("/v1/leads/\(lead.id)/qualify")
            let decision = run["decisions"]?.array?.first?.text ?? ""
            return try agency.owner.get("/v1/decisions/\(decision)").ok()["outcome"]?["summary"]?.text
        }
        func tested() throws -> [String] {
            let ended = try server.command("integrations", "test", "--tenant", agency.tenant.id, "--json")
            for key in keys.values where !key.hasPrefix("http") { #expect(!ended.output.contains(key)) }
            return (try JSONParser.parse(ended.output.trimmingCharacters(in: .whitespacesAndNewlines)))[
                "connections"]?.array?.map { "\($0.text("provider")) \($0["ok"] == true)" }.sorted() ?? []
        }
        #expect(try summary(of: 1) == "Wants more leads.")
        let sent = try #require(model.requests.first)
        #expect(sent.target == "/v1/chat/completions")
        #expect(sent.header("Authorization") == "Bearer sk-of-the-installation")
        #expect(try JSONParser.parse(sent.body)["model"] == "small-model")
        #expect(try tested() == ["abstract_company true", "maileroo_verify true", "openai true"])

        // An agency that has a model of its own asks that one.
        try agency.owner.post(
            "/v1/models",
            [
                "name": "own", "base_url": .string("\(model.url)/v1"), "model": "m", "api_key": "sk-own",
            ]
        ).ok(201)
        #expect(try summary(of: 2) == "Of its own.")
        #expect(model.requests.last?.header("Authorization") == "Bearer sk-own")
        #expect(try tested() == ["abstract_company true", "maileroo_verify true", "model own true"])

        // The file's priorities say who is asked first.
        _ = server.stop()
        let file = URL(fileURLWithPath: server.folder + "/api_config.json")
        let made = try JSONParser.parse(try Data(contentsOf: file).map { $0 })
        let order: JSON = [
            "abstract_email": ["features": ["email_verification": true], "priority": 900],
            "maileroo_verify": ["priority": 1],
        ]
        try Data(made.merging(["apis": order]).bytes).write(to: file)
        try server.start()
        // Maileroo cannot tell, so that the next one is asked, too.
        let sources = try agency.owner.checked("eva@shop.example").tried.map { $0.prefix { $0 != " " } }
        #expect(sources == ["maileroo_verify", "abstract_email"], "by default Abstract comes first")
        // The answers of services are stored: nobody is asked again.
        #expect(try agency.owner.enriched(found, only).tried == ["abstract_company skipped fresh"])
    }

    @Test func `the installation's key of Apideck serves searches and syncs of all, within one allowance`()
        throws
    {
        let deck = try ApideckStandIn(), clock = try MovedClock(at: .now)
        let server = try server(of: deck, calls: 20, clock)
        let (one, other) = (try server.quietAgency(), try server.quietAgency())
        // No key is named, and none is sent to a place that an agency chooses.
        let open: JSON = ["provider": "apideck", "capability": "crm"]
        #expect(
            try one.owner.post(
                "/v1/integrations", open.merging(["settings": ["base_url": .string(deck.service.url)]])
            ).faults() == ["/credentials/api_key": "required", "/credentials/app_id": "required"])
        let made = try one.owner.post("/v1/integrations", open).ok(201)
        #expect(
            try one.owner.patch(
                "/v1/integrations/\(made.id)", ["settings": ["base_url": .string(deck.service.url)]]
            ).faults() == ["/credentials/api_key": "required", "/credentials/app_id": "required"])
        #expect(try one.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)

        deck.contacts.add([
            "name": "Ana López", "company_name": "Acme", "emails": [["email": "ana@acme.example"]],
        ])
        let sync = try one.owner.post(
            "/v1/syncs",
            [
                "integration_id": .string(made.id), "object": "contacts", "local": "leads",
                "direction": "pull",
                "conflict": "newest", "every": nil,
            ]
        ).ok(201)
        let run = try one.owner.ended("/v1/syncs/\(sync.id)/run", [:])
        #expect(run.text("status") == "completed", "\(run)")
        #expect(try one.owner.every("/v1/leads").map { $0.text("email") } == ["ana@acme.example"])

        deck.leads.add([
            "name": "Ann Lead", "company_name": "Lead Works", "emails": [["email": "ann@lead-works.example"]],
        ])
        try other.owner.post("/v1/integrations", ["provider": "apideck", "capability": "lead_source"]).ok(201)
        try other.owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
        let search = try other.owner.post("/v1/searches", ["name": "CRM", "sources": ["apideck"]]).ok(201)
        let found = try other.owner.ended("/v1/searches/\(search.id)/run")
        #expect(found["result"]?["created"] == 1, "\(found)")
        // The CRM has its own key, and everything else the general one.
        let asked = deck.service.requests.map { request in
            ["x-apideck-consumer-id", "Authorization"].map { request.header($0) ?? "" }
        }
        #expect(
            Set(asked) == [
                [one.tenant.id, "Bearer \(deck.apiKey)"], [other.tenant.id, "Bearer \(deck.otherKey)"],
            ])

        // One agency's use is gone for all: at twenty calls nobody is asked any more.
        for _ in 0..<24 { _ = try one.owner.post("/v1/integrations/\(made.id)/test").ok() }
        #expect(deck.service.requests.count == 20)
        let refused = try other.owner.ended("/v1/searches/\(search.id)/run")
        #expect(refused.serialized.contains("quota_exhausted"), "\(refused)")
        #expect(deck.service.requests.count == 20)
        let shown = try ["integrations", "tool-calls", "audit"].flatMap { try one.owner.every("/v1/\($0)") }
        #expect(!JSON.array(shown).serialized.contains(deck.apiKey) && !server.log.contains(deck.apiKey))

        // They are calls of the month: the next one has its own.
        try clock.move(to: .now.addingTimeInterval(32 * 86_400))
        let later = server.caller(try one.signIn().text("access_token"))
        #expect(try later.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        #expect(deck.service.requests.count > 20)
    }
}
