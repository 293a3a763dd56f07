package import Database
package import Records
internal import Platform
internal import Runtime

/// What a person's word is about: being written to, or what is done with what is known of them.
package enum ConsentPurpose: String, Choice {
    case marketing, transactional, account
    /// Keeping what a file or an agent brings about them.
    case dataCollection = "data_collection"
    /// Adding what others know.
    case enrichment
    /// Concluding something about them: a score, a fit.
    case profiling

    init(_ purpose: Purpose) {
        switch purpose {
        case .marketing: self = .marketing
        case .transactional: self = .transactional
        case .account: self = .account
        }
    }

    /// Whether it is about being written to, which is said of a channel.
    var isSending: Bool {
        switch self {
        case .marketing, .transactional, .account: true
        case .dataCollection, .enrichment, .profiling: false
        }
    }

    /// As in: a person does not want …
    fileprivate var words: String {
        switch self {
        case .dataCollection: "their data collected"
        case .enrichment: "their data enriched"
        case .profiling: "to be profiled"
        default: "to be written to"
        }
    }

    /// What is refused, as a person reads it.
    package func refusal(isAsked: Bool) -> String {
        isAsked
            ? "The person does not want \(words)."
            : "The law of the agency's country asks for consent first, and the person has given none."
    }
}

/// Whether agencies of a country need a person's consent before they keep and evaluate business data of them: where
/// its law knows no legitimate interest, they do (docs/law.md has the sources).
private let consentBeforeProcessing: Set<String> = ["CN", "IN", "KR", "VN"]

extension Queryable {
    /// Those of some people with whose data agents must not do something, each with why: they have withdrawn their
    /// consent, or the law asks for one and there is none.
    package func unwilling(
        _ contacts: some Collection<ID<Contact>>, _ purpose: ConsentPurpose
    ) throws -> [ID<Contact>: String] {
        guard !contacts.isEmpty else { return [:] }
        var said: [ID<Contact>: Consent.Status] = [:]
        let consents = try Consent.resource.all(
            where: "contact_id IN \(list: contacts.map(\.text)) AND purpose = \(purpose.rawValue)",
            suffix: "ORDER BY given_at, id", in: self)
        for consent in consents { consent.contactID.map { said[$0] = consent.status } }
        let needsConsent = try consentBeforeProcessing.contains(ownTenant().country ?? "")
        var unwilling: [ID<Contact>: String] = [:]
        for contact in contacts {
            switch said[contact] {
            case .withdrawn: unwilling[contact] = purpose.refusal(isAsked: true)
            case nil where needsConsent: unwilling[contact] = purpose.refusal(isAsked: false)
            case nil, .granted: break
            }
        }
        return unwilling
    }

    /// Whether somebody has ever said that they do not want something done with their data.
    package func anybodyHasWithdrawn(_ purpose: ConsentPurpose) throws -> Bool {
        try exists(anyWithdrawal, [tenant.sqlValue, purpose.rawValue.sqlValue])
    }

    /// Throws the fault of a row that would add something to a person who does not want that.
    package func requireCollectible(_ contact: ID<Contact>, at pointer: String) throws {
        let last = try Consent.resource.first(
            where: "contact_id = \(contact) AND purpose = \(ConsentPurpose.dataCollection.rawValue)",
            suffix: "ORDER BY given_at DESC, id DESC LIMIT 1", in: self)
        guard last?.status == .withdrawn else { return }
        throw Problem(faults: [
            Fault(pointer, "no_consent", ConsentPurpose.dataCollection.refusal(isAsked: true))
        ])
    }
}

private let anyWithdrawal = Statement(
    "SELECT 1 FROM consents WHERE tenant_id = $1 AND purpose = $2 AND status = 'withdrawn' LIMIT 1")
