import Foundation
import JSON
import StandIns
import Testing

/// One key of Apideck may give access to all its services, or its CRM have a key of its own.
@Suite(.ownThread) struct InstallationKeys {
    /// Starts a server with these variables whose Apideck is a stand-in, and returns what a test of its connections
    /// says of it, with the keys that the stand-in was shown.
    private func tested(_ variables: [String: String]) throws -> (told: JSON, keys: Set<String>) {
        let deck = try ApideckStandIn()
        let server = try BureauProcess.start([:], variables: variables)
        let file = URL(fileURLWithPath: server.folder + "/api_config.json")
        let made = try JSONParser.parse(try Data(contentsOf: file).map { $0 })
        #expect(made["apis"]?["apideck"]?["limits"]?["month"] == 2500)
        _ = server.stop()
        let entry: JSON = [
            "base_url": .string(deck.service.url),
            "auth": ["kind": "bearer", "credential": "api_key", "app_id": .string(deck.appID)],
        ]
        try Data(made.merging(["apis": ["apideck": entry]]).bytes).write(to: file)
        try server.start()
        let agency = try server.quietAgency()
        let ended = try server.command("integrations", "test", "--tenant", agency.tenant.id, "--json")
        let report = try JSONParser.parse(Array(ended.output.utf8))
        let connections = (report["connections"]?.array ?? []).filter { $0["provider"] == "apideck" }
        let keys = deck.service.requests.compactMap { $0.header("Authorization") }
        for text in [ended.output, server.log] { #expect(!variables.values.contains { text.contains($0) }) }
        return (try #require(connections.first), Set(keys))
    }

    @Test(arguments: [
        ["APIDECK_API_KEY": "sk_live_bureau"], ["APIDECK_CRM_API_KEY": "sk_live_bureau"],
        ["APIDECK_CRM_API_KEY": "sk_live_bureau", "APIDECK_API_KEY": "sk_live_other"],
    ])
    func `both variables are taken, and the CRM's comes first where there are two`(
        _ variables: [String: String]
    ) throws {
        let (told, keys) = try tested(variables)
        #expect(told["ok"] == true, "\(told)")
        #expect(keys == ["Bearer sk_live_bureau"])
    }
}
