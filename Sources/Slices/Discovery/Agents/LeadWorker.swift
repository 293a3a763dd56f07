internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Takes a run of a lead agent through leads: the one asked for, some that were named, those that came in
/// since the last time, or all open ones.
struct LeadWorker: Sendable {
    let run: AgentRun
    /// Under which name the place among new leads is kept.
    let cursor: String
    /// Closed and archived leads are left alone, unless one is asked for.
    let openOnly: Bool
    /// Whether only leads received since the last run are worked on, whatever starts the run.
    var onlyNew = false
    /// The purpose for which the agent uses the data of the leads' people. Leads of people who do not want that are
    /// left alone.
    let purpose: ConsentPurpose
    /// Tells which leads have been looked at; without it, every run looks at all.
    var review: Review?
    /// The leads that are handled in one transaction.
    var batchSize = 50

    /// Each lead keeps the version at which the agent has looked at it last. A scheduled run passes those over that
    /// have not changed since, unless what the agent concludes from has changed.
    struct Review: Sendable {
        let column: StaticString
        /// All that a conclusion depends on but the lead.
        let basis: String
    }

    /// Before each transaction, outside of any, with the leads that it will handle: what takes time and may come to
    /// nothing.
    var before: @Sendable (_ leads: [Lead], _ isAsked: Bool) async throws -> Void = { _, _ in }

    /// Handles leads batch by batch; answers those it changed. It may be called again for the same leads
    /// after a crash.
    typealias Handler = @Sendable (_ tx: Transaction, _ leads: [Lead], _ isAsked: Bool) throws -> [LeadID]

    func work(_ handle: @escaping Handler) async throws -> JSON {
        if let text = run.parameters["lead_id"]?.text { return try await workOnOne(text, handle) }
        if let ids = run.parameters["lead_ids"]?.array {
            return try await workOnSome(ids.compactMap { LeadID($0.text ?? "") }, handle)
        }
        let limit = run.parameters["limit"]?.int.map { Int($0) } ?? .max
        return run.trigger == .event || onlyNew
            ? try await workOnNew(limit, handle) : try await workOnAll(limit, handle)
    }

    private func workOnOne(_ text: String, _ handle: @escaping Handler) async throws -> JSON {
        guard let id = LeadID(text) else {
            throw JobFailure.terminal("not_found", "the lead no longer exists")
        }
        run.processed()
        run.log("lead", ["lead_id": .string(text)])
        if let lead = try run.read({ try Lead.resource.find(id, in: $0) }) {
            try await before(willing([lead]), true)
        }
        return try await run.finish { tx in
            try tx.agents.require("leads:write", of: run.actor)
            guard let lead = try Lead.resource.find(id, in: tx) else {
                throw JobFailure.terminal("not_found", "the lead no longer exists")
            }
            let changed = try handle(tx, willing([lead], in: tx), true)
            // The conclusion about the one lead is the result: workflows go on with it.
            let outcome =
                try tx.decisions.latest(run.agent, subjectID: text).map {
                    JSON(stored: $0.outcome).withoutSayings
                } ?? [:]
            return outcome.merging(["processed": 1, "changed": JSON(changed.count)])
        }
    }

    /// Returns the leads whose people allow the purpose.
    private func willing(_ leads: [Lead]) throws -> [Lead] {
        let unwilling = try run.read {
            try $0.consents.unwilling(Set(leads.compactMap(\.contactID)), purpose)
        }
        return leads.filter { $0.contactID.map { unwilling[$0] == nil } ?? true }
    }

    /// Returns the leads whose people allow the purpose, and records that the others were left alone.
    private func willing(_ leads: [Lead], in tx: Transaction) throws -> [Lead] {
        let unwilling = try tx.consents.unwilling(Set(leads.compactMap(\.contactID)), purpose)
        return leads.filter { lead in
            guard let reason = lead.contactID.flatMap({ unwilling[$0] }) else { return true }
            tx.refusals.refuse(
                .action, agent: run.agent, lead.subject, code: "no_consent", reason, run: .agent(run.id))
            return false
        }
    }

