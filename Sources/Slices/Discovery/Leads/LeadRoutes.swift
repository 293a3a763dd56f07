internal import Agents
package import Database
internal import HTTPServer
package import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy
internal import Transfer
internal import Wire
internal import Wording

func leadRoutes(_ routes: inout Routes) {
    routes.standard(
        Lead.resource, read: "leads:read", write: "leads:write", list: false, notes: leadNotes, delete: false,
        telling: { lead, call, reader in
            // A new lead has none yet, and nothing is looked up for it.
            guard lead.nextAction != nil else { return [:] }
            return lead.told(in: try reader.reading.wordings.find(for: call))
        },
        need: TellingNeed(column: "next_action") { call, reader in
            try !reader.reading.wordings.find(for: call).areStandard
        })
    routes.get(
        "/v1/leads", .permission("leads:read"), "List leads; archived ones only when status asks for them",
        query: ParameterDoc.list(Lead.resource), .list(Lead.resource)
    ) { call in
        .read { reader in
            let words = try reader.wordings.find(for: call)
            guard !words.areStandard else {
                return try leadList(call, extra: [], dialect: reader.dialect).page(in: reader)
            }
            return try leadList(call, extra: [], computed: ["next_action"], dialect: reader.dialect).page(
                in: reader
            ) { try reader.leads.nextActions(of: $0, in: words) }
        }
    }
    routes.delete("/v1/leads/{id}", .permission("leads:write"), "Archive a lead", .empty("Archived.")) {
        call in
        let id = try call.id("id", of: Lead.self)
        return .write { tx in
            let lead = try Lead.resource.get(id, in: tx)
            try call.checkVersion(lead.version)
            try tx.leads.archive(lead, by: call.actor)
            return .noContent
        }
    }
    routes.post(
        "/v1/leads/upsert", .permission("leads:write"), "Create a lead, or update the one that matches",
        named: "upsert_lead", body: .json(upsertSchema), .record(Lead.resource),
        .json(.reference("LeadCreated"), status: 201, "The lead.")
    ) { call in
        var body = try call.object()
        let match: LeadMatch
        do throws(Problem) { match = try LeadMatch(taking: &body) } catch {
            throw error.beside(faultsOf: body)
        }
        let fields = body
        return .write { tx in try tx.leads.upsert(fields, match: match, call: call) }
    }
    leadBulkRoute(&routes)
    leadTimelineRoute(&routes)
    leadMergeRoutes(&routes)
    leadExportRoute(&routes)
    leadFigureRoute(&routes)
}

/// The notes about the lead's address in the answer to a create.
let leadNotes = CreationNotes<Lead>.ofAddress({ $0.email }, where: "status <> 'archived'")

/// Reads a list's parameters; archived leads stay out unless `status` is filtered.
func leadList(
    _ call: Call, extra: Set<String>, computed: [String] = [], dialect: Dialect
) throws(Problem) -> ListQuery<Lead> {
    let query = call.request.head.query
    var list = try ListQuery(Lead.resource, query, dialect: dialect, extra: extra, computed: computed)
    if !query.contains(where: { $0.name == "status" || $0.name.hasPrefix("status[") }) {
        list.add("status <> 'archived'")
    }
    return list
}

extension Lead {
    /// Returns the next step with the lead in the words of a reader.
    func told(in words: Wording) -> JSONObject {
        guard let next = nextAction.flatMap(NextAction.saying(of:)) else { return [:] }
        return ["next_action": .string(next.said(in: words))]
    }
}

extension LeadStore {
    /// Returns the next step with some leads in the words of a reader, by the leads' ids.
    fileprivate func nextActions(of ids: [String], in words: Wording) throws -> [String: JSONObject] {
        let steps = try tx.all(
            """
            SELECT id, next_action FROM leads
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids) AND next_action IS NOT NULL
                AND status NOT IN ('won', 'lost')
            """
        ) { ($0.text(0), NextAction.saying(of: $0.text(1))) }
        let told = steps.compactMap { id, step in
            step.map { (id, ["next_action": .string($0.said(in: words))] as JSONObject) }
        }
        return Dictionary(told) { first, _ in first }
    }
}

