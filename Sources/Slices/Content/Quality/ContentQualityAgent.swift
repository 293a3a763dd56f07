internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// Checks pieces before they go out: those that were written or changed, as that happens, and each day what is left.
/// Once a week it looks at all templates of messages.
struct ContentQualityAgent: AgentDefinition {
    let name = QualityReport.agent
    let title = "Content quality"
    let purpose = "Checks pieces before they go out: brand, language, claims."
    let cannot = [
        "It changes no words: it says where something is wrong, and what to do.",
        "It knows claims, figures and promises by their words, and asks nobody whether a source says so.",
        "It asks links as a crawler does: what a site does not show to programs is not known.",
    ]
    let schedules = [
        DefaultSchedule(name: "Daily look at content", cron: "daily"),
        DefaultSchedule(
            name: "Weekly look at templates", cron: "30 6 * * 1",
            parameters: ["look": .string(TemplateLook.parameter)]),
    ]
    let dailyHour = 6
    let events = ["content_item.created", "content_item.updated"]
    let permissions: Set<Permission> = [
        "content_items:read", "content_items:write", "brands:read", "templates:read", "contacts:read",
        "leads:read",
    ]
    let tools = ["update_record"]
    let outbox: Outbox

    /// The pieces of one transaction, and of one run: the rest waits for the next.
    private static let chunk = 20, itemsMax = 1000

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object ?? [:]).members.compactMap { name, value in
            if name == "look" {
                guard value.text != TemplateLook.parameter else { return nil }
                return ValueFault(
                    pointer: "/look", code: "invalid_choice", detail: "look must be one of the choices.",
                    choices: [TemplateLook.parameter])
            }
            guard name == "content_item_id" else {
                return ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
            guard value.text.flatMap({ ContentItemID($0) }) == nil else { return nil }
            return ValueFault(
                pointer: "/content_item_id", code: "unknown_reference",
                detail: "content_item_id must be the id of a content item.")
        }
    }

    func run(_ run: AgentRun) async throws -> JSON {
        if run.parameters["look"] != nil { return try await TemplateLook(outbox: outbox, run: run).look() }
        if let id = run.parameters["content_item_id"]?.id(of: Nouns.ContentItem.self) {
            try run.read { try $0.contentQuality.spelt(id) }?.lookUp()
            return try await run.finish { tx in
                guard let item = try ContentItem.resource.find(id, in: tx) else {
                    return ["processed": 0, "reason": "not_found"]
                }
                run.processed()
                return ["processed": 1, "items": [try check(item, run, in: tx)]]
            }
        }
        var checked: [JSON] = [], found = Self.chunk
        while found == Self.chunk, checked.count < Self.itemsMax {
            let texts = try run.read { reader in
                try reader.contentQuality.unchecked(limit: Self.chunk).compactMap {
                    try reader.contentQuality.spelt($0.id)
                }
            }
            for text in texts { text.lookUp() }
            let some = try await run.write { tx in
                try tx.contentQuality.unchecked(limit: Self.chunk).map { try check($0, run, in: tx) }
            }
            found = some.count
            checked += some
            run.processed(found)
        }
        let worst = checked.filter { ($0["errors"]?.int ?? 0) > 0 }.prefix(100)
        let result: JSON = ["processed": JSON(checked.count), "items": .array(Array(worst))]
        return try await run.finish { _ in result }
    }

    private func check(_ item: ContentItem, _ run: AgentRun, in tx: Transaction) throws -> JSON {
        try tx.contentCorpus.note(item)
        let input = try tx.contentQuality.input(for: item), report = QualityReport(input)
        let made = try run.decide(in: tx, item.subject, report.conclusion(from: input))
        if try run.may("update_record", about: item.subject, decision: made.id, in: tx) {
            try tx.contentQuality.keep(report, made.id, of: item)
        } else {
            try tx.contentQuality.letGo(item)
        }
        return report.outcome.merging([
            "content_item_id": JSON(item.id), "decision_id": JSON(made.id),
        ])
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        TemplateVerdict(inputs: inputs)?.outcome
            ?? QualityInput(json: inputs).map { QualityReport($0).outcome }
    }
}
