package import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import People
internal import Records
package import Tenancy

extension Module {
    /// Whether mail to an address arrives: judged by itself, by the services that the agency has connected, and kept
    /// with the records that have it.
    package static let addresses = Module(
        "addresses", migrations: addressMigrations, sandboxTables: { addressSandboxTables },
        permissions: [.init("email_checks:write", for: .member, "Check email addresses.")],
        asks: [AddressDependencies.self],
        offers: [
            ModuleOffer(AddressedRecords.self) { _ in
                [AddressedRecords(noun: Contact.noun, table: Contact.resource.table)]
            },
            ModuleOffer((any RenewedAnswers).self) { parts in
                [RenewedChecks(checking: try AddressChecking(parts))]
            },
        ],
        seeding: Seeding(counter: addressesSeeded, seedAddresses),
        services: { parts in
            let lookups = parts.answers(AddressDependencies.self).lookups
            parts.add(EmailChecks(try parts[IntegrationServices.self], MailHosts(lookups)))
        },
        jobs: { registration, parts in
            let checking = try AddressChecking(parts)
            registration.add(CheckEmailTool())
            registration.add(AddressWatch(checking.records))
            registration.add(AddressCheckJob(checking: checking))
            registration.add(AddressBatchJob(checking: checking))
            registration.add(AddressAgainJob(checking: checking))
            registration.add(CheckedAddresses())
            registration.questions.addConnectors(of: [CheckEmailTool.name]) { reader in
                try reader.reading.integrations.all(for: .emailVerification).map(\.id)
            }
        },
        routes: { routes, parts, _ in emailCheckRoutes(&routes, try AddressChecking(parts)) })
}

/// The questions that checks of addresses ask of the executable.
package struct AddressDependencies: Asking {
    /// The lookups in the domain name system.
    @ModuleNeed("the domain name system", for: "checks of addresses")
    package var lookups: DomainLookups

    package init() {}
}

extension AddressChecking {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(
            checks: try parts[EmailChecks.self],
            records: try parts.composition.offers(of: AddressedRecords.self, parts),
            listeners: try parts.composition.offers(of: (any AddressListener).self, parts))
    }
}

private let addressesSeeded = "addresses.seeded"

/// Begins with what comes in from now on: nobody wants the addresses of all records that are there checked unasked.
@Sendable private func seedAddresses(_ tx: Transaction) throws {
    guard try tx.counters.find(addressesSeeded) == 0 else { return }
    try tx.counters.count(addressesSeeded, 1)
    try tx.addresses.setMark(AddressCheckJob.place, to: "\(try tx.events.lastRow())")
}

/// The answers of services about people's addresses.
private struct CheckedAddresses: PersonalData {
    let name = "email_checks"

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let addresses = words.addresses.sorted()
        let keys = addresses.map { EmailAddress($0)?.key ?? $0.lowercased() }
        return try tx.keptAnswers.forget(EmailChecks.kind, keys) + tx.addresses.awaitNoMore(addresses)
    }
}