package extension LeadStore where Base == Transaction {
    /// Takes a lead out of sight; what happened with it stays.
    internal func archive(_ lead: Lead, by actor: Actor) throws {
        guard lead.status != .archived else { throw Problem(.notFound) }
        var archived = lead
        archived.status = .archived
        try tx.update(lead, to: &archived, by: actor, action: "lead.archived")
    }

    /// Creates a lead, or updates the one that matches, without a request: for data that other programs send.
    func upsert(_ body: JSONObject, by actor: Actor) throws -> LeadID {
        var fields = body
        let match = try LeadMatch(taking: &fields)
        var lead: Lead, faults = Faults()
        if let old = try match.find(in: tx) {
            lead = old
            _ = Lead.schema.patch(&lead, with: fields, faults: &faults)
            try faults.throwIfAny(in: tx)
            try tx.update(old, to: &lead, by: actor)
        } else {
            lead = Lead.new(id: tx.nextID(), now: tx.now)
            Lead.schema.create(&lead, from: fields, faults: &faults)
            try faults.throwIfAny(in: tx)
            lead.derive()
            try tx.create(&lead, by: actor)
        }
        return lead.id
    }

    fileprivate func upsert(_ fields: JSONObject, match: LeadMatch, call: Call) throws -> Response {
        if let old = try match.find(in: tx) {
            try call.checkVersion(old.version)
            var lead = old, faults = Faults()
            _ = Lead.schema.patch(&lead, with: fields, faults: &faults)
            try faults.throwIfAny(in: tx)
            try tx.update(old, to: &lead, by: call.actor)
            return .record(lead, extra: lead.told(in: try tx.wordings.find(for: call)))
        }
        var lead = Lead.new(id: tx.nextID(), now: tx.now), faults = Faults()
        Lead.schema.create(&lead, from: fields, faults: &faults)
        try faults.throwIfAny(in: tx)
        lead.derive()
        try tx.create(&lead, by: call.actor)
        return .record(
            lead, status: 201, location: "/v1/leads/\(lead.id)", extra: try leadNotes.read(lead, tx))
    }
}

extension Problem {
    /// Returns the problem with everything else that is wrong with the body, unknown references included, so that the
    /// caller sees all of it at once.
    fileprivate func beside(faultsOf body: JSONObject) -> Problem {
        var fields = body, lead = Lead(), others = Faults()
        fields["match_on"] = nil
        _ = Lead.schema.patch(&lead, with: fields, faults: &others)
        let places = Set(faults.map(\.pointer))
        var problem = Problem(faults: faults + others.list.filter { !places.contains($0.pointer) })
        problem.references = others.references
        return problem
    }
}

/// The key by which an upsert finds its lead.
private enum LeadMatch: Sendable {
    case email(String)
    case external(system: String, id: String)

    init(taking body: inout JSONObject) throws(Problem) {
        guard let name = body["match_on"] else {
            throw Problem(
                faults: [Fault("/match_on", "required", "match_on must be email or external_ids.<system>.")])
        }
        let text = name.text ?? ""
        if text == "email" {
            guard let email = body["email"]?.text.flatMap({ EmailAddress($0) }) else {
                throw Problem(
                    faults: [Fault("/email", "required", "email is required: the address to match on.")])
            }
            self = .email(email.key)
        } else if text.hasPrefix("external_ids.") {
            let system = String(text.dropFirst("external_ids.".count))
            guard let id = body["external_ids"]?[system]?.text, !id.isEmpty else {
                throw Problem(faults: [
                    Fault(
                        "/external_ids/\(system.pointerToken)", "required",
                        "external_ids must have the identifier to match on.")
                ])
            }
            self = .external(system: system, id: id)
        } else {
            throw Problem(faults: [
                Fault(
                    "/match_on", "invalid_choice", "match_on must be email or external_ids.<system>.",
                    choices: ["email", "external_ids.<system>"])
            ])
        }
        body["match_on"] = nil
    }

    func find(in tx: Transaction) throws -> Lead? {
        switch self {
        case .email(let email):
            return try Lead.resource.first(
                where: "email = \(email) AND status <> 'archived'" + tx.limit(on: "leads"),
                suffix: "ORDER BY row LIMIT 1", in: tx)
        case .external(let system, let id):
            guard let text = try tx.contacts.record(of: "lead", system: system, externalID: id),
                let lead = LeadID(text)
            else { return nil }
            return try Lead.resource.find(lead, in: tx)
        }
    }
}

private var upsertSchema: JSON {
    var schema = Lead.schema.jsonSchema(.create).object ?? [:]
    var properties = schema["properties"]?.object ?? [:]
    properties.append("match_on", ["type": "string", "pattern": "^(email|external_ids\\..+)$"])
    schema["properties"] = .object(properties)
    schema["required"] = ["match_on"]
    return .object(schema)
}
