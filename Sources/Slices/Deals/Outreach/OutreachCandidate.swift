internal import Agents
internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates

/// Whether a lead is written to, and why.
struct OutreachCandidate: Sendable {
    let lead: LeadFacts
    let contact: Contact?
    /// Why it is left alone.
    let refusal: String?
    private let capacity: OutreachCapacity

    /// Reasons that end without anything being done about this lead, so that a sequence may begin: the outbox holds its
    /// mails until then.
    private static let passing: Set<String> = ["quiet_hours", "daily_cap", "spacing", "brake"]

    static let words = [
        "no_address": "They have no address.",
        "risky_address": "The address is a throw-away one, nobody's in particular, or mail to it may bounce.",
        "enrolled_before": "They are, or were, in a sequence.",
        "daily_cap": "The day's messages are used up, or promised.",
        "no_sequence": "There is no sequence for outreach that is active.",
        "tight_capacity":
            "The next weeks are nearly full: nobody new is written to once half the day's messages are used.",
        "over_capacity": "The next weeks are fuller than people have hours: nobody new is written to.",
    ]

    init(
        _ lead: LeadFacts, _ sequence: MessageSequence, _ messaging: MessagingDependencies,
        _ capacity: OutreachCapacity, in reader: some Queryable
    ) throws {
        (self.lead, self.capacity) = (lead, capacity)
        contact = try lead.contact.flatMap { try Contact.resource.find($0, in: reader) }
        guard let contact, let address = contact.email.flatMap({ EmailAddress($0) }) else {
            refusal = "no_address"
            return
        }
        if address.isRole || address.isDisposable || contact.emailStatus == .risky {
            refusal = "risky_address"
        } else if try reader.outreach.wasEnrolled(lead.id, contact.id, sequence.id) {
            refusal = "enrolled_before"
        } else {
            let sendability = try Sendability(.init(contact, .email, sequence.purpose), messaging, in: reader)
            refusal = sendability.reasons.first { !Self.passing.contains($0.code) }?.code
        }
    }

    var confidence: Double { lead.score.map { Double($0) / 100 } ?? 0.5 }

    /// The reason that is written under each of its mails, for people.
    var why: Saying {
        Saying(
            "message.why_qualified",
            [
                "company": .text(lead.company), "has_score": .flag(lead.score != nil),
                "score": .number(lead.score ?? 0),
            ])
    }

    var facts: JSON {
        [
            "id": JSON(lead.id), "status": .string(lead.status), "score": JSON(lead.score),
            "industry": JSON(lead.industry), "country": JSON(lead.country),
            "contact_id": JSON(lead.contact), "capacity": .string(capacity.name),
        ]
    }

    var factors: JSON {
        func factor(
            _ name: String, _ value: JSON, _ weight: Double, _ contribution: Double, _ evidence: Saying
        ) -> JSON {
            let factor: JSON = [
                "name": .string(name), "value": value, "weight": .number(weight),
                "contribution": .number(contribution),
            ]
            return factor.saying("evidence", evidence)
        }
        let known = lead.painPoints.count
        var all = [
            factor("status", .string(lead.status), 40, 40, Saying("evidence.qualified")),
            factor(
                "score", JSON(lead.score), 40, 40 * confidence,
                lead.score.map { Saying("evidence.score", ["score": .number($0)]) }
                    ?? Saying("evidence.no_score")),
            factor("address", "personal", 10, 10, Saying("evidence.personal_address")),
            factor(
                "what is known", JSON(known), 10, Double(min(known, 2)) * 5,
                Saying("evidence.mail_subject", ["known": .flag(known > 0)])),
        ]
        if let evidence = capacity.evidence {
            all.append(factor("capacity", .string(capacity.name), 0, 0, evidence))
        }
        return .array(all)
    }
}

extension OutreachStore {
    fileprivate func wasEnrolled(
        _ lead: LeadID, _ contact: ContactID, _ sequence: ID<MessageSequence>
    ) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND (lead_id = \(lead) OR contact_id = \(contact))
                AND (sequence_id = \(sequence) OR status IN ('active', 'paused') AND NOT EXISTS (
                    SELECT 1 FROM sequences s
                    WHERE s.tenant_id = enrollments.tenant_id AND s.id = enrollments.sequence_id
                        AND s.key IS NOT NULL AND s.kind = 'nurture'))
            """)
    }
}
