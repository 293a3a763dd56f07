internal import Agents
package import Database
internal import Facts
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Transfer

/// A merge as it can be taken back: what each lead was before.
struct LeadMerge: Record {
    var head = Head<LeadMerge>()
    var keep = LeadID.unset
    var merged: [LeadID] = []
    var keptBefore: JSONObject = [:]
    var mergedBefore: JSON = []
    var undoneAt: Instant?

    static let idPrefix = "merge"
    static let resource = Resource<LeadMerge>(
        "lead_merges", named: "LeadMerge", rule: .parent("keep", of: "leads"),
        [
            .id("keep", \.keep), .ids("merged", \.merged, max: 100),
            .document("kept_before", \.keptBefore),
            .document("merged_before", \.mergedBefore, schema: ["type": "array"]),
            .instant("undone_at", \.undoneAt),
        ])
}

private struct MergeBody: Declared {
    var keep = LeadID.unset, merge: [LeadID] = []
    static let schema = Schema<MergeBody>(
        "LeadMergeRequest",
        [
            .id("keep", \.keep, .required, .about("The lead that is kept.")),
            .ids("merge", \.merge, max: 100, .required, .about("Leads to take in.")),
        ])
}

/// Fields that a merge fills from the leads taken in, where the kept one has nothing.
private let fillable: Set<String> = [
    "website", "industry", "employee_count", "annual_revenue", "location", "country", "contact_name",
    "contact_title",
    "email", "phone", "linkedin_url", "source", "budget", "timeline_days", "authority", "notes", "owner_id",
]

func leadMergeRoutes(_ routes: inout Routes) {
    routes.declare(MergeBody.self)
    routes.duplicates(of: Lead.resource, read: "leads:read")
    routes.post(
        "/v1/leads/merge", .permission("leads:write"), "Merge leads into one; the merge can be undone",
        body: .json(.reference("LeadMergeRequest")), .record(Lead.resource)
    ) { call in
        let body = try call.body(MergeBody.self)
        guard !body.merge.isEmpty, !body.merge.contains(body.keep) else {
            throw Problem(faults: [
                Fault("/merge", "unknown_reference", "leads must name other leads than this one, each once.")
            ])
        }
        return .write { tx in
            let (kept, merge) = try tx.leads.merge(body.merge, into: body.keep, by: call.actor)
            var extra = kept.told(in: try tx.wordings.find(for: call))
            extra["merge_id"] = JSON(merge)
            return .record(kept, extra: extra)
        }
    }
    routes.post(
        "/v1/leads/merges/{id}/undo",
        .permission(
            "leads:write"), "Undo a merge of leads", .record(Lead.resource)
    ) { call in
        let id = try call.id("id", of: LeadMerge.self)
        return .write { tx in
            let kept = try tx.leads.undoMerge(id, by: call.actor)
            return .record(kept, extra: kept.told(in: try tx.wordings.find(for: call)))
        }
    }
}

