internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// The answers to a form by which somebody names another person. Whoever names them is known by the address that they
/// have typed, which opens nothing: all that comes of it is theirs.
struct ReferralAnswers {
    static let required = ["email", "referred_name", "referred_email"]
    private static let prefix = "referred_"

    let email: EmailAddress, name: String
    /// Whom they name.
    let person: JSONObject
    /// The answers that are kept with the submission: the person named stands in their referral only.
    let own: JSONObject

    init(_ answers: JSONObject) throws(Problem) {
        let typed = answers["email"]?.text?.trimmed ?? ""
        guard let email = EmailAddress(typed) else {
            throw Problem(faults: [Fault("/email", "invalid_email", "email must be an address.")])
        }
        (self.email, name) = (email, answers["name"]?.text?.trimmed ?? typed)
        var person = JSONObject(), own = JSONObject()
        for (key, value) in answers.members {
            if key.hasPrefix(Self.prefix) {
                person.append(String(key.dropFirst(Self.prefix.count)), value)
            } else {
                own.append(key, value)
            }
        }
        (self.person, self.own) = (person, own)
    }

    /// Registers the referral, and returns the contact of whoever refers.
    func register(_ intake: ReferralIntake, in tx: Transaction) throws -> ContactID {
        let referrer = try referrer(in: tx)
        do {
            try intake.register(person, namedBy: referrer, in: tx)
        } catch let problem as Problem where !problem.faults.isEmpty {
            throw Problem(faults: problem.faults.map { Fault(Self.place($0.pointer), $0.code, $0.detail) })
        }
        return referrer
    }

    private func referrer(in tx: Transaction) throws -> ContactID {
        let known = try Contact.resource.first(
            where: "email = \(email.key)",
            suffix: "ORDER BY CASE WHEN client_id IS NULL THEN 1 ELSE 0 END, row LIMIT 1", in: tx)
        if let known = try known ?? tx.contacts.heir(of: email.key) { return known.id }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        (contact.name, contact.email, contact.tags) = (name, email.key, [Contact.unverifiedTag])
        try tx.create(&contact, by: .system)
        return contact.id
    }

    /// The field of the form at which a fault of the person named is.
    private static func place(_ pointer: String) -> String {
        "/\(prefix)\(pointer.split(separator: "/").last ?? "email")"
    }
}
