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
internal import Wording

/// Writes to clients when a milestone of their campaign has come, a trigger was met, a target is reached, a channel
/// could do with more of the budget or it is over, where the agency wants that: through the one gate, once each, and
/// with the figures that are recorded.
struct CampaignWords {
    let dependencies: CampaignDependencies
    let outbox: Outbox
    let settings: CampaignManagerSettings

    /// Answers how many messages there are now that were not there. A page of campaigns is a transaction of its own.
    func write(_ run: AgentRun) async throws -> Int {
        let kinds = Set(settings.tellsClients.compactMap { CampaignOccasion.Kind(rawValue: $0) })
        guard !kinds.isEmpty else { return 0 }
        var count = 0, place: CampaignID?
        repeat {
            let after = place
            let page = try await run.write { tx in try writePage(kinds, after: after, run, in: tx) }
            count += page.count
            place = page.next
        } while place != nil
        return count
    }

    private func writePage(
        _ kinds: Set<CampaignOccasion.Kind>, after place: CampaignID?, _ run: AgentRun, in tx: Transaction
    ) throws -> (count: Int, next: CampaignID?) {
        let page = try tx.campaignTelling.occasions(kinds, after: place, dependencies)
        var count = 0
        for occasion in page.found where try !isWritten(occasion, in: tx) {
            if try write(of: occasion, run, in: tx) { count += 1 }
        }
        return (count, page.next)
    }

    /// The time for which what comes once a month is not said again, also where another month has begun.
    private static let monthDays = 30

    private func isWritten(_ occasion: CampaignOccasion, in tx: Transaction) throws -> Bool {
        var recent = [occasion]
        if occasion.kind == .opportunity {
            let today = try tx.campaignSpending.today()
            // The whole time may reach over a February: its end lies in that month then.
            recent += [Self.monthDays - 2, Self.monthDays].map { days in
                CampaignOccasion(
                    occasion.kind, occasion.campaign, name: occasion.name,
                    detail: String(today.adding(days: -days).iso.prefix(7)))
            }
        }
        let keys = recent.map { "\(Self.cause)/\($0.key)" }
        let since = tx.now - .seconds(Int64(Self.monthDays) * 86_400)
        return try tx.exists(
            """
            SELECT 1 FROM messages
            WHERE tenant_id = \(tx.tenant) AND send_key IN \(list: keys)
                AND (send_key = \(keys[0]) OR created_at > \(since))
            """)
    }

    private static let cause = "campaign_word"

    private func write(of occasion: CampaignOccasion, _ run: AgentRun, in tx: Transaction) throws -> Bool {
        guard let campaign = try Campaign.resource.find(occasion.campaign, in: tx),
            let client = campaign.clientID, let addressee = try dependencies.addressee(tx, client),
            var contact = try tx.contacts.addressee(
                addressee.contact, email: addressee.email, named: addressee.name)
        else { return false }
        contact.clientID = client
        guard let channel = try outbox.channels.wayTo(contact, .transactional, in: tx) else { return false }
        let locale = try contact.locale ?? tx.agency.tenant().locale
        let words = try tx.wordings.find(locale)
        let telling = try CampaignTelling(CampaignRecords(of: campaign, dependencies, in: tx), in: tx)
        let said = occasion.said(telling, words)
        let decision = try tx.decisions.conclude(
            for: CampaignManagerAgent.agent, on: "word/\(occasion.key)", campaign.subject,
            occasion.conclusion, under: run.configuration.version)
        let worded = try outbox.write(
            StandardText(.campaignWord), to: contact, in: locale, client: client,
            [
                "campaign": telling.values(
                    words, topic: occasion.kind.rawValue, subject: said.subject, text: said.text)
            ], in: tx)
        var draft = MessageDraft(
            channel, to: contact, .transactional, subject: channel == .email ? worded.subject : nil,
            body: worded.body, by: .agent(CampaignManagerAgent.agent),
            cause: .init(Self.cause, campaign.id), key: occasion.key)
        (draft.run, draft.decision, draft.template) = (.agent(run.id), decision.id, worded.template)
        (draft.topic, draft.campaign) = ("campaign_\(occasion.kind.rawValue)", "\(campaign.id)")
        draft.sources = .array(telling.sources(of: occasion).map(\.json))
        draft.why = MessageWhy.campaignWord.saying(campaign.name)
        return try outbox.offer(draft, in: tx) != nil
    }
}
