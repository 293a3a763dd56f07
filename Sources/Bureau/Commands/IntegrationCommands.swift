internal import Database
internal import Integrations
internal import JSON
internal import Messages
internal import Tenancy

struct IntegrationsTestCommand: FolderCommand {
    var tenant: String?

    static let usage = Usage<IntegrationsTestCommand>(
        "integrations test", "Asks every service that an agency has connected whether it works.",
        [.option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true)],
        details:
            "It exits with 1 when one does not work.\n\n  bureau integrations test --tenant northwind --json")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant).tenantID
        let tests = try await app.outbox.integrations.testAll(of: tenant)
        return [
            "status": tests.allSatisfy(\.isGood) ? "ok" : "failing",
            "connections": .array(tests.map(\.json)),
        ]
    }

    func status(_ result: JSON) -> Int32 { result["status"]?.text == "ok" ? 0 : 1 }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let rows = (result["connections"]?.array ?? []).map { test in
            [
                terminal.mark(test["ok"]?.flag == true ? .ok : .failing), test["provider"]?.text ?? "",
                test["integration_id"]?.text ?? "", "\(test["milliseconds"]?.int ?? 0) ms",
                test["detail"]?.text ?? "",
            ]
        }
        guard !rows.isEmpty else { return "The agency has connected no services." }
        return table(["", "provider", "integration", "took", ""], rows, terminal)
    }
}
