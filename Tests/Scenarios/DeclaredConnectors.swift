import Foundation
import JSON
import StandIns
import Testing

/// Connectors that an agency, or whoever runs the installation, declares as data.
@Suite(.ownThread) struct DeclaredConnectors {
    let server = BureauProcess.shared

    private func document(_ name: String = "acme_crm", _ change: JSON = [:]) -> JSON {
        let document: JSON = [
            "name": .string(name), "title": "Acme CRM", "auth": ["kind": "bearer", "credential": "token"],
            "test": ["path": "/contacts", "query": ["limit": "1"]],
            "objects": [
                [
                    "name": "contacts", "id": "/id", "list": ["path": "/contacts", "items": "/data"],
                    "fields": [
                        ["name": "email", "type": "email"], ["name": "name"], ["name": "company"],
                        ["name": "rank", "type": "integer", "read_only": true],
                    ],
                ]
            ],
        ]
        return document.merging(change)
    }

    private func service() throws -> ServiceStandIn {
        try ServiceStandIn { request in
            request.header("Authorization") == "Bearer crm-secret-1"
                ? StandInAnswer(200, #"{"data": []}"#)
                : StandInAnswer(401, request.header("Authorization") ?? "")
        }
    }

    private func connect(
        _ agency: Agency, _ web: ServiceStandIn, _ token: String = "crm-secret-1"
    ) throws -> JSON {
        try agency.connect(
            "custom.acme_crm", web.url, credentials: ["token": .string(token)], capability: "crm")
    }

    @Test func `a connector is kept, changed by versions, and goes when nothing uses it`() throws {
        let (agency, web) = (try server.signUp(), try service())
        let made = try agency.owner.post("/v1/connectors", document()).ok(201)
        #expect(made.text("name") == "acme_crm" && made["version"] == 1)
        try agency.owner.post("/v1/connectors", document()).problem(409, "already_exists")
        let path = "/v1/connectors/acme_crm"
        let changed = try agency.owner.patch(path, ["title": "Acme"], ["If-Match": "\"1\""]).ok()
        #expect(changed.text("title") == "Acme" && changed["version"] == 2)
        try agency.owner.patch(path, ["title": "B"], ["If-Match": "\"1\""]).problem(412, "version_mismatch")
        #expect(
            try agency.owner.patch(path, ["auth": ["kind": "magic"]]).faults() == [
                "/auth/kind": "invalid_choice"
            ])
        #expect(try agency.owner.get(path).ok() == changed)
        let integration = try connect(agency, web)
        try agency.owner.delete(path).problem(409, "conflict")
        _ = try agency.owner.delete("/v1/integrations/\(integration.id)")
        _ = try agency.owner.delete(path)
        try agency.owner.get(path).problem(404, "not_found")
    }

    @Test func `its provider is the agency's alone`() throws {
        let (agency, other) = (try server.signUp(), try server.signUp())
        _ = try agency.owner.post("/v1/connectors", document()).ok(201)
        func names(_ agency: Agency) throws -> [String] {
            try agency.owner.every("/v1/integration-providers").map { $0.text("name") }
        }
        #expect(try names(agency).contains("custom.acme_crm") && !names(other).contains("custom.acme_crm"))
        let body: JSON = [
            "provider": "custom.acme_crm", "capability": "crm",
            "settings": ["base_url": "https://crm.example"], "credentials": ["token": "x"],
        ]
        #expect(try other.owner.post("/v1/integrations", body).faults()["/provider"] == "invalid_choice")
        try other.owner.get("/v1/connectors/acme_crm").problem(404, "not_found")
    }

    @Test func `it is tested as it says, and its credentials are in no answer`() throws {
        let (agency, web) = (try server.signUp(), try service())
        _ = try agency.owner.post("/v1/connectors", document()).ok(201)
        let good = try connect(agency, web), bad = try connect(agency, web, "crm-secret-2")
        #expect(try agency.owner.post("/v1/integrations/\(good.id)/test").ok()["ok"] == true)
        let told = try agency.owner.post("/v1/integrations/\(bad.id)/test").ok()
        #expect(told["ok"] == false && told.text("code") == "unauthenticated")
        #expect(!told.serialized.contains("crm-secret-2"))
        #expect(web.requests.map(\.target) == ["/contacts?limit=1", "/contacts?limit=1"])
    }

