internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Tenancy

/// Campaigns: `tx.campaigns`.
package struct CampaignStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var campaigns: CampaignStore<Self> { CampaignStore(tx: self) }
}

/// Whether what belongs to a campaign may leave.
package struct CampaignStanding: Sendable {
    package let status: Campaign.Status

    package var isActive: Bool { status == .active }
    /// Whether nothing of it leaves any more.
    package var isOver: Bool { status == .completed }
}

extension CampaignStore {
    /// Returns how a campaign stands; `nil`: there is none.
    package func standing(of id: CampaignID) throws -> CampaignStanding? {
        try Campaign.resource.find(id, in: tx).map { CampaignStanding(status: $0.status) }
    }

    /// Returns a client's campaigns that run; at most 50.
    package func active(of client: ClientID) throws -> [Campaign] {
        try Campaign.resource.all(
            where: "client_id = \(client) AND status = 'active'", suffix: "ORDER BY id LIMIT 50", in: tx)
    }

    /// Returns a client's campaigns under way, those that run before those that are paused; at most 50.
    package func underWay(of client: ClientID) throws -> [Campaign] {
        try Campaign.resource.all(
            where: "client_id = \(client) AND status IN ('active', 'paused')",
            suffix: "ORDER BY status, id LIMIT 50", in: tx)
    }

    /// Returns a client's campaigns that were completed, the newest first; at most 20.
    package func completed(of client: ClientID) throws -> [Campaign] {
        try Campaign.resource.all(
            where: "client_id = \(client) AND status = 'completed'",
            suffix: "ORDER BY completed_at DESC LIMIT 20", in: tx)
    }
}

extension CampaignStore where Base == Transaction {
    /// Takes a campaign from one state to another; throws where that is no way.
    func move(
        _ id: CampaignID, to status: Campaign.Status, from states: Set<Campaign.Status>,
        because reason: Campaign.PauseReason? = nil, checking: (Campaign) throws -> Void = { _ in },
        by actor: Actor
    ) throws -> Campaign {
        let old = try Campaign.resource.get(id, in: tx)
        try checking(old)
        guard states.contains(old.status) else {
            throw Problem(
                .invalidTransition, "The campaign is \(old.status.rawValue), which does not allow this.",
                extra: ["allowed": JSON(old.status.next)])
        }
        if status == .active, old.exhaustedAt != nil {
            throw Problem(.conflict, "All of the budget has been spent: raise it first.")
        }
        var campaign = old
        (campaign.status, campaign.pausedBecause) = (status, status == .paused ? reason : nil)
        if status == .completed { campaign.completedAt = tx.now }
        try tx.update(old, to: &campaign, by: actor, action: "campaign.\(status.rawValue)")
        if status == .completed { try tx.unlimited.emailCampaigns.end(of: id, by: actor) }
        return campaign
    }

    func forget(_ campaign: Campaign) throws {
        for table in [
            "campaign_spend", "campaign_triggers", "campaign_milestones", "campaign_milestones_told",
            "campaign_differences", "campaign_shifts",
        ] {
            try tx.run(
                "DELETE FROM \(trusted: table) WHERE tenant_id = \(tx.tenant) AND campaign_id = \(campaign.id)"
            )
        }
    }
}

extension Campaign.Status {
    /// The operations that it allows now.
    var next: [String] {
        switch self {
        case .planning: ["activate"]
        case .active: ["pause", "complete"]
        case .paused: ["resume", "complete"]
        case .completed: []
        }
    }
}
