internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

// The steps of a proposal: sent, viewed, accepted, declined, expired. `Withdrawal.swift` has the one that is left.

extension DealsServices {
    /// Freezes a proposal, gives it its page, and has its mail written. Sent again it keeps both, and is mailed anew.
    func send(
        _ old: Proposal, by actor: Actor, from origin: Origin = Origin(), in tx: Transaction
    ) throws -> Proposal {
        guard old.status == .draft || old.isOpen else { throw Proposal.isSent(old.status) }
        if old.status == .draft { try tx.offers.requireConceded(old) }
        var proposal = old
        if old.status == .draft {
            proposal.status = .sent
            proposal.sentAt = tx.now
            if proposal.validUntil.map({ $0 <= tx.now }) ?? true {
                proposal.validUntil = tx.now + Self.validity
            }
            proposal.publicURL = try platform.links.url(.page, tx.tenant, old.id)
        }
        proposal.messageID = try mail(proposal, by: actor, from: origin, in: tx)?.id ?? proposal.messageID
        try tx.update(old, to: &proposal, by: actor, action: "proposal.sent")
        if old.status == .draft {
            try tx.publish("proposal.sent", proposal.subject, proposal.payload)
            if let client = proposal.clientID {
                try tx.portal.noteActivity(
                    ofClient: client, by: actor, "proposal.sent", proposal.subject,
                    .quoted(proposal.title ?? ""))
            }
            try tx.deals.advance(proposal.dealID, to: .proposalDelivered, by: actor)
            try tx.jobs.enqueue(
                ProposalExpiryJob.self, .init(proposal: proposal.id),
                JobOptions(
                    runAt: proposal.validUntil, uniqueKey: proposal.id, subject: proposal.subject,
                    waitingFor: "an answer, or its time to pass"))
        }
        return proposal
    }

    private func mail(
        _ proposal: Proposal, by actor: Actor, from origin: Origin, in tx: Transaction
    ) throws -> Message? {
        let words = try tx.wordings.find(proposal.locale)
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let contact = try proposal.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        return try mail(
            DocumentMail(
                kind: "proposal", contact: proposal.contactID, locale: proposal.locale, lead: proposal.leadID,
                subject: proposal.title ?? words("proposal.ours"),
                values: [
                    "title": JSON(proposal.title), "url": JSON(proposal.publicURL),
                    "total": proposal.total?.json ?? .null,
                    "valid_until": JSON(
                        proposal.validUntil.map { zone.local(of: $0).date.iso }),
                    "notes": .null,
                ], url: proposal.publicURL ?? "", cause: .init("proposal", proposal.id),
                key: "\(proposal.id)/\(proposal.version)",
                why: MessageWhy.proposalSent.saying(),
                channel: try contact.map { try outbox.channels.preferred(of: $0, in: tx) } ?? .email),
            by: actor, from: origin, in: tx)
    }
}

package extension ProposalStore where Base == Transaction {
    /// It was opened, by what seems to be a browser, or read, as its page says.
    func noteView(of id: ID<Proposal>, by visitor: Visitor, isRead: Bool) throws {
        guard let old = try Proposal.resource.find(id, in: tx), old.status != .draft else { return }
        let name = isRead ? "read" : "opened"
        guard old.evidence[name] == nil else { return }
        var proposal = old
        proposal.evidence = old.evidence.merging([name: visitor.evidence(at: tx.now)])
        let isFirst = old.status == .sent
        if isFirst { (proposal.status, proposal.viewedAt) = (.viewed, tx.now) }
        try tx.update(old, to: &proposal, by: .system, action: "proposal.\(name)")
        if isFirst { try tx.publish("proposal.viewed", proposal.subject, proposal.payload) }
    }

    func accept(_ id: ID<Proposal>, name: String, by visitor: Visitor) throws -> Proposal {
        try answer(id, visitor) { proposal in
            (proposal.status, proposal.acceptedAt, proposal.acceptedBy) = (.accepted, tx.now, name)
            proposal.evidence = proposal.evidence.merging([
                "accepted": visitor.evidence(at: tx.now, ["name": .string(name), "consent": true])
            ])
        }
    }

    func decline(_ id: ID<Proposal>, reason: String?, by visitor: Visitor) throws -> Proposal {
        try answer(id, visitor) { proposal in
            (proposal.status, proposal.declinedAt, proposal.declineReason) = (.declined, tx.now, reason)
            proposal.evidence = proposal.evidence.merging([
                "declined": visitor.evidence(at: tx.now, ["reason": JSON(reason)])
            ])
        }
    }

    private func answer(
        _ id: ID<Proposal>, _ visitor: Visitor, _ change: (inout Proposal) -> Void
    ) throws -> Proposal {
        guard let old = try Proposal.resource.find(id, in: tx), old.status != .draft else {
            throw Problem(.notFound)
        }
        guard old.isOpen, old.validUntil.map({ tx.now < $0 }) ?? true else {
            let status = old.isOpen ? .expired : old.status
            throw Problem(
                .invalidTransition, "The proposal is already \(status.rawValue).", extra: ["allowed": []])
        }
        var proposal = old
        if proposal.viewedAt == nil { proposal.viewedAt = tx.now }
        change(&proposal)
        let word = proposal.status.rawValue
        try tx.update(old, to: &proposal, by: .system, action: "proposal.\(word)")
        try tx.publish(
            "proposal.\(word)", proposal.subject,
            proposal.payload.adding(["reason": JSON(proposal.declineReason)]))
        if let client = proposal.clientID {
            try tx.portal.noteActivity(
                ofClient: client, by: visitor.actor, "proposal.\(word)", proposal.subject,
                .quoted(proposal.title ?? ""), why: proposal.declineReason.map { .quoted($0) })
        }
        if proposal.status == .accepted, let contact = proposal.contactID {
            try tx.experiments.countConversion(of: contact)
        }
        if proposal.status == .accepted { try tx.deals.advance(proposal.dealID, to: .contract, by: .system) }
        if let job = try tx.jobs.live(ProposalExpiryJob.self, uniqueKey: id) {
            _ = try tx.jobs.cancel(job)
        }
        return proposal
    }

    internal func expire(_ id: ID<Proposal>) throws {
        guard let old = try Proposal.resource.find(id, in: tx), old.isOpen else { return }
        var proposal = old
        (proposal.status, proposal.expiredAt) = (.expired, tx.now)
        try tx.update(old, to: &proposal, by: .system, action: "proposal.expired")
        try tx.publish("proposal.expired", proposal.subject, proposal.payload)
    }
}

/// Lets a proposal that nobody has answered expire, at its time.
struct ProposalExpiryJob: JobKind {
    struct Payload: Codable, Sendable { let proposal: ID<Proposal> }

    static let kind = "proposal.expire"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.proposal
        try await job.complete { tx in try tx.proposals.expire(id) }
    }
}
