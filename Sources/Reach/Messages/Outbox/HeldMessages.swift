internal import Addresses
internal import ChangeSets
package import Database
package import Jobs
package import Nouns
internal import Records
internal import Tenancy

/// Lets messages be looked at again when something that held them may have gone: settings, a brake, a suppression.
package struct HeldMessages: EventConsumer {
    package init() {}

    package func begin(_ runtime: Runtime) {}

    /// As what a message waits that was not taken, until it is tried again.
    static let retrying = "retrying"

    private static let moment = [UnsuitableMoment.code]

    private static let releases: [String: [String]] = [
        "tenant.updated": [
            "missing_postal_address", "missing_sender", "quiet_hours", "daily_cap", FrequencyCap.code,
            "no_consent",
            "domain_stopped",
            "warm_up", "missing_unsubscribe_list", "campaign_under_way", "in_sequence",
        ],
        "alert.resolved": ["missing_unsubscribe_list"],
        "integration.created": ["no_provider", "quota_exhausted", "quota_near", "circuit_open", retrying],
        "integration.updated": ["no_provider", "quota_exhausted", "quota_near", "circuit_open", retrying],
        // Only one went to see; the others need not wait until it would have been given up.
        "integration.circuit_closed": ["circuit_open", retrying],
        "conversation.released": ["locked"],
        "suppression.deleted": ["suppressed", "unsubscribed"],
        "consent.created": ["no_consent", "unsubscribed", Sendability.onlyReferred],
        "consent.updated": ["no_consent", "unsubscribed", Sendability.onlyReferred],
        "contact.updated": [
            "no_address", "no_consent", "outside_window", "quiet_hours", Sendability.undeliverable,
        ],
        "contact.preferences_stated": [FrequencyCap.code, Sendability.unwanted, "outside_window"],
        "record.released": [RecordHold.code],
        "brake.released": ["brake"], "enrollment.resumed": ["paused"], "sequence.resumed": ["paused"],
        "email_campaign.paused": ["campaign_under_way"], "email_campaign.cancelled": ["campaign_under_way"],
        "campaign.paused": ["campaign_under_way"], "campaign.completed": ["campaign_under_way"],
        "email_campaign.resumed": ["campaign_paused"], "campaign.active": ["campaign_paused"],
        "enrollment.exited": ["in_sequence"], "enrollment.finished": ["in_sequence"],
        "tool.updated": ["tool_disabled", "quota_exhausted"],
        "agent.updated": ["forbidden", "agent_stopped"],
        "budget.updated": ["budget_exhausted"], "budget.deleted": ["budget_exhausted"],
        "sending_domain.updated": ["domain_stopped", "warm_up", "daily_cap"],
        "sending_domain.deleted": ["domain_stopped", "warm_up"],
        "deal.updated": ["in_sales_process"], "deal.stage_changed": ["in_sales_process"],
        "deal.won": ["in_sales_process"], "deal.lost": ["in_sales_process"],
        "deal.deleted": ["in_sales_process"],
        "ticket.resolved": moment, "ticket.closed": moment, "ticket.updated": moment,
        "ticket.deleted": moment,
        "invoice.paid": moment, "invoice.voided": moment, "invoice.credited": moment,
    ]

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        guard let codes = Self.releases[event().type],
            try tx.exists(
                """
                SELECT 1 FROM messages
                WHERE tenant_id = \(tx.tenant) AND held_code IS NOT NULL AND held_code IN \(list: codes)
                """)
        else { return }
        try tx.jobs.enqueue(
            HeldMessagesJob.self, .init(codes: codes, after: nil),
            JobOptions(uniqueKey: codes.joined(separator: " "), uniqueness: .untilStarted))
    }
}

/// Lets messages be looked at again that waited for a better address.
struct HeldAddresses: AddressListener {
    func changed(_ addresses: [String], isGood: Bool, in tx: Transaction) throws {
        let code = Sendability.undeliverable
        guard isGood,
            try tx.exists(
                "SELECT 1 FROM messages WHERE tenant_id = \(tx.tenant) AND held_code = \(code) LIMIT 1")
        else { return }
        try tx.jobs.enqueue(
            HeldMessagesJob.self, .init(codes: [code], after: nil),
            JobOptions(uniqueKey: code, uniqueness: .untilStarted))
    }
}

struct HeldMessagesJob: JobKind {
    struct Payload: Codable, Sendable {
        let codes: [String]
        let after: MessageID?
    }

    static let kind = "message.release"
    private static let chunk = 200

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var isBusy = false
        // One code after the other: for several at once SQLite would walk all messages to find these in order.
        for code in payload.codes {
            var last = payload.after
            repeat {
                let after = last, chunk = Self.chunk
                let (next, met) = try await job.write { tx in
                    let held = try Message.resource.all(
                        where: "held_code = \(code) AND id > \(after ?? .unset)",
                        suffix: "ORDER BY id LIMIT \(chunk)", in: tx)
                    var met = false
                    for message in held where try !tx.heldMessages.lookAgain(at: message) { met = true }
                    return (held.count == chunk ? held.last?.id : nil, met)
                }
                (last, isBusy) = (next, isBusy || met)
            } while last != nil
        }
        // A message that is being looked at may just have been held for what is no more.
        if isBusy { throw JobSnooze(for: .seconds(1), waitingFor: "messages that are being looked at") }
    }
}

/// Messages that are held back: `tx.heldMessages`.
package struct HeldMessageStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var heldMessages: HeldMessageStore<Self> { HeldMessageStore(tx: self) }
}

extension HeldMessageStore where Base == Transaction {
    /// Asks every rule again, now. Answers false where that is being done already.
    @discardableResult
    func lookAgain(at message: Message) throws -> Bool {
        guard message.heldCode != "approval" else { return true }
        guard let id = try tx.jobs.live(MessageSendJob.self, uniqueKey: message.id) else {
            try tx.outbox.enqueueSend(message)
            return true
        }
        if try tx.jobs.find(id)?.state == .running { return false }
        try tx.jobs.hasten(id)
        return true
    }

    /// The lock on somebody is free, or they have written again: what waited for that is looked at again.
    package func lookAgain(at contact: ContactID, heldFor code: String) throws {
        let waiting = try Message.resource.all(
            where: "contact_id = \(contact) AND held_code = \(code)", suffix: "ORDER BY id LIMIT 20",
            in: tx)
        var isBusy = false
        for message in waiting where try !lookAgain(at: message) { isBusy = true }
        guard isBusy else { return }
        // Being looked at, it may just have been held for what is no more: it is asked again once it rests.
        try tx.jobs.enqueue(
            HeldMessagesJob.self, .init(codes: [code], after: nil),
            JobOptions(uniqueKey: code, uniqueness: .untilStarted))
    }
}
