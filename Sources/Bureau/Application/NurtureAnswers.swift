internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Jobs
internal import Nouns
internal import Nurture
internal import Records
internal import Telemetry
internal import Tenancy

/// The answers of slices to nurture, which keeps in touch with their leads.
let answersToNurture: [ModuleAnswer] = [
    ModuleAnswer(for: "discovery", to: NurtureDependencies.self) { dependencies in
        dependencies.lead = { reader, id in
            // Nobody writes to the people of the sample data.
            guard let lead = try Lead.resource.find(id, in: reader), !lead.tags.contains(SampleData.mark)
            else { return nil }
            let plan = try reader.reading.lifecycle.plan(), known = lead.knownSince ?? lead.createdAt
            let age = plan.age(since: known, at: reader.now), stage = plan.stage(ofAge: age)
            let before = plan.stages.last { $0.from < plan[stage]?.from ?? 0 }
            return NurtureLead(
                lead.id, contact: lead.contactID, knownSince: known, ageDays: age, isWon: lead.status == .won,
                isArchived: lead.status == .archived, stage: stage.rawValue,
                touchEvery: plan[stage]?.touchEvery ?? "P30D", touchEveryBefore: before?.touchEvery,
                stageEnds: plan.end(of: stage, since: known))
        }
        dependencies.contactOfLead = { reader, id in
            try reader.first(readContactOfLead, [reader.tenant.sqlValue, id.sqlValue]) {
                $0.id(0, of: Nouns.Contact.self)
            } ?? nil
        }
        dependencies.stages = { reader in
            let counts = try reader.reading.lifecycle.counts()
            return LifecycleStage.byAge.map { ($0.rawValue, counts[$0] ?? 0) }
        }
    },
    ModuleAnswer(for: "deals", to: NurtureDependencies.self) { dependencies in
        dependencies.contactOfDeal = { reader, id in
            try Deal.resource.find(id, in: reader)?.contactID
        }
    },
    ModuleAnswer(for: "delivery", to: NurtureDependencies.self) { dependencies in
        dependencies.isClient = { reader, lead, contact in
            try reader.exists(
                readClientOf, [reader.tenant.sqlValue, lead.sqlValue, contact?.sqlValue ?? .null])
        }
        dependencies.originOfClient = { reader, id in
            let client = try Client.resource.find(id, in: reader)
            return (client?.leadID, client?.contactID)
        }
    },
]

private let readClientOf = Statement(
    "SELECT 1 FROM clients WHERE tenant_id = $1 AND (lead_id = $2 OR contact_id = $3) LIMIT 1")

private let readContactOfLead = Statement("SELECT contact_id FROM leads WHERE tenant_id = $1 AND id = $2")
