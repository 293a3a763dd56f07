import Foundation
import JSON
import StandIns
import TestDatabases
import Testing

@Suite(.ownThread) struct CommandLineScenarios {
    @Test func `help tells of every command, and each command of its flags`() throws {
        let help = try BureauProcess.bare("--help")
        #expect(help.status == 0)
        for word in [
            "serve", "demo", "migrate", "openapi", "tenant", "user", "key", "agents", "status", "health",
            "import", "doctor", "config", "admin", "backup", "restore", "verify",
        ] {
            #expect(help.output.contains(word), "\(word)")
        }
        for word in ["serve", "import", "doctor", "migrate", "backup"] {
            let one = try BureauProcess.bare(word, "--help")
            #expect(one.status == 0 && one.output.contains("--data"), "\(word): \(one.output)")
        }
    }

    @Test(arguments: [
        ["sreve"], ["serve", "--lisen", "127.0.0.1:1"], ["tenant", "creat", "--name", "x"], ["import"],
    ])
    func `a mistake exits with 2 and a suggestion`(_ arguments: [String]) throws {
        let ended = try BureauProcess.run([BureauProcess.binary] + arguments)
        #expect(ended.status == 2, "\(ended.output)")
        let wanted = ["sreve": "serve", "serve": "--listen", "tenant": "create"][arguments.first ?? ""]
        if let wanted { #expect(ended.output.contains(wanted), "\(ended.output)") }
        #expect(!ended.output.isEmpty)
    }

    @Test func `tenant, user and key that it makes work over HTTP, beside a running server`() throws {
        let server = try BureauProcess.start()
        let tenant = try server.command("tenant", "create", "--name", "Northwind", "--json")
        try #require(tenant.status == 0, "\(tenant.output)")
        let id = try JSONParser.parse(tenant.output.trimmingCharacters(in: .whitespacesAndNewlines)).id
        let user = try server.command(
            "user", "create", "--tenant", id, "--email", "olive@example.com", "--password",
            "correct horse battery", "--role", "owner")
        #expect(user.status == 0, "\(user.output)")
        let login: JSON = ["email": "olive@example.com", "password": "correct horse battery"]
        let owner = server.caller(
            try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        #expect(try owner.every("/v1/agents").isEmpty == false, "an agency made here is seeded, too")
        let key = try server.command(
            "key", "create", "--tenant", id, "--name", "robot", "--scopes", "leads:read,leads:write")
        let secret = try #require(key.output.firstMatch(of: /bk_\S+/), "\(key.output)").output
        try server.caller(String(secret)).post("/v1/leads", lead()).ok(201)
        for wrong in [
            [
                "user", "create", "--tenant", id, "--email", "nobody", "--password", "short", "--role",
                "emperor",
            ],
            ["key", "create", "--tenant", id, "--name", "x", "--scopes", "moon:walk"],
            [
                "user", "create", "--tenant", "tenant_nobody", "--email", "a@example.com", "--password",
                "correct horse battery", "--role", "owner",
            ],
        ] {
            let ended = try BureauProcess.run([BureauProcess.binary] + wrong + ["--data", server.folder])
            #expect(ended.status == 1 && !ended.output.isEmpty, "\(wrong): \(ended.output)")
        }
    }

    @Test func `status, health and agents tell the truth about a running server`() throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        let status = try server.command("status", "--json")
        #expect(status.status == 0)
        #expect(
            try JSONParser.parse(status.output.trimmingCharacters(in: .whitespacesAndNewlines)).text("status")
                .isEmpty == false)
        #expect(try server.command("health", "--json").status == 0)
        let agents = try server.command("agents", "list", "--tenant", agency.tenant.id, "--json")
        #expect(agents.status == 0 && agents.output.contains("lead_scoring"))
        _ = try JSONParser.parse(agents.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test func `a file is imported without a server; a missing file and an unknown tenant are explained`()
        throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        try #require(server.stop() == 0)
        let file = server.file("leads.csv")
        try csv(csvHeader, (0..<30).map { csvRow($0) }).write(toFile: file, atomically: true, encoding: .utf8)
        let done = try server.command("import", file, "--tenant", agency.tenant.id)
        #expect(done.status == 0 && done.output.contains("30"), "\(done.output)")
        #expect(try server.command("import", file, "--tenant", "tenant_nobody").status == 1)
        let missing = try server.command("import", "/absent/leads.csv", "--tenant", agency.tenant.id)
        #expect(missing.status == 1 && missing.output.contains("/absent/leads.csv"), "\(missing.output)")
        try server.start()
        #expect(try agency.owner.total() == 30)
    }

    @Test func `what the system refuses is said in words, with what to do about it`() throws {
        let server = try BureauProcess.start()
        let folder = server.file("second")
        let taken = try BureauProcess.run([
            BureauProcess.binary, "serve", "--listen", "127.0.0.1:\(server.port)", "--data", folder,
        ])
        #expect(
            taken.status == 1
                && taken.output.contains(
                    "the server cannot listen at 127.0.0.1:\(server.port): another program listens there")
                && taken.output.contains("choose another port"), "\(taken.output)")
    }

