internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// An address to which nothing is sent any more, or no marketing: one row of `suppressions`.
package struct Suppression: ManagedRecord {
    package enum Reason: String, Choice { case manual, unsubscribe, bounce, complaint }
    package enum Scope: String, Choice { case all, marketing }

    package var head = Head<Suppression>()
    package var channel = Channel.email
    package var address = ""
    package var reason = Reason.manual
    package var scope: Scope?
    package var note: String?
    package var messageID: MessageID?
    package var clientID: ClientID?

    package init() {}

    package static let idPrefix = "supp", noun = "suppression"
    package static let resource = Resource<Suppression>(
        "suppressions", named: "Suppression",
        personal: .kept("suppressions", because: "Without the address, they would be written to again."),
        console: ConsoleForm(
            title: "address",
            columns: ["channel", "reason", "created_at"],
            form: ["address", "channel", "reason", "note"]),
        [
            .choice("channel", \.channel, .standard("email"), .writeOnce, .filterable),
            .text(
                "address", \.address, max: 320, .required, .writeOnce, .personal, .filterable, .searchable,
                .about(
                    "The address that is suppressed: an email address, @domain for a whole domain, or a number in E.164."
                ),
                .example("jane@example.com")),
            .choice(
                "reason", \.reason, .standard("manual"), .writeOnce, .filterable,
                .about("Why nothing may be sent to the address.")),
            .choice(
                "scope", \.scope, .writeOnce, .filterable,
                .about(
                    "The messages that are suppressed; by default marketing alone for those who unsubscribed, and everything for other reasons."
                )),
            .text("note", \.note, max: 500),
            .id(
                "message_id", \.messageID, .readOnly,
                .about("The message that caused the suppression.")),
            .id("client_id", \.clientID, .filterable),
        ])

    /// The note of one that repeats another contact's, who was merged with the one whose address it is.
    static let mergeNote = "It holds for another address of the contact."
    /// Whether it holds by a merge alone, and ends with that.
    package var isOfMerge: Bool { note == Self.mergeNote }

    /// The scope in force: the one that is set, else marketing for an unsubscription and everything for other reasons.
    package var covers: Scope { scope ?? (reason == .unsubscribe ? .marketing : .all) }

    package mutating func derive() {
        address = Self.normal(address, channel)
        if scope == nil { scope = covers }
    }

    package mutating func prepare(replacing old: Suppression?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        derive()
        if channel == .email, !address.hasPrefix("@"), EmailAddress(address) == nil {
            throw Problem(
                faults: [
                    Fault(
                        "/address", "invalid_email",
                        "address must be an email address, such as jane@example.com.")
                ])
        }
        guard let known = try tx.consents.suppression(of: address, channel, scope: covers) else { return }
        guard known.isOfMerge, !isOfMerge else {
            throw Problem(.alreadyExists, "The address is suppressed already.")
        }
        // The person's own word outlasts the merge.
        try tx.delete(known, by: actor)
    }

    /// Returns the form that all spellings of one address share.
    package static func normal(_ address: String, _ channel: Channel) -> String {
        switch channel {
        case .email:
            address.trimmed.hasPrefix("@")
                ? address.trimmed.lowercased() : EmailAddress(address)?.key ?? address.trimmed.lowercased()
        case .whatsapp, .sms: PhoneNumber(address)?.e164 ?? address.trimmed
        default: address.trimmed
        }
    }

    /// Returns what a suppression of an address may stand under: the address itself, and its domain.
    fileprivate static func spellings(of address: String, _ channel: Channel) -> [String] {
        let address = normal(address, channel)
        guard channel == .email, let at = address.lastIndex(of: "@") else { return [address] }
        return [address, String(address[at...])]
    }
}

extension ConsentStore {
    func suppression(of address: String, _ channel: Channel, scope: Suppression.Scope) throws -> Suppression?
    {
        try Suppression.resource.first(
            where: """
                channel = \(channel.rawValue) AND address = \(address) AND scope = \(scope.rawValue)
                """, in: tx)
    }

    /// Returns those of some addresses of mail to which something is not sent, be it for their domain's sake.
    package func suppressed(of addresses: [String]) throws -> Set<String> {
        let spellings = addresses.map { (given: $0, all: Suppression.spellings(of: $0, .email)) }
        let known = Set(
            try tx.all(
                """
                SELECT DISTINCT address FROM suppressions
                WHERE tenant_id = \(tx.tenant) AND channel = 'email'
                    AND address IN \(list: Set(spellings.flatMap(\.all)).sorted())
                """
            ) { $0.text(0) })
        return Set(spellings.filter { !known.isDisjoint(with: $0.all) }.map(\.given))
    }

    /// Returns the suppressions that keep messages of a purpose from an address, the widest first.
    package func suppressions(
        of address: String, _ channel: Channel, for purpose: Purpose
    ) throws -> [Suppression] {
        let spellings = Suppression.spellings(of: address, channel)
        // Nearly no address has any, and two looks cost less than the lists below.
        let isKnown = try spellings.contains {
            try tx.exists(anySuppression, [tx.tenant.sqlValue, channel.rawValue.sqlValue, $0.sqlValue])
        }
        guard isKnown else { return [] }
        let scopes = purpose == .marketing ? ["all", "marketing"] : ["all"]
        return try Suppression.resource.all(
            where: """
                channel = \(channel.rawValue) AND address IN \(list: spellings) AND scope IN \(list: scopes)
                """, suffix: "ORDER BY scope, row LIMIT 10", in: tx)
    }
}

extension ConsentStore where Base == Transaction {
    /// Keeps an address away; nothing happens where it is kept away already. Answers whether it is new.
    @discardableResult
    package func suppress(
        _ address: String, _ channel: Channel, _ reason: Suppression.Reason, message: MessageID? = nil,
        note: String? = nil, scope: Suppression.Scope? = nil, by actor: Actor = .system
    ) throws -> Bool {
        var suppression = Suppression.new(id: tx.nextID(), now: tx.now)
        (suppression.channel, suppression.address) = (channel, address)
        (suppression.reason, suppression.messageID) = (reason, message)
        (suppression.note, suppression.scope) = (note, scope)
        suppression.derive()
        let (normal, covers) = (suppression.address, suppression.covers)
        if let known = try self.suppression(of: normal, channel, scope: covers),
            !known.isOfMerge || suppression.isOfMerge
        {
            return false
        }
        try tx.create(&suppression, by: actor)
        return true
    }
}

private let anySuppression = Statement(
    "SELECT 1 FROM suppressions WHERE tenant_id = $1 AND channel = $2 AND address = $3 LIMIT 1")
