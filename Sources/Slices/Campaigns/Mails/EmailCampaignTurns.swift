internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension EmailCampaign {
    /// Throws where a campaign is in no state in which that may be done.
    fileprivate func require(_ allowed: Status...) throws(Problem) {
        guard !allowed.contains(status) else { return }
        throw Problem(
            .invalidTransition, "The email campaign is \(status.rawValue), which does not allow this.",
            extra: ["allowed": JSON(allowed.map(\.rawValue))])
    }
}

extension EmailCampaignStore where Base == Transaction {
    /// Lets a campaign begin at its time, or at once.
    func schedule(_ old: EmailCampaign, at moment: Instant?, by actor: Actor) throws -> EmailCampaign {
        try old.require(.draft, .scheduled)
        if let whole = old.campaignID, try tx.campaigns.standing(of: whole)?.isOver == true {
            throw Problem(
                .conflict, "The campaign is completed: take the email campaign out of it to send it.")
        }
        if let moment, moment < tx.now {
            throw Problem(faults: [
                Fault("/send_at", "out_of_range", "send_at must not be past: leave it out to send at once.")
            ])
        }
        var new = old
        (new.status, new.sendAt, new.author) = (.scheduled, moment, actor.json)
        try turn(old, to: &new, "scheduled", by: actor)
        try plan(new.id, at: moment)
        return new
    }

    /// Holds everything of a campaign that has not left.
    func pause(_ old: EmailCampaign, by actor: Actor) throws -> EmailCampaign {
        try old.require(.scheduled, .sending)
        var new = old
        new.status = .paused
        try turn(old, to: &new, "paused", by: actor)
        return new
    }

    func resume(_ old: EmailCampaign, by actor: Actor) throws -> EmailCampaign {
        try old.require(.paused)
        var new = old
        new.status = old.startedAt == nil ? .scheduled : .sending
        try turn(old, to: &new, "resumed", by: actor)
        if new.isWhole {
            try wake(new.id)
        } else {
            try plan(new.id, at: new.sendAt.flatMap { $0 > tx.now ? $0 : nil })
        }
        return new
    }

    /// Ends a campaign: what has not left stays here.
    func cancel(_ old: EmailCampaign, by actor: Actor) throws -> EmailCampaign {
        try old.require(.draft, .scheduled, .sending, .paused)
        var new = old
        (new.status, new.finishedAt) = (.cancelled, tx.now)
        try turn(old, to: &new, "cancelled", by: actor)
        try tx.emailRecipients.leaveOutAll(of: new.id)
        try tx.jobs.enqueue(
            EmailCampaignStopJob.self, .init(campaign: new.id), JobOptions(uniqueKey: new.id))
        return new
    }

    /// Ends the email campaigns under way of a campaign that is completed: what has not left stays here.
    func end(of campaign: CampaignID, by actor: Actor) throws {
        let open = try EmailCampaign.resource.all(
            where: "campaign_id = \(campaign) AND status IN ('scheduled', 'sending', 'paused')",
            suffix: "ORDER BY id", in: tx)
        for mailing in open { _ = try cancel(mailing, by: actor) }
    }

    private func turn(
        _ old: EmailCampaign, to new: inout EmailCampaign, _ verb: String, by actor: Actor
    ) throws {
        try change(old, to: &new)
        try tx.auditLog.add(actor, "email_campaign.\(verb)", new.subject, ["name": .string(new.name)])
        try tx.publish("email_campaign.\(verb)", new.subject, ["name": .string(new.name)])
    }
}
