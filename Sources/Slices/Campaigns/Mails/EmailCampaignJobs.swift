internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Freezes the recipients of an e-mail campaign when its time has come, some at a time.
struct EmailCampaignPlanJob: JobKind {
    struct Payload: Codable, Sendable { let campaign: ID<EmailCampaign> }

    static let kind = "email_campaign.plan"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The number of recipients of a page: each page is one transaction.
    private static let page = 1000
    let outbox: Outbox
    let dependencies: MailingDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.campaign
        try await job.write { try begin(id, in: $0) }
        var place: String?, merged: Set<ContactID> = [], written: SubmittedWrite<Bool>?
        repeat {
            try Task.checkCancellation()
            // The next page of recipients is read while the last one is written: others wait for the writer.
            guard let page = try job.read({ try page(of: id, after: place, beside: merged, in: $0) }) else {
                break
            }
            if let last = written, try await !last.value() {
                written = nil
                break
            }
            written = job.submit(advancing: true) { try keep(page, in: $0) }
            (place, merged) = (page.next, merged.union(page.merged))
        } while place != nil
        _ = try await written?.value()
        try await job.complete { _ in }
    }

    private func begin(_ id: ID<EmailCampaign>, in tx: Transaction) throws {
        guard let old = try EmailCampaign.resource.find(id, in: tx), old.status == .scheduled else { return }
        // It may have been put off since the job was made, and has one for its new time then.
        guard old.sendAt.map({ $0 <= tx.now }) ?? true else { return }
        guard try dependencies.members(tx, old.segmentID, "", 1) != nil else {
            // Nobody is left to write to once the segment is deleted.
            _ = try tx.emailCampaigns.cancel(old, by: .system)
            return
        }
        var new = old
        (new.status, new.startedAt) = (.sending, tx.now)
        try tx.emailCampaigns.change(old, to: &new)
        try tx.publish("email_campaign.started", new.subject, ["name": .string(new.name)])
    }

    /// Some of the people, as they are frozen.
    private struct Page: Sendable {
        let campaign: ID<EmailCampaign>
        let after: String, next: String?
        /// The people who would get it, and those who are held out.
        let compared: [ContactID]
        let drawn: [DrawnRecipient]
        /// Those of the drawn who are several contacts.
        let merged: Set<ContactID>
        let members: Int
        let excluded: Parts<ExcludedPeople>
    }

    /// Judges and draws the people behind a place, the one that the campaign has come to unless it is given; `nil`:
    /// there are none to be frozen now. `merged`: people of pages that may not be written yet.
    private func page(
        of id: ID<EmailCampaign>, after place: String?, beside merged: Set<ContactID>, in reader: Reader
    ) throws -> Page? {
        guard let campaign = try EmailCampaign.resource.find(id, in: reader), campaign.status == .sending,
            !campaign.isWhole
        else { return nil }
        let recipients = MailRecipients(
            campaign: campaign, dependencies: dependencies, messaging: outbox.dependencies)
        let place = place ?? campaign.place
        let (people, kin, next) = try recipients.people(after: place, limit: Self.page, in: reader)
        var excluded = Parts<ExcludedPeople>()
        for code in people.compactMap(\.code) { excluded.add(code) }
        let reached = people.filter { $0.code == nil }.compactMap(\.contact)
        let liked = try outbox.channels.likedTimes(of: reached, atOrAfter: reader.now, in: reader)
        var known = try reader.emailRecipients.known(of: Array(kin.values.joined()), in: id).union(merged)
        var drawn: [DrawnRecipient] = []
        for contact in reached {
            guard (kin[contact.id] ?? []).isDisjoint(with: known), known.insert(contact.id).inserted else {
                continue
            }
            drawn.append(
                DrawnRecipient(
                    contact: contact.id, variant: recipients.variant(of: contact.id),
                    dueAt: liked[contact.id] ?? reader.now))
        }
        excluded.add(MailRecipients.known, reached.count - drawn.count)
        return Page(
            campaign: id, after: place, next: next,
            compared: people.filter { $0.code == nil || $0.code == MailRecipients.heldOut }
                .compactMap { $0.contact?.id },
            drawn: drawn,
            merged: Set(drawn.map(\.contact).filter { kin[$0] != nil }), members: people.count,
            excluded: excluded)
    }

    /// Stores a page, unless another attempt has; answers whether more may follow.
    private func keep(_ page: Page, in tx: Transaction) throws -> Bool {
        guard let old = try EmailCampaign.resource.find(page.campaign, in: tx), old.status == .sending,
            !old.isWhole
        else { return false }
        guard old.place == page.after else { return false }
        var new = old
        let frozen = try tx.emailRecipients.freeze(page.drawn, of: old.id)
        try outbox.dependencies.draw(tx, page.compared)
        new.members += page.members
        new.planned += frozen
        for one in page.excluded.list { new.excluded.add(one.code, one.count) }
        new.excluded.add(MailRecipients.known, page.drawn.count - frozen)
        new.place = page.next ?? old.place
        new.isWhole = page.next == nil
        try tx.emailCampaigns.change(old, to: &new)
        if new.isWhole { try tx.emailCampaigns.wake(old.id) }
        return !new.isWhole
    }
}

