internal import Agents
package import Database
internal import JSON
package import Nouns
package import Records
internal import Telemetry

/// An address of the agency's to which people write for help: mails to it become tickets. One row of
/// `support_addresses`.
package struct SupportAddress: ManagedRecord {
    package enum Status: String, Choice { case active, off }

    package var head = Head<SupportAddress>()
    package var name = ""
    package var status = Status.active
    package var address = ""
    package var category: String?
    package var priority: Ticket.Priority?
    package var teamID: TeamID?
    package var acknowledges = true

    package init() {}

    package static let idPrefix = "saddr", noun = "support_address"
    package static let writing: Permission = "support_addresses:write"
    package static let resource = Resource<SupportAddress>(
        "support_addresses", named: "SupportAddress", rule: .everyone,
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .example("Billing"),
                .about("The name that clients see.")),
            .choice("status", \.status, .standard("active"), .filterable),
            .email(
                "address", \.address, .required, .filterable, .example("billing@agency.example"),
                .about("The address that clients write to.")),
            .text(
                "category", \.category, max: 60,
                .about("The category of the address's tickets; set by triage where it is empty.")),
            .choice(
                "priority", \.priority,
                .about("The priority of the address's tickets; set by triage where it is empty.")),
            .id(
                "team_id", \.teamID,
                .about("The team that gets the address's tickets; set by routing where it is empty.")),
            .boolean(
                "acknowledges", \.acknowledges, .standard(true),
                .about("Whether the sender gets a mail that confirms the receipt.")),
        ])

    package func prepare(replacing old: SupportAddress?, by actor: Actor, in tx: Transaction) throws {
        if old?.address != address,
            try tx.exists(
                """
                SELECT 1 FROM support_addresses
                WHERE tenant_id = \(tx.tenant) AND address = \(address) AND id <> \(id)
                """)
        {
            throw Problem(.alreadyExists, "The support address already exists: use the existing one.")
        }
    }
}

extension TicketThreadStore {
    /// The support address that a mail came to; what stands behind a plus belongs to nobody.
    func supportAddress(_ recipient: String?) throws -> SupportAddress? {
        guard let recipient = recipient?.lowercased(), let at = recipient.lastIndex(of: "@") else {
            return nil
        }
        let local = recipient[..<at].prefix { $0 != "+" }
        return try SupportAddress.resource.first(
            where: "address = \(String(local + recipient[at...])) AND status = 'active'", suffix: "LIMIT 1",
            in: tx)
    }
}
