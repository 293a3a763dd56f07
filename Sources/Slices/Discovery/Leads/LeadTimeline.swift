internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// One thing that happened to a lead, for people.
private struct TimelineEntry {
    let at: Instant
    let type: String
    let actor: JSON
    let summary: Saying
    /// The names of the fields that were changed.
    var fields: [String] = []

    func json(in words: Wording) -> JSON {
        [
            "at": .string(at.description), "type": .string(type), "actor": actor,
            "summary": .string(summary.said(in: words)), "fields": JSON(fields),
        ]
    }
}

/// A change of a lead, as the audit log has it.
private struct LeadChange: StoredRow {
    let at: Instant
    let action: String
    let actor: JSON
    let changes: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (at, action) = (row.instant("created_at"), row.text("action"))
        actor = ["type": .string(row.text("actor_type")), "id": .string(row.text("actor_id"))]
        changes = JSON(stored: row.text("changes"))
    }

    var entry: TimelineEntry {
        let verb = action.split(separator: ".").last.map(String.init) ?? action
        return TimelineEntry(
            at: at, type: action, actor: actor,
            summary: Saying(
                "timeline.lead", ["verb": .text(verb), "other": .text(verb.replacing("_", with: " "))]),
            fields: action == "lead.created" ? [] : fields)
    }

    /// The names of what was changed: of the agency's own fields each by itself, as lists and filters name them.
    private var fields: [String] {
        changes.object?.members.flatMap { name, change -> [String] in
            guard name == "custom" else { return [name] }
            let (old, new) = (change["from"]?.object ?? [:], change["to"]?.object ?? [:])
            let gone = old.keys.filter { new[$0] == nil }
            return (new.keys.filter { new[$0] != old[$0] } + gone).map { "custom.\($0)" }
        } ?? []
    }
}

func leadTimelineRoute(_ routes: inout Routes) {
    let entry: JSON = .schema(
        [
            "at": ["type": "string", "format": "date-time"], "type": ["type": "string"],
            "actor": ["type": "object"],
            "summary": ["type": "string", "description": "The event, in the reader's language."],
            "fields": [
                "type": "array", "items": ["type": "string"],
                "description": "The names of the changed fields; fields of your own are custom.<key>.",
            ],
        ], required: ["at", "type", "actor", "summary", "fields"])
    routes.get(
        "/v1/leads/{id}/timeline", .permission("leads:read"), "List the history of a lead, newest first",
        query: ParameterDoc.page, .list(of: entry)
    ) { call in
        let (id, window) = (try call.id("id", of: Lead.self), try call.window())
        return .read { reader in
            let lead = try Lead.resource.get(id, in: reader)
            // One entry more than the page shows is read, to know whether another page follows.
            let count = window.start + window.limit + 1
            let entries =
                try reader.leads.changes(of: lead, count) + reader.leads.conclusions(about: lead, count)
                + reader.leads.importsOf(lead, count)
            let total = try window.wantsTotal ? reader.leads.timelineCount(of: lead) : nil
            let words = try reader.wordings.find(for: call)
            return window.page(
                of: entries.sorted { $0.at > $1.at }.map { $0.json(in: words) }, total: total)
        }
    }
}

extension LeadStore where Base == Reader {
    /// Returns the changes by people and programs; agents' conclusions are told by their decisions.
    fileprivate func changes(of lead: Lead, _ count: Int) throws -> [TimelineEntry] {
        try tx.all(
            """
            SELECT \(LeadChange.columns) FROM audit
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(lead.id)
            AND action NOT IN ('lead.scored', 'lead.qualified', 'lead.disqualified')
            ORDER BY row DESC LIMIT \(count)
            """
        ) { try LeadChange($0).entry }
    }

    fileprivate func conclusions(about lead: Lead, _ count: Int) throws -> [TimelineEntry] {
        try tx.all(
            """
            SELECT created_at, agent, outcome FROM decisions
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(lead.id) ORDER BY id DESC LIMIT \(count)
            """
        ) { row in
            let (agent, outcome) = (row.text(1), JSON(stored: row.text(2)))
            let summary: Saying
            if let score = outcome["score"]?.int {
                summary = Saying(
                    "timeline.scored",
                    ["score": .number(Int(score)), "priority": .text(outcome["priority"]?.text ?? "")])
            } else {
                let result = outcome["result"]?.text ?? ""
                summary = Saying(
                    "timeline.found",
                    ["result": .text(result), "other": .text(result.replacing("_", with: " "))])
            }
            return TimelineEntry(
                at: row.instant(0), type: "decision", actor: ["type": "agent", "id": .string(agent)],
                summary: summary)
        }
    }

    fileprivate func importsOf(_ lead: Lead, _ count: Int) throws -> [TimelineEntry] {
        try tx.all(
            """
            SELECT at, action, import_id, data_row FROM lead_imports
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead.id) ORDER BY at DESC LIMIT \(count)
            """
        ) { row in
            TimelineEntry(
                at: row.instant(0), type: "import", actor: ["type": "system", "id": .string(row.text(2))],
                summary: Saying(
                    "timeline.imported",
                    ["created": .flag(row.text(1) == "created"), "row": .number(row.int(3))]))
        }
    }

    fileprivate func timelineCount(of lead: Lead) throws -> Int {
        let changes = try tx.int(
            """
            SELECT count(*) FROM audit WHERE tenant_id = \(tx.tenant) AND subject_id = \(lead.id)
            AND action NOT IN ('lead.scored', 'lead.qualified', 'lead.disqualified')
            """)
        let conclusions = try tx.int(
            "SELECT count(*) FROM decisions WHERE tenant_id = \(tx.tenant) AND subject_id = \(lead.id)")
        let imports = try tx.int(
            "SELECT count(*) FROM lead_imports WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead.id)")
        return Int((changes ?? 0) + (conclusions ?? 0) + (imports ?? 0))
    }
}