/// Writes the messages whose time has come, through the outbox and its gate, some at a time.
struct EmailCampaignSendJob: JobKind {
    struct Payload: Codable, Sendable { let campaign: ID<EmailCampaign> }

    static let kind = "email_campaign.send"
    /// One goes on where another has ended.
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    private static let chunk = 50
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var goesOn = true
        while goesOn {
            try Task.checkCancellation()
            goesOn = try await job.write(advancing: true) { try send(payload.campaign, in: $0) }
        }
        try await job.complete { _ in }
    }

    /// Writes to those whose time has come; answers whether more may follow at once.
    private func send(_ id: ID<EmailCampaign>, in tx: Transaction) throws -> Bool {
        guard let campaign = try EmailCampaign.resource.find(id, in: tx), campaign.status == .sending,
            campaign.isWhole
        else { return false }
        let due = try tx.emailRecipients.due(of: id, limit: Self.chunk)
        let author = try MailAuthor(campaign.author, in: tx)
        var leftOut = Parts<ExcludedPeople>()
        for one in due {
            do {
                if let code = try write(campaign, to: one, as: author, in: tx) { leftOut.add(code) }
            } catch is Problem {
                // Say a template that is gone: the others get theirs.
                try tx.emailRecipients.leaveOut(one.contact, of: id)
                leftOut.add(MailRecipients.unwritten)
            }
        }
        if !leftOut.list.isEmpty {
            var new = campaign
            for one in leftOut.list { new.excluded.add(one.code, one.count) }
            try tx.emailCampaigns.change(campaign, to: &new)
        }
        guard due.count < Self.chunk else { return true }
        try tx.emailCampaigns.completeIfOver(id)
        // Comes back when the next of those who are planned is due.
        if let next = try tx.emailRecipients.nextDue(of: id) { try tx.emailCampaigns.wake(id, at: next) }
        return false
    }

    /// Writes to somebody; answers the code of the reason why they are left out by now, where there is one to tell.
    private func write(
        _ campaign: EmailCampaign, to person: DueRecipient, as author: MailAuthor, in tx: Transaction
    ) throws -> String? {
        let id = person.contact, kin = try outbox.dependencies.kin(tx, [id])
        guard let contact = try Contact.resource.find(id, in: tx) else {
            try tx.emailRecipients.leaveOut(id, of: campaign.id)
            return nil
        }
        // They may have been merged or drawn since they were frozen.
        let isWritten = try tx.emailRecipients.isWritten(to: kin[id] ?? [], in: campaign.id)
        guard try !isWritten && outbox.dependencies.heldOut(tx, [contact], kin).isEmpty else {
            try tx.emailRecipients.leaveOut(id, of: campaign.id)
            return isWritten ? MailRecipients.known : MailRecipients.heldOut
        }
        let lead = try outbox.dependencies.lead(tx, id)
        let written = try outbox.write(
            campaign.template(of: person.variant), to: contact, lead: lead, in: tx)
        var draft = MessageDraft(
            .email, to: contact, .marketing, subject: written.subject, body: written.body, by: author.actor,
            cause: .init(EmailCampaignListener.cause, campaign.id), key: "\(campaign.id)/\(id)")
        (draft.authorName, draft.template) = (author.name, written.template)
        draft.campaign = campaign.campaignID?.keyText
        draft.why = Saying("message.why_content", ["title": .text(campaign.name)])
        if let message = try outbox.offer(draft, in: tx) {
            try tx.emailRecipients.wait(for: message.id, to: id, of: campaign.id)
        } else {
            try tx.emailRecipients.leaveOut(id, of: campaign.id)
        }
        return nil
    }
}

/// The author of a campaign's mails: whoever has scheduled it.
private struct MailAuthor: Sendable {
    let actor: Actor
    let name: String?

    init(_ stored: JSON, in reader: some Queryable) throws {
        let kind = stored["type"]?.text.flatMap { Actor.Kind(rawValue: $0) }
        actor = kind.map { Actor($0, id: stored["id"]?.text ?? "") } ?? .system
        name = try actor.userID.flatMap { try User.resource.find($0, in: reader) }?.name
    }
}

/// Takes back what a campaign that was cancelled has not sent.
struct EmailCampaignStopJob: JobKind {
    struct Payload: Codable, Sendable { let campaign: ID<EmailCampaign> }

    static let kind = "email_campaign.stop"
    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await outbox.cancelAll(because: .mailingCancelled, job) { tx, limit in
            try tx.emailRecipients.waiting(of: payload.campaign, limit: limit)
        } end: { tx, id in
            try tx.emailRecipients.end(id)
        }
    }
}