    @Test func `its objects are listed with their fields and a mapping that is likely`() throws {
        let (agency, web) = (try server.signUp(), try service())
        _ = try agency.owner.post("/v1/connectors", document()).ok(201)
        let integration = try connect(agency, web)
        let object = try #require(try agency.owner.every("/v1/integrations/\(integration.id)/objects").first)
        #expect(object.text("name") == "contacts")
        #expect(object["fields"]?.array?.last?["read_only"] == true)
        #expect(
            object["suggested_mapping"] == [
                ["local": "email", "remote": "email", "key": true],
                ["local": "contact_name", "remote": "name"], ["local": "company", "remote": "company"],
            ])
    }

    @Test func `the command asks every service, and exits with 1 where one does not work`() throws {
        let (agency, web) = (try server.signUp(), try service())
        _ = try agency.owner.post("/v1/connectors", document()).ok(201)
        _ = try connect(agency, web)
        func run() throws -> (Int32?, JSON) {
            let ended = try server.command("integrations", "test", "--tenant", agency.tenant.id, "--json")
            return (
                ended.status,
                try JSONParser.parse(ended.output.trimmingCharacters(in: .whitespacesAndNewlines))
            )
        }
        let good = try run()
        #expect(good.0 == 0 && good.1.text("status") == "ok")
        #expect(good.1["connections"]?.array?.map { $0.text("provider") } == ["custom.acme_crm"])
        _ = try connect(agency, web, "wrong")
        let bad = try run()
        let failed = bad.1["connections"]?.array?.filter { $0["ok"] == false } ?? []
        #expect(bad.0 == 1 && failed.map { $0.text("code") } == ["unauthenticated"])
        // A service that takes no connection is told from one that refuses the credentials, each in words, too.
        let gone = try service()
        gone.stop()
        _ = try connect(agency, gone)
        let all = try run().1["connections"]?.array ?? []
        #expect(all.map { $0.text("code") } == ["", "unauthenticated", "connect"])
        let words = all.map { $0.text("detail") }
        #expect(Set(words).count == 3 && words.dropFirst().allSatisfy { !$0.isEmpty }, "\(words)")
        // Any other service is asked, too, but for what is switched off; people read the same in lines.
        let (abstract, maileroo) = (try AbstractStandIn(), try MailerooVerifyStandIn())
        func check(_ name: String, _ service: ServiceStandIn, _ key: String) throws -> JSON {
            try agency.connect(
                name, service.url, credentials: ["api_key": .string(key)], capability: "email_verification")
        }
        _ = try check("abstract_email", abstract.service, abstract.apiKey)
        let off = try check("maileroo_verify", maileroo.service, maileroo.apiKey)
        try agency.owner.patch("/v1/integrations/\(off.id)", ["status": "disabled"]).ok()
        let told = try server.command("integrations", "test", "--tenant", agency.tenant.id)
        for word in words.dropFirst() + ["abstract_email"] {
            #expect(told.output.contains(word), "\(told.output)")
        }
        #expect(told.status == 1 && !told.output.contains("maileroo_verify"), "\(told.output)")
        #expect(!abstract.service.requests.isEmpty && maileroo.service.requests.isEmpty)
    }

    @Test func `a start makes api_config.json, keeps what is written there, and names its faults`() throws {
        let server = try BureauProcess.start(), path = server.folder + "/api_config.json"
        func read() throws -> JSON {
            try JSONParser.parse(try Data(contentsOf: URL(fileURLWithPath: path)).map { $0 })
        }
        func write(_ document: JSON) throws {
            try Data(document.bytes).write(to: URL(fileURLWithPath: path))
        }
        let made = try read()
        #expect(made["apis"]?["abstract_email"]?["limits"]?["month"] == 100)
        #expect(made["apis"]?["maileroo_verify"]?["limits"]?["month"] == 250)
        let entry = document().merging([
            "name": nil, "base_url": "https://crm.example", "limits": ["minute": 30],
        ])
        let edited = made.merging(["apis": ["own_crm": entry]])
        _ = server.stop()
        try write(edited)
        try server.start()
        #expect(try read() == edited)
        let agency = try server.signUp()
        let names = try agency.owner.every("/v1/integration-providers").map { $0.text("name") }
        #expect(names.contains("custom.own_crm"))
        try write(edited.merging(["apis": ["own_crm": ["limits": ["minute": "many"]]]]))
        let checked = try server.command("config", "check")
        #expect(
            checked.status == 1 && checked.output.contains("apis.own_crm.limits.minute"), "\(checked.output)")
        _ = server.stop()
        let started = try server.command("serve")
        #expect(
            started.status != 0 && started.output.contains("apis.own_crm.limits.minute"), "\(started.output)")
        // A file that is no document at all is told by its place, and is left as it is.
        let broken = Data("{\"apis\": {\n  \"own_crm\": [1, 2\n".utf8)
        try broken.write(to: URL(fileURLWithPath: path))
        let halted = try server.command("serve")
        #expect(
            halted.status != 0 && halted.output.contains("apis") && halted.output.contains("line "),
            "\(halted.output)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == broken)
        try write(edited)
    }
}
