internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// The things that clients may buy or go on with: `tx.opportunities`.
struct OpportunityStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var opportunities: OpportunityStore<Self> { OpportunityStore(tx: self) }
}

extension OpportunityStore {
    /// The time after a no for which an opportunity of that kind is not raised again.
    static var pause: Duration { .seconds(90 * 86_400) }

    /// The one of that kind that is open.
    func open(_ kind: Opportunity.Kind, of client: ClientID) throws -> Opportunity? {
        try Opportunity.resource.first(
            where: "client_id = \(client) AND kind = \(kind.rawValue) AND status IN ('open', 'offered')",
            suffix: "ORDER BY row LIMIT 1", in: tx)
    }

    private func wasRefused(_ kind: Opportunity.Kind, for client: ClientID) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM opportunities
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND kind = \(kind.rawValue)
                AND dismissed_at > \(tx.now - Self.pause)
            """)
    }

    /// Returns whether one of that kind may be raised: none is open, and neither the agency nor the client
    /// has said no to one lately. The end of a contract comes whatever was said.
    fileprivate func mayRaise(_ kind: Opportunity.Kind, for client: ClientID, isDue: Bool) throws -> Bool {
        guard try open(kind, of: client) == nil else { return false }
        return try isDue || !wasRefused(kind, for: client)
    }
}

extension OpportunityStore where Base == Transaction {
    /// Raises an opportunity, once for what it is raised for.
    func raise(
        _ kind: Opportunity.Kind, for client: Client, key: String, because reason: String? = nil,
        isDue: Bool = false, _ fill: (inout Opportunity) throws -> Void
    ) throws {
        guard try mayRaise(kind, for: client.id, isDue: isDue),
            try !tx.exists("SELECT 1 FROM opportunities WHERE tenant_id = \(tx.tenant) AND key = \(key)")
        else { return }
        var opportunity = Opportunity.new(id: tx.nextID(), now: tx.now)
        (opportunity.clientID, opportunity.kind, opportunity.key) = (client.id, kind, key)
        let words = try tx.wordings.find(tx.agency.tenant().locale)
        opportunity.reason = words("opportunity.reason", ["kind": .text(reason ?? kind.rawValue)])
        try fill(&opportunity)
        try tx.create(&opportunity, by: .system)
    }

    /// A contract comes to its end: the client is asked to go on, or to be kept where they are at risk.
    func renew(
        _ contract: EndingContract, key: String, id: ContractID, _ dependencies: OpportunityDependencies
    ) throws {
        guard let client = try Client.resource.find(contract.client, in: tx), client.status != .former else {
            return
        }
        let kind: Opportunity.Kind = client.isAtRisk ? .retention : .renewal
        let steps = kind == .retention ? try plan(toKeep: client, dependencies) : []
        func fill(_ opportunity: inout Opportunity) {
            (opportunity.packageID, opportunity.value) = (contract.package, contract.value)
            opportunity.dueOn = contract.endsOn
            // The decision that foretold leaving stays among what calls for it.
            let foretold = opportunity.evidence.filter { DecisionID($0) != nil }
            opportunity.plan(steps, because: foretold + ["\(id)"])
        }
        if let old = try open(kind, of: client.id) {
            var opportunity = old
            fill(&opportunity)
            try tx.update(old, to: &opportunity, by: .system)
        } else {
            try raise(kind, for: client, key: key, isDue: true, fill)
        }
        guard client.lifecycle != .renewal, client.lifecycle != .ended else { return }
        var renewing = client
        renewing.lifecycle = .renewal
        try tx.update(client, to: &renewing, by: .system, action: "client.renewal")
    }

    /// A client has come to be at risk: nothing more is asked of it, and it is to be kept, whenever its contract ends.
    /// - Parameter churn: how likely it is to leave, where that is foretold by a decision.
    func keep(
        _ client: Client, _ dependencies: OpportunityDependencies, from churn: Double? = nil,
        _ decision: DecisionID? = nil
    ) throws {
        try spare(client)
        let steps = try plan(toKeep: client, dependencies)
        let today = try tx.agency.tenant().today(tx.now)
        let words = try tx.wordings.find(tx.agency.tenant().locale)
        try raise(.retention, for: client, key: "at_risk:\(client.id):\(today.iso)", because: "at_risk") {
            ($0.packageID, $0.value, $0.dueOn) = (client.packageID, client.monthlyFee, today.adding(days: 14))
            if let churn {
                let percent = Int((churn * 100).rounded())
                $0.reason = words("opportunity.likely_to_leave", ["percent": .number(percent)])
            }
            $0.plan(steps, because: decision.map { ["\($0)"] } ?? [])
        }
    }

    /// Leaves what a client was to be offered, without a no: it may be raised again once the client fares better.
    private func spare(_ client: Client) throws {
        let words = try tx.wordings.find(tx.agency.tenant().locale)
        for old in try Opportunity.resource.all(
            where: "client_id = \(client.id) AND kind IN ('upgrade', 'cross_sell') AND status = 'open'",
            suffix: "ORDER BY row LIMIT 100", in: tx)
        {
            var opportunity = old
            opportunity.status = .dismissed
            opportunity.dismissReason = words("opportunity.spared")
            // Its cause may raise another one, in the same month, too.
            opportunity.key = nil
            try tx.update(old, to: &opportunity, by: .system, action: "opportunity.dismissed")
        }
    }

    /// Refuses to send the proposal of an upgrade or a cross-sale to a client who has come to be at risk since.
    func requireCalm(_ proposal: ID<DraftedProposal>) throws {
        guard
            let opportunity = try Opportunity.resource.first(
                where: "proposal_id = \(proposal) AND status = 'offered'", suffix: "ORDER BY row LIMIT 1",
                in: tx),
            let client = try Client.resource.find(opportunity.clientID, in: tx)
        else { return }
        try opportunity.requireCalm(client)
    }

    /// A client has reached a goal: they are offered more, unless they may leave.
    func upgrade(_ client: Client, because goal: String, _ dependencies: OpportunityDependencies) throws {
        guard client.status == .active, !client.isAtRisk, let package = client.packageID,
            let next = try dependencies.dearer(tx, package)
        else { return }
        try raise(.upgrade, for: client, key: "upgrade:\(client.id):\(goal)") { opportunity in
            (opportunity.packageID, opportunity.value) = (next.id, next.price)
            opportunity.evidence = [goal]
        }
    }

    /// A client has left: they are asked again after a quarter.
    func winBack(_ client: Client) throws {
        let today = try tx.agency.tenant().today(tx.now)
        try raise(.winBack, for: client, key: "win_back:\(client.id):\(today.iso)") { opportunity in
            (opportunity.packageID, opportunity.value) = (client.packageID, client.monthlyFee)
            opportunity.dueOn = today.adding(days: 90)
        }
    }

    /// Notes what a client answers to the proposal with which something was offered.
    func answered(_ proposal: ID<DraftedProposal>, with status: Opportunity.Status) throws {
        guard
            let old = try Opportunity.resource.first(
                where: "proposal_id = \(proposal) AND status = 'offered'", suffix: "ORDER BY row LIMIT 1",
                in: tx)
        else { return }
        var opportunity = old
        opportunity.status = status
        if status == .lost { opportunity.dismissedAt = tx.now }
        try tx.update(old, to: &opportunity, by: .system)
        guard status == .won, let client = try Client.resource.find(old.clientID, in: tx),
            client.lifecycle == .renewal
        else { return }
        var renewed = client
        renewed.lifecycle = .active
        try tx.update(client, to: &renewed, by: .system)
    }
}
