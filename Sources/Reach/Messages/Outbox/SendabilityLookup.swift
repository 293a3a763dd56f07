internal import ChangeSets
package import Database
package import Nouns
package import People
internal import Records

/// The answers to what the lasting rules of sendability ask about a person, looked up for many people at once. The
/// rules are the same: they look here first.
package struct SendabilityLookup: Sendable {
    let channel: Channel
    /// The addresses that were looked up, and those of them to which something is not sent.
    private let addresses: Set<String>
    private let suppressed: Set<String>
    let consents: [ContactID: Consent]
    let onlyReferred: Set<ContactID>
    let inSalesProcess: Set<ContactID>
    /// Those of whom bad data is to be mended first.
    let held: Set<ContactID>
    let stated: [ContactID: StatedPreferences]
    /// The other contacts of each of them who is several.
    package let kin: [ContactID: Set<ContactID>]

    /// Looks up what is known of people who may be advertised to. They alone may be asked about with it.
    package init(
        of contacts: [Contact], _ channel: Channel, _ dependencies: MessagingDependencies,
        in reader: some Queryable
    ) throws {
        let ids = contacts.map(\.id)
        self.channel = channel
        addresses = channel == .email ? Set(contacts.compactMap(\.email)) : []
        suppressed = try reader.consents.suppressed(of: addresses.sorted())
        consents = try reader.consents.find(of: ids, channel, for: .marketing)
        onlyReferred = try dependencies.onlyReferred(reader, contacts)
        inSalesProcess = try dependencies.inSalesProcess(reader, ids)
        held = Set(try reader.recordHolds.fields(of: ids, for: .sequences).keys)
        stated = try reader.preferences.stated(ids)
        kin = try dependencies.kin(reader, ids)
    }

    /// Returns whether it is known that everything may be sent to an address.
    func isUnsuppressed(_ address: String, on channel: Channel) -> Bool {
        channel == .email && addresses.contains(address) && !suppressed.contains(address)
    }
}
