package import Database
internal import JSON
internal import Messaging
internal import Platform
package import Records
internal import Runtime
package import Telemetry

/// An address of the agency's to which people write for help: mails to it become tickets. One row of
/// `support_addresses`.
package struct SupportAddress: ManagedRecord {
    package enum Status: String, Choice { case active, off }

    package var id = ID<SupportAddress>.unset
    package var row: Int64 = 0
    package var version = 1
    package var createdAt = Instant(seconds: 0)
    package var updatedAt = Instant(seconds: 0)
    package var name = ""
    package var status = Status.active
    package var address = ""
    package var category: String?
    package var priority: Ticket.Priority?
    package var teamID: ID<Team>?
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
            .text("category", \.category, max: 60, .about("What mails to it are about; else triage says.")),
            .choice("priority", \.priority, .about("What its tickets begin with; else triage says.")),
            .id("team_id", \.teamID, .about("Who gets them; else routing says.")),
            .boolean(
                "acknowledges", \.acknowledges, .standard(true),
                .about("Whether whoever writes gets a mail that it has come.")),
        ])

    package func prepare(replacing old: SupportAddress?, by actor: Actor, in tx: Transaction) throws {
        if old?.address != address,
            try tx.exists(
                """
                SELECT 1 FROM support_addresses
                WHERE tenant_id = \(tx.tenant) AND address = \(address) AND id <> \(id)
                """)
        {
            throw Problem(.alreadyExists, "The address is there already.")
        }
    }
}

extension Queryable {
    /// The support address that a mail came to; what stands behind a plus belongs to nobody.
    func supportAddress(_ recipient: String?) throws -> SupportAddress? {
        guard let recipient = recipient?.lowercased(), let at = recipient.lastIndex(of: "@") else {
            return nil
        }
        let local = recipient[..<at].prefix { $0 != "+" }
        return try SupportAddress.resource.first(
            where: "address = \(String(local + recipient[at...])) AND status = 'active'", suffix: "LIMIT 1",
            in: self)
    }
}