    private func workOnSome(_ ids: [LeadID], _ handle: @escaping Handler) async throws -> JSON {
        var processed = 0, changed = 0
        for start in stride(from: 0, to: ids.count, by: batchSize) {
            let part = ids[start..<min(start + batchSize, ids.count)]
            let leads = try run.read { try $0.leads.all(Array(part)) }
            changed += try await work(on: leads, keepsPlace: false, handle)
            processed += leads.count
        }
        return ["processed": JSON(processed), "changed": JSON(changed)]
    }

    private func workOnNew(_ limit: Int, _ handle: @escaping Handler) async throws -> JSON {
        let start = try run.read { try $0.leads.place(of: cursor) }
        return try await walk(from: start, limit, keepsPlace: true, handle)
    }

    private func workOnAll(_ limit: Int, _ handle: @escaping Handler) async throws -> JSON {
        guard let review else { return try await walk(from: .unset, limit, keepsPlace: false, handle) }
        let place = cursor + ".basis"
        let isKnown = try run.read { try $0.leads.position(of: place) } == review.basis
        let result = try await walk(
            from: .unset, limit, keepsPlace: false, onlyChanged: isKnown && run.trigger == .schedule, handle)
        if !isKnown, limit == .max {
            try await run.write { try $0.leads.setPosition(of: place, to: review.basis) }
        }
        return result
    }

    private func walk(
        from start: LeadID, _ limit: Int, keepsPlace: Bool, onlyChanged: Bool = false,
        _ handle: @escaping Handler
    ) async throws -> JSON {
        var after = start, processed = 0, changed = 0
        while processed < limit {
            let (from, size) = (after, min(batchSize, limit - processed))
            var condition: SQL = "id > \(from)"
            if onlyChanged, let review { condition += " AND \(raw: review.column) <> version" }
            let leads = try run.read { [condition] reader in
                try Lead.resource.all(where: condition, suffix: "ORDER BY id LIMIT \(size)", in: reader)
            }
            guard let last = leads.last else { break }
            changed += try await work(on: leads, keepsPlace: keepsPlace, handle)
            (after, processed) = (last.id, processed + leads.count)
            if leads.count < size { break }
        }
        return ["processed": JSON(processed), "changed": JSON(changed)]
    }

    /// Handles some leads in one transaction; answers how many it has changed.
    private func work(
        on leads: [Lead], keepsPlace: Bool, _ handle: @escaping Handler
    ) async throws -> Int {
        guard let last = leads.last else { return 0 }
        let open = openOnly ? leads.filter(\.status.isOpen) : leads
        try await before(willing(open), false)
        let (place, review) = (cursor, review)
        let changed = try await run.step(
            "leads", note: ["from": JSON(leads[0].id), "count": JSON(leads.count)]
        ) {
            try await run.write { tx in
                try tx.agents.require("leads:write", of: run.actor)
                // Another run may have come by since: what it has done is not done twice.
                let done = keepsPlace ? try tx.leads.place(of: place) : .unset
                // Read again where they are written: nothing may have changed them in between.
                let present = try tx.leads.all(open.map(\.id).filter { $0 > done })
                let count = try handle(tx, willing(present, in: tx), false).count
                if let review { try tx.leads.markSeen(leads.map(\.id), review) }
                if keepsPlace, last.id > done {
                    try tx.leads.setPosition(of: place, to: "\(last.id)")
                }
                return count
            }
        }
        run.processed(leads.count)
        return changed
    }
}

extension Lead.Status {
    /// Neither closed nor out of sight.
    var isOpen: Bool { ![.won, .lost, .archived].contains(self) }
}

extension LeadStore {
    func position(of cursor: String) throws -> String {
        try tx.first(
            "SELECT position FROM agent_cursors WHERE tenant_id = \(tx.tenant) AND cursor = \(cursor)"
        ) {
            $0.text(0)
        } ?? ""
    }

    /// Returns the last lead that an agent has come by; `unset` before the first.
    func place(of cursor: String) throws -> LeadID { LeadID(try position(of: cursor)) ?? .unset }

