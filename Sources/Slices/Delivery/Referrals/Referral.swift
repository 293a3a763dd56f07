internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry

/// Somebody who was named to the agency by a client or a contact: one row of `referrals`. It changes with what becomes
/// of the lead that it has brought.
package struct Referral: ManagedRecord {
    package enum Source: String, Choice { case portal, link, form, manual }
    package enum Status: String, Choice { case registered, qualified, won, lost, rejected }

    package var head = Head<Referral>()
    package var referrer = Referrer()
    package var referred: ReferredPerson?
    package var source = Source.manual
    package var status = Status.registered
    package var leadID: LeadID?
    package var clientID: ClientID?
    package var reward = ReferralReward()
    package var rewardedAt: Instant?
    package var succeededAt: Instant?
    /// The contact who is thanked.
    package var thanked: ContactID?
    /// The address in lower case: nobody is referred twice.
    package var referredKey: String?
    /// The referred client's first paid invoice, which decides on the reward.
    package var firstInvoice: InvoiceID?

    package init() {}

    package static let idPrefix = "ref", noun = "referral"
    package static let resource = Resource<Referral>(
        "referrals", named: "Referral",
        console: ConsoleForm(
            title: "source", columns: ["client_id", "lead_id", "status", "source", "created_at"],
            form: ["referrer", "referred", "source"], filters: ["status", "source"]),
        [
            .part(
                "referrer", \.referrer, .required, .writeOnce, .about("The client or the contact who refers.")
            ),
            .part(
                "referred", \.referred, .writeOnce, .personal,
                .about("The person who was named, which has to be given; nothing is sent to them by itself.")),
            .choice(
                "source", \.source, .standard("manual"), .writeOnce, .filterable,
                .about("How the agency got to know of it.")),
            .choice(
                "status", \.status, .readOnly, .filterable, .about("The status of the referred person.")),
            .id(
                "lead_id", \.leadID, .readOnly, .filterable, .about("The lead that the referral has brought.")
            ),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client who refers, or whose contact does.")),
            .part("reward", \.reward, .readOnly, .about("The client's reward for it.")),
            .instant(
                "rewarded_at", \.rewardedAt, .readOnly, .filterable, .about("When the reward was granted.")),
            .instant(
                "succeeded_at", \.succeededAt, .readOnly,
                .about("When the referred client first reached something, for which the referrer is thanked.")
            ),
            .id("thanked", \.thanked, .secret),
            .text("referred_key", \.referredKey, max: 300, .secret, .erased),
            .text("first_invoice", \.firstInvoice, max: 64, .secret),
        ])

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard reward.status != .granted else {
            throw Problem(
                .conflict, "The referral's reward was granted: it has to be kept as long as the credit.")
        }
    }

    /// The payload of its events.
    var payload: JSON {
        [
            "client_id": JSON(clientID), "lead_id": JSON(leadID), "status": .string(status.rawValue),
            "reward": .string(reward.status.rawValue),
        ]
    }
}

/// The client or the contact who refers somebody.
package struct Referrer: Part {
    package enum Kind: String, Choice { case client, contact }
    package var type = Kind.client
    package var id = ""

    package init() {}
    package init(_ client: ClientID) { (type, id) = (.client, "\(client)") }
    package init(_ contact: ContactID) { (type, id) = (.contact, "\(contact)") }

    /// `nil` for a contact, and for what is no client's id.
    package var clientID: ClientID? { type == .client ? ClientID(id) : nil }
    /// `nil` for a client, and for what is no contact's id.
    package var contactID: ContactID? { type == .contact ? ContactID(id) : nil }

    package static let schema = Schema<Referrer>(
        "Referrer",
        [
            .choice("type", \.type, .required, .about("Whether a client or a contact refers.")),
            .text(
                "id", \.id, max: 64, .required, .about("The id of the client or the contact."),
                .example("client_01jd8v6z3m9q4t7x2b5n8c1f0g")),
        ])
}

/// The person whom somebody has named.
package struct ReferredPerson: Part {
    package var name = ""
    package var email = ""
    package var company: String?

    package init() {}
    package static let schema = Schema<ReferredPerson>(
        "ReferredPerson",
        [
            .text("name", \.name, max: 200, .required, .example("Nora New")),
            .email("email", \.email, .required, .example("nora@new.example")),
            .text("company", \.company, max: 300, .line, .example("New Ltd")),
        ])
}

/// The reward of a client for a referral.
package struct ReferralReward: Part {
    package enum Status: String, Choice { case none, pending, granted, revoked }
    package var status = Status.none
    package var creditID: ID<GrantedCredit>?
    package var amount: Money?

    package init() {}
    package static let schema = Schema<ReferralReward>(
        "ReferralReward",
        [
            .choice("status", \.status, .about("pending until the referred client has paid an invoice.")),
            .id("credit_id", \.creditID, .about("The credit, once it is granted.")),
            .money("amount", \.amount, .about("The amount that was promised.")),
        ])
}
