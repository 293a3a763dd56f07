internal import Database
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Tenancy

/// Those whom an e-mail campaign is for, some at a time.
struct MailRecipients: Sendable {
    /// Of leads that were put away.
    private static let putAway = "archived"
    /// Of records whose person gets it already.
    static let known = "same_person"
    /// Of people for whom the template could not be filled when their time came.
    static let unwritten = "cannot_be_written"
    /// Of people whom this campaign leaves out by chance.
    static let holdout = "holdout"
    /// Of people whom all that keeps in touch leaves out, for comparison.
    static let heldOut = "held_out"
    /// The name of what everybody gets where there are no variants.
    static let plain = "plain"

    let campaign: EmailCampaign
    let dependencies: MailingDependencies
    let messaging: MessagingDependencies

    /// A member of the segment, and the code of the reason why they do not get it.
    struct Person: Sendable {
        let contact: Contact?
        let code: String?
    }

    /// Returns the people behind a place, each judged, with the other contacts that they are, and the next place, where
    /// more may follow.
    func people(
        after place: String, limit: Int, in reader: Reader
    ) throws -> (people: [Person], kin: [ContactID: Set<ContactID>], next: String?) {
        guard let page = try dependencies.members(reader, campaign.segmentID, place, limit) else {
            return ([], [:], nil)
        }
        let ids = Set(page.members.compactMap(\.contact))
        let contacts = try Contact.resource.all(where: "id IN \(list: ids.map(\.text).sorted())", in: reader)
        let byID = Dictionary(contacts.map { ($0.id, $0) }) { first, _ in first }
        let tenant = try reader.agency.tenant()
        let lookup = try SendabilityLookup(of: contacts, .email, messaging, in: reader)
        let heldOut = try messaging.heldOut(reader, contacts, lookup.kin)
        let people = try page.members.map { member -> Person in
            guard let contact = member.contact.flatMap({ byID[$0] }) else {
                return Person(contact: nil, code: "no_address")
            }
            if member.isPutAway { return Person(contact: contact, code: Self.putAway) }
            let question = Sendability.Question(contact, .email, .marketing)
            let reasons = try Sendability(lasting: question, messaging, of: tenant, lookup, in: reader)
                .reasons
            let code = reasons.first?.code ?? (heldOut.contains(contact.id) ? Self.heldOut : nil)
            return Person(contact: contact, code: code)
        }
        return (people, lookup.kin, page.next)
    }

    /// The variant that somebody gets, by chance and always the same; `nil`: they get none.
    func variant(of contact: ContactID) -> String? {
        let share = Int((campaign.holdout * 1_000_000).rounded())
        let draw = StableChoice.place(
            of: contact, seed: "\(campaign.id)/holdout", weights: [share, 1_000_000 - share])
        guard share == 0 || draw == 1 else { return nil }
        let names = campaign.variants.list.map(\.name)
        guard !names.isEmpty else { return Self.plain }
        return names[
            StableChoice.place(
                of: contact, seed: campaign.id, weights: Array(repeating: 1, count: names.count))]
    }
}

/// The people that a campaign would reach, and why not the others.
struct MailPreview: Sendable {
    private static let page = 1000
    /// So many people are named for each reason.
    private static let namedMax = 10
    var members = 0, sendable = 0
    var excluded = Parts<ExcludedPeople>()
    /// The first of those who would not get it.
    var leftOut: [(code: String, contact: ContactID)] = []

    init(_ recipients: MailRecipients, in reader: Reader) throws {
        var place: String? = "", seen: Set<ContactID> = []
        while let after = place {
            let (people, kin, next) = try recipients.people(after: after, limit: Self.page, in: reader)
            for person in people {
                members += 1
                guard person.code == nil, let id = person.contact?.id else {
                    leaveOut(person.contact?.id, because: person.code ?? "no_address")
                    continue
                }
                let isKnown = seen.contains(id) || !(kin[id] ?? []).isDisjoint(with: seen)
                seen.insert(id)
                if isKnown {
                    leaveOut(id, because: MailRecipients.known)
                } else if recipients.variant(of: id) == nil {
                    leaveOut(id, because: MailRecipients.holdout)
                } else {
                    sendable += 1
                }
            }
            place = next
        }
    }

    private mutating func leaveOut(_ contact: ContactID?, because code: String) {
        excluded.add(code)
        guard let contact, leftOut.count(where: { $0.code == code }) < Self.namedMax else { return }
        leftOut.append((code: code, contact: contact))
    }
}
