internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
package import Telemetry

/// E-mail campaigns: `tx.emailCampaigns`.
package struct EmailCampaignStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var emailCampaigns: EmailCampaignStore<Self> { EmailCampaignStore(tx: self) }
}

extension EmailCampaignStore {
    /// Returns the campaigns whose time is between two moments, the earliest first: a time that was chosen, or when
    /// their sending began.
    package func planned(from begin: Instant, before end: Instant, limit: Int) throws -> [EmailCampaign] {
        let chosen = try EmailCampaign.resource.all(
            where: "send_at >= \(begin) AND send_at < \(end)", suffix: "ORDER BY send_at, id LIMIT \(limit)",
            in: tx)
        let begun = try EmailCampaign.resource.all(
            where: "send_at IS NULL AND started_at >= \(begin) AND started_at < \(end)",
            suffix: "ORDER BY started_at, id LIMIT \(limit)", in: tx)
        return chosen + begun
    }
}

extension EmailCampaignStore where Base == Transaction {
    /// Stores a change of a campaign under its next version.
    func change(_ old: EmailCampaign, to new: inout EmailCampaign) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try EmailCampaign.resource.update(old, to: new, in: tx)
    }

    /// Ends a campaign of which nothing is under way.
    func completeIfOver(_ id: ID<EmailCampaign>) throws {
        guard let old = try EmailCampaign.resource.find(id, in: tx), old.status == .sending, old.isWhole,
            try !tx.emailRecipients.isUnderWay(id)
        else { return }
        var new = old
        (new.status, new.finishedAt) = (.sent, tx.now)
        try change(old, to: &new)
        try tx.publish("email_campaign.sent", new.subject, ["planned": JSON(new.planned)])
        if try EmailCampaignResults(of: new, in: tx).hasMismatch {
            try tx.publish(
                "email_campaign.ratio_mismatch", new.subject, ["campaign_id": JSON(new.campaignID)])
        }
    }

    /// Lets a campaign look at whom it may send to now, or at a later moment.
    func wake(_ id: ID<EmailCampaign>, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            EmailCampaignSendJob.self, .init(campaign: id),
            JobOptions(
                runAt: moment, uniqueKey: "\(id)/\(moment?.microseconds ?? 0)", uniqueness: .untilStarted,
                subject: Subject(id), limitKey: id))
    }

    /// Lets a campaign freeze its recipients now, or at a later moment.
    func plan(_ id: ID<EmailCampaign>, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            EmailCampaignPlanJob.self, .init(campaign: id),
            JobOptions(
                runAt: moment, uniqueKey: "\(id)/\(moment?.microseconds ?? 0)", uniqueness: .untilStarted,
                subject: Subject(id), limitKey: id))
    }
}