    @Test
    func `a platform administrator is made before the first start, is outside agencies, and may suspend one`()
        throws
    {
        let server = BureauProcess()
        let made = try server.command(
            "admin", "create", "--email", "root@example.com", "--password", "correct horse battery")
        try #require(made.status == 0, "\(made.output)")
        try server.start()
        let login: JSON = ["email": "root@example.com", "password": "correct horse battery"]
        let admin = server.caller(
            try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
        let agency = try server.signUp()
        #expect([403, 404].contains(try admin.get("/v1/leads").status))
        #expect(try admin.get("/v1/admin/tenants").ok().items.contains { $0.id == agency.tenant.id })
        try agency.owner.get("/v1/admin/tenants").problem(403, "forbidden")
        let robot = try agency.key(["leads:read"])
        try admin.post("/v1/admin/tenants/\(agency.tenant.id)/suspend").ok()
        for caller in [agency.owner, robot] { try caller.get("/v1/leads").problem(403, "tenant_suspended") }
        try admin.post("/v1/admin/tenants/\(agency.tenant.id)/resume").ok()
        try agency.owner.get("/v1/leads").ok()
        try admin.get("/v1/admin/tenants/\(absentLead)").problem(404, "not_found")
    }

    @Test func `a wrong configuration is named with every fault, and does not start`() throws {
        let server = BureauProcess()
        #expect(try server.command("config", "check").status == 0)
        let wrong = ["signup.mode": "sometimes", "limits.burst": "lots"]
        let check = try server.command("config", "check", settings: wrong)
        #expect(
            check.status == 1 && check.output.contains("signup.mode")
                && check.output.contains("limits.burst"), "\(check.output)")
        let refusal = #expect(throws: Unexpected.self) { _ = try BureauProcess.start(wrong) }
        #expect(
            refusal?.description.contains("signup.mode") == true
                && refusal?.description.contains("limits.burst") == true)
        let unknown = try BureauProcess.start(["no.such_key": "1"])
        #expect(
            unknown.log.contains("BUREAU_NO_SUCH_KEY"), "an unknown variable is warned about, never refused")
    }

    @Test func `the .env of the folder in which it starts is read, and the environment comes first`() throws {
        let server = BureauProcess(), folder = server.file("project")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = Data("# Ours\nBUREAU_SIGNUP_MODE=sometimes\n".utf8)
        try text.write(to: URL(fileURLWithPath: "\(folder)/.env"))
        let check = [
            "env", "-C", folder, BureauProcess.binary, "config", "check", "--data", server.folder,
        ]
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
        let refused = try BureauProcess.run(check, variables)
        #expect(refused.status == 1 && refused.output.contains("signup.mode"), "\(refused.output)")
        variables["BUREAU_SIGNUP_MODE"] = "open"
        let taken = try BureauProcess.run(check, variables)
        #expect(taken.status == 0, "\(taken.output)")
    }

    @Test func `doctor names what connected channels lack, and whose they are`() throws {
        let server = try BureauProcess.start(), twilio = try TwilioStandIn(), telegram = try TelegramStandIn()
        let agency = try server.signUp()
        let line = try agency.connect(
            "twilio", twilio.service.url, credentials: twilio.credentials, capability: "chat")
        try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat")
        server.stop()
        let lacking = try server.command("doctor")
        let name = agency.tenant.text("name")
        #expect(
            lacking.status == 0
                && lacking.output.contains(
                    "Twilio (SMS) of \(name) lacks from or messaging_service_sid"),
            "\(lacking.output)")
        #expect(!lacking.output.contains("Telegram"), "that one lacks nothing")
        try server.start()
        try agency.owner.patch(
            "/v1/integrations/\(line.id)",
            ["settings": ["base_url": .string(twilio.service.url), "from": .string(twilio.number)]]
        ).ok()
        server.stop()
        let whole = try server.command("doctor")
        #expect(
            whole.output.contains("2 channels connected, and none lacks anything."), "\(whole.output)")
    }

    @Test func `doctor says in a test's own words which permission or webhook a channel lacks`() throws {
        let server = try BureauProcess.start(), agency = try server.signUp()
        let (twilio, slack) = (try TwilioStandIn(), try SlackStandIn())
        let (messenger, instagram) = (try MetaStandIn(.messenger), try MetaStandIn(.instagram))
        twilio.tell(at: "https://elsewhere.example")
        slack.grant("chat:write,channels:history,groups:history,im:history,users:read,commands")
        messenger.subscribe(["messages"])
        instagram.subscribe(["messaging_postbacks"])
        func test(
            _ provider: String, _ url: String, _ credentials: JSON, _ settings: JSONObject, lacks name: String
        ) throws -> String {
            let made = try agency.connect(
                provider, url, credentials: credentials, settings: settings, capability: "chat")
            let trial = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
            #expect(trial["ok"] == true && trial.text("detail").contains(name), "\(provider): \(trial)")
            return trial.text("detail")
        }
        let told = [
            "Twilio (SMS)": try test(
                "twilio", twilio.service.url, twilio.credentials, twilio.settings, lacks: "hook_url"),
            "Slack": try test(
                "slack", slack.service.url, slack.credentials, slack.settings, lacks: "users:read.email"),
            "Messenger": try test(
                "messenger", messenger.service.url, messenger.credentials, messenger.settings,
                lacks: "messaging_postbacks"),
            "Instagram": try test(
                "instagram", instagram.service.url, instagram.credentials, instagram.settings,
                lacks: "subscribed to messages"),
        ]
        server.stop()
        let doctor = try server.command("doctor")
        for (title, detail) in told {
            let line = "\(title) of \(agency.tenant.text("name")): \(detail)"
            #expect(doctor.output.contains(line), "\(line)\n\(doctor.output)")
        }
    }

    @Test func `what a channel cannot work without is named when it is connected, and by doctor and a test`()
        throws
    {
        let server = try BureauProcess.start(), agency = try server.signUp()
        let meta = try MetaStandIn(.messenger), page: JSONObject = ["page_id": "5001"]
        let bare: [(provider: String, settings: JSONObject, credentials: JSON, name: String)] = [
            ("twilio", [:], ["account_sid": "AC1"], "auth_token"),
            ("slack", ["team_id": "T1"], ["bot_token": "xoxb-1"], "signing_secret"),
            ("messenger", page, ["access_token": "t", "app_secret": "s"], "verify_token"),
            ("instagram", ["ig_id": "5001"], ["access_token": "t", "verify_token": "v"], "app_secret"),
        ]
        for one in bare {
            let refused = try agency.owner.post(
                "/v1/integrations",
                [
                    "provider": .string(one.provider), "capability": "chat",
                    "settings": .object(one.settings), "credentials": one.credentials,
                ])
            #expect(try refused.faults() == ["/credentials/\(one.name)": "required"], "\(one.provider)")
        }
        // The account's owner has yet to consent.
        let secrets: JSON = ["client_id": "app", "verify_token": "v", "app_secret": "s"]
        let waiting: [(provider: String, settings: JSONObject, credentials: JSON)] = [
            ("slack", ["team_id": "T1"], ["signing_secret": "s", "client_id": "c", "client_secret": "d"]),
            ("messenger", page, secrets),
            ("instagram", ["ig_id": "5001"], secrets),
        ]
        for one in waiting {
            let made = try agency.connect(
                one.provider, credentials: one.credentials, settings: one.settings, capability: "chat")
            let trial = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
            #expect(trial["ok"] == false && trial.text("code") == "consent_missing", "\(trial)")
        }
        // An agency that switches a channel off misses nothing of it.
        let other = try server.signUp()
        let off = try other.connect(
            "messenger", meta.service.url, credentials: meta.credentials, settings: meta.settings,
            capability: "chat")
        meta.subscribe([])
        try other.owner.post("/v1/integrations/\(off.id)/test").ok()
        try other.owner.patch("/v1/integrations/\(off.id)", ["status": "disabled"]).ok()
        server.stop()
        let (doctor, name) = (try server.command("doctor"), agency.tenant.text("name"))
        for line in [
            "Slack of \(name) lacks the consent of the workspace's owner, lacks channel: ",
            "Messenger of \(name) lacks the consent of the account's owner: ",
            "Instagram of \(name) lacks the consent of the account's owner: ",
        ] {
            #expect(doctor.output.contains(line), "\(doctor.output)")
        }
        #expect(!doctor.output.contains(other.tenant.text("name")), "\(doctor.output)")
    }

    @Test func `doctor explains the machine`() throws {
        let server = try BureauProcess.start()
        let doctor = try server.command("doctor")
        #expect(
            doctor.status == 0 && doctor.output.contains(TestDatabases.isOnServer ? "PostgreSQL" : "SQLite"),
            "\(doctor.output)")
        #expect(!doctor.output.contains("not confined"), "what reads files of strangers")
    }

    @Test(.ofFiles)
    func `a backup is made and checked while the server runs, and restored into an empty folder`()
        throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let lead = try agency.makeLead()
        let file = server.file("backup")
        let backup = try server.command("backup", "--to", file)
        try #require(backup.status == 0, "\(backup.output)")
        #expect(try BureauProcess.bare("verify", file).status == 0)
        _ = try agency.makeLead(1)
        let other = BureauProcess()
        let restore = try other.command("restore", "--from", file)
        try #require(restore.status == 0, "\(restore.output)")
        try other.start()
        let owner = other.caller(
            try other.anonymous.post(
                "/v1/auth/login", ["email": .string(agency.email), "password": .string(agency.password)]
            ).ok().text("access_token"))
        #expect(try owner.every("/v1/leads").map(\.id) == [lead.id])
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
        #expect(
            try server.command("restore", "--from", file).status == 1,
            "a folder that is not empty is left alone")
        try agency.owner.get("/v1/leads").ok()
    }

    @Test(.ofFiles)
    func `credentials are restored with a backup and its key, and without that key nothing starts`() throws {
        let (server, postmark) = (try BureauProcess.start(), try PostmarkStandIn())
        let agency = try server.signUp()
        try agency.readyToMail()
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let place = "/v1/integrations/\(made.id)"
        let limits: JSON = ["limits": ["minute": 50], "priority": 7, "price": dollars(20)]
        try agency.owner.patch(place, limits).ok()
        try agency.message(try agency.send(try agency.makeContact(0)), "sent")
        _ = try agency.sendingCalls()
        let syncing = try Syncing(server), crm = syncing.crm, id = crm.add(person("one"))
        _ = try syncing.agency.makeLead(1)
        try syncing.run()
        let (known, use) = (try agency.owner.get(place).ok(), try agency.use(of: made))
        let file = server.file("backup")
        let backup = try server.command("backup", "--to", file)
        try #require(backup.status == 0, "\(backup.output)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(bytes.range(of: Data(postmark.serverToken.utf8)) == nil, "they are sealed in there")

        let other = BureauProcess()
        try #require(try other.command("restore", "--from", file).status == 0)
        try other.start()
        func signedIn(_ agency: Agency) throws -> Agency {
            let login: JSON = ["email": .string(agency.email), "password": .string(agency.password)]
            let session = try other.anonymous.post("/v1/auth/login", login).ok()
            return Agency(other, session, email: agency.email, password: agency.password)
        }
        let restored = try signedIn(agency)
        let after = try restored.owner.get(place).ok()
        for member in ["version", "settings", "limits", "priority", "price", "credentials", "hook_url"] {
            #expect(after[member] == known[member], "\(member)")
        }
        // Use, its cost and how fast it was are in the same database.
        #expect(use["days"]?[0]["calls"] == 1 && use["days"]?[0]["cost"] == cents(2))
        for member in ["days", "performance", "by"] {
            #expect(try restored.use(of: made)[member] == use[member], "\(member)")
        }
        try restored.message(try restored.send(try restored.makeContact(1)), "sent")
        let sent = try #require(postmark.service.requests.last { $0.method == "POST" })
        #expect(sent.header("X-Postmark-Server-Token") == postmark.serverToken)
        // A sync knows its pairs and goes on where it was: nothing is made twice, on neither side.
        crm.change(id, ["name": "Renamed"], at: CRMStandIn.stamp(1))
        let writes = crm.writes.count, owner = try signedIn(syncing.agency).owner
        let run = try owner.ended("\(syncing.path)/run", ["full": true])
        #expect(run["pulled"]?["updated"] == 1 && run["pulled"]?["created"] == 0, "\(run)")
        #expect(try owner.every("/v1/leads").count == 2 && crm.writes.count == writes)

        let wrong = BureauProcess(["master_key": Data(repeating: 7, count: 32).base64EncodedString()])
        try #require(try wrong.command("restore", "--from", file).status == 0)
        let foreign = try wrong.command("doctor")
        #expect(foreign.status != 0 && foreign.output.contains("BUREAU_MASTER_KEY"), "\(foreign.output)")
        #expect(foreign.output.contains("does not open this database's keys"), "\(foreign.output)")
        let refusal = #expect(throws: Unexpected.self) { try wrong.start() }
        for word in ["does not open this database's keys", "BUREAU_MASTER_KEY", "master.key"] {
            #expect(refusal?.description.contains(word) == true, "\(refusal?.description ?? "")")
        }

        let bare = BureauProcess()
        try FileManager.default.removeItem(atPath: file + ".key")
        try #require(try bare.command("restore", "--from", file).status == 0)
        let doctor = try bare.command("doctor")
        #expect(doctor.status != 0 && doctor.output.contains("BUREAU_MASTER_KEY"), "\(doctor.output)")
        let missing = #expect(throws: Unexpected.self) { try bare.start() }
        #expect(missing?.description.contains("the master key is missing") == true)
    }
}
