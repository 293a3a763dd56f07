internal import Database
package import Nouns
internal import Records
internal import Tenancy

/// The purpose of a consent: being written to, or the use of personal data.
package enum ConsentPurpose: String, Choice {
    case marketing, transactional, account
    /// Storing what a file or an agent brings in about the person.
    case dataCollection = "data_collection"
    /// Adding data about the person from other sources.
    case enrichment
    /// Drawing conclusions about the person, such as a score.
    case profiling
    /// Being found again by advertisements, at services that are told a digest of the address.
    case retargeting

    init(_ purpose: Purpose) {
        switch purpose {
        case .marketing: self = .marketing
        case .transactional: self = .transactional
        case .account: self = .account
        }
    }

    /// Whether the purpose is being written to, for which a consent names a channel.
    var isSending: Bool {
        switch self {
        case .marketing, .transactional, .account: true
        case .dataCollection, .enrichment, .profiling, .retargeting: false
        }
    }

    /// The purpose, as it completes "The person does not want …".
    fileprivate var words: String {
        switch self {
        case .dataCollection: "their data collected"
        case .enrichment: "their data enriched"
        case .profiling: "to be profiled"
        case .retargeting: "to be found again by advertisements"
        default: "to be written to"
        }
    }

    /// Returns the reason for a refusal, for people to read.
    package func refusal(isAsked: Bool) -> String {
        isAsked
            ? "The person does not want \(words)."
            : "The law of the agency's country asks for consent first, and the person has given none."
    }
}

/// The countries where data about a person may be kept and evaluated only with their consent, since the law knows no
/// legitimate interest (docs/law.md has the sources).
private let consentBeforeProcessing: Set<String> = ["CN", "IN", "KR", "VN"]

extension ConsentStore {
    /// Returns those of the given people whose data agents must not use for the purpose, each with the reason: they
    /// have withdrawn their consent, or the law requires a consent and there is none.
    package func unwilling(
        _ contacts: some Collection<ContactID>, _ purpose: ConsentPurpose
    ) throws -> [ContactID: String] {
        guard !contacts.isEmpty else { return [:] }
        var said: [ContactID: Consent.Status] = [:]
        let consents = try Consent.resource.all(
            where: "contact_id IN \(list: contacts.map(\.text)) AND purpose = \(purpose.rawValue)",
            suffix: "ORDER BY given_at, id", in: tx)
        for consent in consents { consent.contactID.map { said[$0] = consent.status } }
        let needsConsent = try consentBeforeProcessing.contains(tx.agency.tenant().country ?? "")
        var unwilling: [ContactID: String] = [:]
        for contact in contacts {
            switch said[contact] {
            case .withdrawn: unwilling[contact] = purpose.refusal(isAsked: true)
            case nil where needsConsent: unwilling[contact] = purpose.refusal(isAsked: false)
            case nil, .granted: break
            }
        }
        return unwilling
    }

    /// Returns those of the given people whose last word about a use of their data is that they agree to it.
    package func agreeing(
        _ contacts: some Collection<ContactID>, to purpose: ConsentPurpose
    ) throws -> Set<ContactID> {
        guard !contacts.isEmpty else { return [] }
        var agree: [ContactID: Bool] = [:]
        let consents = try Consent.resource.all(
            where: "contact_id IN \(list: contacts.map(\.text)) AND purpose = \(purpose.rawValue)",
            suffix: "ORDER BY given_at, id", in: tx)
        for consent in consents {
            guard let contact = consent.contactID else { continue }
            agree[contact] = consent.status == .granted && consent.basis == .consent
        }
        return Set(agree.filter(\.value).keys)
    }

    /// Returns whether any person has ever refused a use of their data.
    package func anybodyHasWithdrawn(_ purpose: ConsentPurpose) throws -> Bool {
        try tx.exists(anyWithdrawal, [tx.tenant.sqlValue, purpose.rawValue.sqlValue])
    }

    /// Throws the fault of a row that would add data to a person who does not want it collected.
    package func requireCollectible(_ contact: ContactID, at pointer: String) throws {
        let last = try Consent.resource.first(
            where: "contact_id = \(contact) AND purpose = \(ConsentPurpose.dataCollection.rawValue)",
            suffix: "ORDER BY given_at DESC, id DESC LIMIT 1", in: tx)
        guard last?.status == .withdrawn else { return }
        throw Problem(faults: [
            Fault(pointer, "no_consent", ConsentPurpose.dataCollection.refusal(isAsked: true))
        ])
    }
}

private let anyWithdrawal = Statement(
    "SELECT 1 FROM consents WHERE tenant_id = $1 AND purpose = $2 AND status = 'withdrawn' LIMIT 1")