    /// Returns those of some leads that are still there, in the order of their ids.
    fileprivate func all(_ ids: [LeadID]) throws -> [Lead] {
        guard !ids.isEmpty else { return [] }
        return try Lead.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: tx)
    }

    func timeZone() throws -> String {
        try tx.first("SELECT time_zone FROM tenants WHERE tenant_id = \(tx.tenant)") { $0.text(0) } ?? "UTC"
    }
}

extension LeadStore where Base == Transaction {
    /// The agent has looked at these leads as they are now.
    fileprivate func markSeen(_ leads: [LeadID], _ review: LeadWorker.Review) throws {
        try tx.run(
            """
            UPDATE leads SET \(raw: review.column) = version
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: leads.map(\.text)) AND \(raw: review.column) <> version
            """)
    }

    func setPosition(of cursor: String, to position: String) throws {
        try tx.run(
            """
            INSERT INTO agent_cursors (tenant_id, cursor, position) VALUES (\(tx.tenant), \(cursor), \(position))
            ON CONFLICT (tenant_id, cursor) DO UPDATE SET position = excluded.position
            """)
    }

    /// Stores what an agent changed on a lead: the decision, not an audit entry of its own, tells why.
    func store(_ old: Lead, _ new: inout Lead) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try Lead.resource.update(old, to: new, in: tx)
        count(from: old, to: new)
    }

    /// Publishes one event for each lead, and writes one audit entry for all of them.
    func tell(
        _ type: String, of leads: [LeadID], by run: AgentRun, _ data: ((LeadID) -> JSON)? = nil
    ) throws {
        guard let first = leads.first else { return }
        let subject = leads.count == 1 ? Subject(first) : Subject(run.id)
        try tx.auditLog.add(
            run.actor, type, subject, ["run_id": JSON(run.id), "leads": JSON(leads.count)])
        let cause: JSON = ["run_id": JSON(run.id)]
        try tx.publish(
            all: leads.map { EventDraft(type, Subject(type: "lead", id: $0.text), data?($0) ?? cause) })
    }
}

/// The permissions of agents that work on leads: to read and change them, and the records that they are tied to.
let leadPermissions: Set<Permission> = [
    "leads:read", "leads:write", "companies:read", "companies:write", "contacts:read", "contacts:write",
]

/// Parameters that agents working on leads share.
enum LeadParameters {
    /// So many leads a run takes that were named.
    static let listMax = 1000

    /// `takesList`: whether several leads may be named, in `lead_ids`.
    static func faults(
        _ parameters: JSON, others: Set<String> = [], takesList: Bool = false
    ) -> [ValueFault] {
        guard let object = parameters.object else {
            return [ValueFault(pointer: "", code: "wrong_type", detail: "parameters must be an object.")]
        }
        return object.members.compactMap { name, value in
            let pointer = "/\(name.pointerToken)"
            switch name {
            case "lead_id" where LeadID(value.text ?? "") != nil: return nil
            case "lead_id":
                return ValueFault(
                    pointer: pointer, code: "unknown_reference", detail: "lead_id must be the id of a lead.")
            case "lead_ids" where takesList:
                let ids = value.array ?? []
                let isList = ids.allSatisfy { LeadID($0.text ?? "") != nil }
                return isList && (1...listMax).contains(ids.count)
                    ? nil
                    : ValueFault(
                        pointer: pointer, code: "unknown_reference",
                        detail: "lead_ids must be a list of the ids of leads, at most \(listMax).")
            case "limit": return positive(value, pointer)
            case _ where others.contains(name): return positive(value, pointer)
            default:
                return ValueFault(
                    pointer: pointer, code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
        }
    }

    private static func positive(_ value: JSON, _ pointer: String) -> ValueFault? {
        guard let number = value.int else {
            return ValueFault(
                pointer: pointer, code: "wrong_type",
                detail: "\(pointer.pointedMember) must be a whole number.")
        }
        return (1...100_000).contains(number)
            ? nil
            : ValueFault(
                pointer: pointer, code: "out_of_range",
                detail: "\(pointer.pointedMember) must be from 1 to 100000.")
    }
}
