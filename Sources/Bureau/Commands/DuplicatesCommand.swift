internal import Database
internal import Delivery
internal import Discovery
internal import JSON
internal import People
internal import Records
internal import Tenancy
internal import Transfer

/// Finds records that exist twice, and merges leads, since a merge of leads can be undone.
struct DuplicatesCommand: FolderCommand {
    var kind: String?
    var tenant: String?
    var merge = false
    var surest = 95

    static let usage = Usage<DuplicatesCommand>(
        "duplicates", "Lists records that seem to be the same, and merges leads that surely are.",
        [
            .positional(
                "KIND", \.kind, "The kind of records to look through: \(kinds.joined(separator: ", "))."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .flag("merge", \.merge, "Merges pairs of leads into the older one; each merge can be undone."),
            .number("from", \.surest, "PERCENT", in: 50...100, "How sure a pair must be to be merged (95)."),
        ],
        details: "  bureau duplicates companies --tenant northwind --json")

    private static let kinds = [
        Lead.resource.table, Contact.resource.table, Company.resource.table, Client.resource.table,
    ]

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        guard let kind, Self.kinds.contains(kind) else {
            throw CommandFailure("KIND must be one of \(Self.kinds.joined(separator: ", "))")
        }
        guard !merge || kind == Lead.resource.table else {
            throw CommandFailure(
                "--merge merges leads only", "Compare the pairs, and delete the record that is not needed.")
        }
        let tenant = try app.tenant(tenant).tenantID, database = app.database
        switch kind {
        case Contact.resource.table: try await database.compareChanged(Contact.self, of: tenant)
        case Company.resource.table: try await database.compareChanged(Company.self, of: tenant)
        case Client.resource.table: try await database.compareChanged(Client.self, of: tenant)
        default: try await database.compareChanged(Lead.self, of: tenant)
        }
        var merges: [String] = []
        if merge {
            let least = Double(surest) / 100
            func mergeSurest() async throws -> String? {
                try await database.write(tenant) { try $0.leads.mergeSurest(from: least) }
            }
            while let made = try await mergeSurest() {
                merges.append(made)
                try await database.compareChanged(Lead.self, of: tenant)
            }
        }
        var pairs: [JSON] = [], place = ""
        while true {
            let after = place
            let page = try database.read(tenant) {
                try $0.duplicates.pairs(of: kind, after: after, limit: 500)
            }
            pairs += page.map { $0.json(of: kind) }
            guard page.count == 500, let last = page.last else { break }
            place = last.place
        }
        return [
            "total": JSON(pairs.count), "merged": JSON(merges.count), "merges": JSON(merges),
            "data": .array(pairs),
        ]
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let rows = (result["data"]?.array ?? []).map { pair in
            let ids = pair.object?.members.first { $0.value.array?.count == 2 && $0.key != "reasons" }?.value
                .array
            let reasons = pair["reasons"]?.array?.compactMap(\.text).joined(separator: ", ") ?? ""
            let percent = Int(((pair["confidence"]?.double ?? 0) * 100).rounded())
            return [ids?.first?.text ?? "", ids?.last?.text ?? "", "\(percent) %", reasons]
        }
        let merges = result["merges"]?.array?.compactMap(\.text) ?? []
        let ways = merges.map { "  undo: POST /v1/leads/merges/\($0)/undo\n" }.joined()
        let head = merges.isEmpty ? "" : "Merged \(counted(merges.count, "lead")).\n\(ways)"
        guard !rows.isEmpty else { return head + "No records seem to be the same." }
        return head + table(["one", "other", "sure", "because"], rows, terminal)
    }
}