package extension LeadStore where Base == Transaction {
    /// Merges the most certain pair of leads into the older one, which has to be compared again before the next;
    /// returns the id by which the merge can be undone, `nil` where no pair is at least as certain as `least`.
    func mergeSurest(from least: Double) throws -> String? {
        guard let pair = try tx.duplicates.pairs(of: Lead.resource.table, limit: 1).first,
            pair.confidence >= least, let (keep, gone) = pair.records(of: Lead.self)
        else { return nil }
        return try merge([gone], into: keep, by: .system).merge.keyText
    }

    fileprivate func merge(
        _ others: [LeadID], into keep: LeadID, by actor: Actor
    ) throws -> (kept: Lead, merge: ID<LeadMerge>) {
        let old = try Lead.resource.get(keep, in: tx)
        let merged = try others.map { try Lead.resource.get($0, in: tx) }
        guard ([old] + merged).allSatisfy({ $0.status != .archived }) else {
            throw Problem(.conflict, "An archived lead cannot be merged: name leads that are not.")
        }
        var record = LeadMerge.new(id: tx.nextID(), now: tx.now)
        (record.keep, record.merged) = (keep, others)
        record.keptBefore = Lead.schema.json(old).object ?? [:]
        record.mergedBefore = .array(merged.map(Lead.schema.json))
        let said = try tx.facts.sheets(of: ([old] + merged).map(\.subject))
        // Identifiers elsewhere move to the kept lead, so they leave the others first.
        for lead in merged {
            var gone = lead
            gone.status = .archived
            gone.mergedInto = keep
            gone.externalIDs = [:]
            try tx.update(lead, to: &gone, by: actor, action: "lead.merged_away")
            try tx.references.move(
                from: lead.subject, to: old.subject, in: Lead.resource.table, under: record.id,
                besideRecords: true)
        }
        var kept = old
        for lead in merged { Lead.resource.fill(&kept, from: lead, fillable) }
        if let contact = kept.contactID {
            for gone in merged.compactMap(\.contactID) where gone != contact {
                try tx.engagement.move(from: gone, to: contact)
            }
        }
        try tx.update(old, to: &kept, by: actor)
        // The id is told there, too: agents and the command merge without an answer to anybody.
        try tx.auditLog.add(
            actor, "lead.merged", old.subject, ["merged": JSON(record.merged), "merge_id": JSON(record.id)])
        try tx.facts.merge(said)
        try LeadMerge.resource.insert(&record, in: tx)
        return (kept, record.id)
    }

    fileprivate func undoMerge(_ id: ID<LeadMerge>, by actor: Actor) throws -> Lead {
        let record = try LeadMerge.resource.get(id, in: tx)
        guard record.undoneAt == nil else {
            throw Problem(.conflict, "The merge has already been undone.")
        }
        let old = try Lead.resource.get(record.keep, in: tx)
        var kept = old
        Lead.resource.empty(&kept, to: record.keptBefore, of: record.mergedBefore.array ?? [], fillable)
        try tx.update(old, to: &kept, by: actor, action: "lead.unmerged")
        for before in record.mergedBefore.array ?? [] {
            guard let fields = before.object, let lead = fields["id"]?.id(of: Lead.self) else { continue }
            if let contact = old.contactID, let gone = before["contact_id"]?.id(of: Nouns.Contact.self),
                // One who was merged into the other contact keeps nothing of their own.
                try Contact.resource.find(gone, in: tx) != nil
            {
                try tx.engagement.moveBack(to: gone, from: contact)
            }
            try revive(lead, fields, by: actor)
            try tx.references.moveBack(
                to: Subject(lead), from: old.subject, in: Lead.resource.table, under: id)
        }
        // The word of one of them holds for the other no more.
        let before = (record.mergedBefore.array ?? []).map { $0["contact_id"]?.id(of: Nouns.Contact.self) }
        for contact in Set((before + [old.contactID]).compactMap(\.self)).sorted() {
            try tx.heldMessages.lookAgain(at: contact, heldFor: "unsubscribed")
        }
        var undone = record
        undone.undoneAt = tx.now
        undone.version += 1
        undone.updatedAt = tx.now
        try LeadMerge.resource.update(record, to: undone, in: tx)
        return kept
    }

    /// Brings back a lead that was merged away: the one way out of `archived`.
    private func revive(_ id: LeadID, _ fields: JSONObject, by actor: Actor) throws {
        let archived = try Lead.resource.get(id, in: tx)
        guard archived.mergedInto != nil else { return }
        var lead = archived
        lead.mergedInto = nil
        lead.status = fields["status"]?.text.flatMap(Lead.Status.init) ?? .new
        lead.externalIDs = fields["external_ids"]?.object ?? [:]
        lead.age(by: try tx.lifecycle.plan(), at: tx.now)
        lead.version += 1
        lead.updatedAt = tx.now
        try Lead.resource.update(archived, to: lead, in: tx)
        try lead.saved(replacing: archived, by: actor, in: tx)
        try tx.facts.unmerge(lead.subject)
        try tx.auditLog.add(
            actor, "lead.unmerged", lead.subject,
            ["status": ["from": "archived", "to": .string(lead.status.rawValue)]])
        try tx.publish("lead.updated", lead.subject, ["changed": ["status"]])
    }
}
