internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// A credit that an agency grants a client on its next invoices, say for a referral: one row of `credits`.
package struct ServiceCredit: ManagedRecord {
    package var head = Head<ServiceCredit>()
    package var clientID = ClientID.unset
    package var amount = Money.none
    package var rest = Money.none
    package var reason = ""
    package var expiresOn: CivilDate?
    package var revokedAt: Instant?

    package init() {}

    package static let idPrefix = "credit", noun = "credit"
    package static let resource = Resource<ServiceCredit>(
        "credits", named: "ServiceCredit",
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .money(
                "amount", \.amount, .required, .writeOnce, .about("The amount that the client is credited.")),
            .money("rest", \.rest, .readOnly, .about("How much of the credit no invoice has used yet.")),
            .text(
                "reason", \.reason, max: 500, .required, .about("The reason, as the invoice shows it."),
                .example("Referral of Example GmbH")),
            .date(
                "expires_on", \.expiresOn, .filterable,
                .about("The last day on which an invoice uses the credit.")),
            .instant(
                "revoked_at", \.revokedAt, .readOnly, .added(in: 1040),
                .about("When what was left of the credit was taken back.")),
        ])

    package mutating func prepare(replacing old: ServiceCredit?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        try amount.check(tx.agency.tenant().currency)
        rest = amount
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        guard rest == amount else {
            throw Problem(.conflict, "The credit is used on an invoice already: let it expire instead.")
        }
    }
}

extension Money {
    /// An amount that somebody gives: something, in the agency's currency.
    func check(_ currency: String, at pointer: String = "/amount") throws(Problem) {
        if self.currency != currency {
            throw Problem(faults: [
                Fault(
                    "\(pointer)/currency", "invalid_currency",
                    "The currency must be \(currency), the agency's currency.")
            ])
        }
        if amount < 1 {
            throw Problem(faults: [
                Fault("\(pointer)/amount", "out_of_range", "\(pointer.pointedMember) must be at least 1.")
            ])
        }
    }
}

/// Credits of clients: `tx.serviceCredits`.
package struct ServiceCreditStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var serviceCredits: ServiceCreditStore<Self> { ServiceCreditStore(tx: self) }
}

extension ServiceCreditStore where Base == Transaction {
    /// Takes a client's credits off a draft, those that expire first before others, down to nothing.
    func apply(to draft: inout Invoice, on today: CivilDate) throws {
        var left = draft.items.list.reduce(Int64(0)) { $0 + ($1.amount ?? 0) }
        let credits = try ServiceCredit.resource.all(
            where: """
                client_id = \(draft.clientID) AND rest_amount > 0 AND revoked_at IS NULL AND (expires_on IS NULL OR expires_on >= \(today.iso))
                """,
            suffix: "ORDER BY CASE WHEN expires_on IS NULL THEN 1 ELSE 0 END, expires_on, id LIMIT 200",
            in: tx)
        for credit in credits where left > 0 {
            let taken = min(left, credit.rest.amount)
            left -= taken
            draft.credits.list.append(CreditLine(credit, taken))
            try change(credit, by: -taken)
        }
    }

    /// Gives back what a void invoice had taken.
    func giveBack(of invoice: Invoice) throws {
        for line in invoice.credits.list {
            guard let id = line.creditID, let credit = try ServiceCredit.resource.find(id, in: tx),
                credit.revokedAt == nil
            else { continue }
            try change(credit, by: min(line.amount.amount, credit.amount.amount - credit.rest.amount))
        }
    }

    /// Takes back what no invoice has used of a credit.
    package func revoke(_ id: ID<ServiceCredit>) throws {
        guard let old = try ServiceCredit.resource.find(id, in: tx), old.revokedAt == nil else { return }
        var credit = old
        (credit.rest.amount, credit.revokedAt) = (0, tx.now)
        try tx.update(old, to: &credit, by: .system, action: "credit.revoked")
    }

    private func change(_ old: ServiceCredit, by amount: Int64) throws {
        var credit = old
        credit.rest.amount += amount
        try tx.update(old, to: &credit, by: .system)
    }
}
