internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
internal import Telemetry
internal import Tenancy

/// Deals: `tx.deals`.
package struct DealStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var deals: DealStore<Self> { DealStore(tx: self) }
}

extension DealStore {
    /// The deal that is under way with a lead: of several, the newest.
    package func open(of lead: LeadID) throws -> Deal? {
        try Deal.resource.first(
            where: "lead_id = \(lead) AND stage NOT IN ('won', 'lost')", suffix: "ORDER BY row DESC LIMIT 1",
            in: tx)
    }

    /// Returns those of some people with whom a deal is under way since they have answered.
    package func inSalesProcess(_ contacts: [ContactID]) throws -> Set<ContactID> {
        Set(
            try tx.all(
                """
                SELECT DISTINCT contact_id FROM deals
                WHERE tenant_id = \(tx.tenant) AND contact_id IN \(list: contacts)
                    AND stage NOT IN ('outreach', 'won', 'lost')
                """
            ) { ContactID($0, 0) })
    }

    /// Returns the value of the deals that were won since a time from people whom an integration had reached before, as
    /// far as calls are kept, or of whose leads it had told something, in minor units of the agency's currency.
    func won(through connector: String, since start: Instant) throws -> Int64 {
        let currency = try tx.agency.tenant().currency
        return try tx.int(
            """
            SELECT sum(d.value_amount) FROM deals d
            WHERE d.tenant_id = \(tx.tenant) AND d.stage = 'won' AND d.closed_at >= \(start)
                AND d.value_currency = \(currency)
                AND (EXISTS (
                    SELECT 1 FROM reached_subjects r
                    WHERE r.tenant_id = \(tx.tenant) AND r.connector = \(connector)
                        AND r.subject_id IN (d.lead_id, d.contact_id) AND r.at <= d.closed_at
                ) OR EXISTS (
                    SELECT 1 FROM messages m
                    JOIN tool_calls c ON c.tenant_id = m.tenant_id AND c.subject_id = m.id
                    WHERE m.tenant_id = \(tx.tenant) AND m.contact_id = d.contact_id AND c.provider = \(connector)
                        AND c.state IN ('succeeded', 'captured', 'unknown') AND c.started_at <= d.closed_at))
            """) ?? 0
    }

    /// Returns the number of deals in each stage, and their value, from the counters that every change keeps.
    package func metrics() throws -> [Deal.Stage: (deals: Int, value: Int64)] {
        var figures: [Deal.Stage: (deals: Int, value: Int64)] = [:]
        if tx.limit != nil {
            try tx.each(
                """
                SELECT stage, count(*), sum(value_amount) FROM deals
                WHERE tenant_id = \(tx.tenant)\(tx.limit(on: "deals")) GROUP BY stage
                """
            ) { row in
                guard let stage = Deal.Stage(rawValue: row.text(0)) else { return }
                figures[stage] = (row.int(1), row.optionalInt64(2) ?? 0)
            }
            return figures
        }
        for (name, value) in try tx.counters.all(prefix: dealCounters) {
            let parts = name.dropFirst(dealCounters.count).split(separator: ".")
            guard parts.count == 2, let stage = Deal.Stage(rawValue: String(parts[0])) else { continue }
            var figure = figures[stage] ?? (0, 0)
            if parts[1] == "deals" { figure.deals = value } else { figure.value = Int64(value) }
            figures[stage] = figure
        }
        return figures
    }
}

private let dealCounters = "deals.stage."

extension DealStore where Base == Transaction {
    func count(from old: Deal?, to new: Deal?) throws {
        var changes: [String: Int] = [:]
        for (deal, sign) in [(old, -1), (new, 1)] {
            guard let deal else { continue }
            changes["\(dealCounters)\(deal.stage.rawValue).deals", default: 0] += sign
            changes["\(dealCounters)\(deal.stage.rawValue).value", default: 0] +=
                sign * Int(deal.value?.amount ?? 0)
        }
        for (name, change) in changes where change != 0 { try tx.counters.count(name, change) }
    }

    /// Takes an open deal on to a stage; one that is further already, or closed, stays.
    func advance(_ id: DealID?, to stage: Deal.Stage, by actor: Actor) throws {
        guard let old = try id.flatMap({ try Deal.resource.find($0, in: tx) }), old.stage.isOpen,
            old.stage.isBefore(stage)
        else { return }
        var deal = old
        deal.stage = stage
        try tx.update(old, to: &deal, by: actor)
    }
}

extension DealsServices {
    /// Reads what is known of a lead.
    func lead(_ id: LeadID, in reader: some Queryable) throws -> LeadFacts {
        guard let lead = try dependencies.lead(reader, id) else {
            throw Problem(.notFound, "The lead \(id) no longer exists.")
        }
        return lead
    }

    /// A new deal, completed from its lead.
    package func create(_ deal: inout Deal, by actor: Actor, in tx: Transaction) throws {
        let lead = try lead(deal.leadID, in: tx)
        if deal.contactID == nil { deal.contactID = lead.contact }
        try tx.create(&deal, by: actor)
    }

    /// The deal that is under way with a lead, or a new one.
    package func deal(
        for lead: LeadFacts, package: PackageID?, value: Money?, stage: Deal.Stage, by actor: Actor,
        in tx: Transaction
    ) throws -> Deal {
        if let old = try tx.deals.open(of: lead.id) {
            var deal = old
            if let package { deal.packageID = package }
            if let value { deal.value = value }
            if old.stage.isBefore(stage) { deal.stage = stage }
            try tx.update(old, to: &deal, by: actor)
            return deal
        }
        var deal = Deal.new(id: tx.nextID(), now: tx.now)
        (deal.leadID, deal.name, deal.contactID) = (lead.id, lead.company, lead.contact)
        (deal.packageID, deal.value, deal.stage) = (package, value, stage)
        try tx.create(&deal, by: actor)
        return deal
    }
}

/// Lets leads stand where their deals stand, in the transaction that moves the deal, whichever way it comes.
struct LeadsFollow: EventConsumer {
    let dependencies: DealsDependencies

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.subject.type == Deal.noun, !event.isTest,
            event.type == "deal.created" || event.type == "deal.stage_changed",
            let id = event.subject.id(of: Nouns.Deal.self), let deal = try Deal.resource.find(id, in: tx)
        else { return }
        // Another deal with the same lead goes on.
        if deal.stage == .lost, try tx.deals.open(of: deal.leadID) != nil { return }
        try dependencies.advanceLead(tx, deal.leadID, deal.stage.leadStatus)
    }
}
