internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Tenancy

/// The agency's own offers: a text that tells of one tells what is valid today for its reader's stage, in their
/// language, and is silent where there is none.
struct OfferEvidence: TextEvidence {
    let dependencies: NurtureDependencies

    let name = "offer"

    func find(for contact: Contact, lead: JSONObject?, in reader: any Queryable) throws -> JSON? {
        try find(for: contact, in: reader.reading)
    }

    private func find(for contact: Contact, in reader: some Queryable) throws -> JSON? {
        let tenant = try reader.agency.tenant(), today = tenant.zone.local(of: reader.now).date
        let locale = contact.locale ?? tenant.locale
        // Offers that end first are told first.
        let valid = try SpecialOffer.resource.all(
            where: "enabled = 1 AND valid_from <= \(today.iso) AND valid_until >= \(today.iso)",
            suffix: "ORDER BY valid_until, id LIMIT 50", in: reader
        ).filter { $0.said(in: locale) != nil }
        guard !valid.isEmpty, let stage = try stage(of: contact, in: reader),
            let offer = valid.first(where: { $0.isTold(on: today, in: stage) }),
            let said = offer.said(in: locale)
        else { return nil }
        return [
            "title": .string(said.title), "text": .string(said.text), "url": JSON(offer.url),
            "valid_until": .string(offer.validUntil.iso),
            "source": offer.subject.json.merging(["until": .string(offer.end(in: tenant.zone).description)]),
        ]
    }

    /// The stage of whoever is not a client yet.
    private func stage(of contact: Contact, in reader: some Queryable) throws -> String? {
        for id in try reader.nurture.leads(of: contact.id) {
            guard let lead = try dependencies.lead(reader, id), !lead.isWon, !lead.isArchived else {
                continue
            }
            return lead.stage
        }
        return nil
    }
}

/// Takes back the messages that tell of an offer, and have not left by its end.
struct OfferEndJob: JobKind {
    struct Payload: Codable, Sendable { let offer: ID<SpecialOffer> }

    static let kind = "special_offer.end"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let offer = try SpecialOffer.resource.find(payload.offer, in: tx),
                try offer.validUntil < tx.agency.tenant().zone.local(of: tx.now).date
            else { return }
            try tx.enrollments.withdrawTold(of: offer.subject)
        }
    }
}
