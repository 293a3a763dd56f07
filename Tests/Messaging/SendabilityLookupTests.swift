import Agents
import ChangeSets
import Database
import JSON
import Jobs
import Nouns
import Records
import RuntimeTesting
import Telemetry
import Testing
@testable import Messages
@testable import People
@testable import Tenancy

/// A contact who is asked about among many gets the answer that they get alone.
@Suite struct SendabilityLookupTests {
    /// Of each, what the lasting rules say with a look-up for all of them, and without one.
    private func answers(
        _ rig: MessagingRig, _ contacts: [Contact], _ dependencies: MessagingDependencies,
        _ content: Preference.Content
    ) throws -> [(together: [Reason], alone: [Reason])] {
        try rig.test.read { reader in
            let contacts = try contacts.map { try Contact.resource.get($0.id, in: reader) }
            let tenant = try reader.agency.tenant()
            let lookup = try SendabilityLookup(of: contacts, .email, dependencies, in: reader)
            return try contacts.map { contact in
                var question = Sendability.Question(contact, .email, .marketing)
                question.content = content
                return (
                    together: try Sendability(
                        lasting: question, dependencies, of: tenant, lookup, in: reader
                    ).reasons,
                    alone: try Sendability(lasting: question, dependencies, of: tenant, in: reader).reasons
                )
            }
        }
    }

    @Test func `many are judged as each is alone`() async throws {
        let rig = try await MessagingRig.started()
        var contacts: [Contact] = []
        for name in [
            "free", "gone", "blocked", "withdrawn", "agreed", "held", "picky", "sold", "named", "other",
        ] {
            contacts.append(
                try await rig.contact(name) { contact in
                    if name == "blocked" { contact.email = "ann@blocked.example" }
                })
        }
        let people = contacts
        try await rig.test.given { tx in
            _ = try tx.consents.suppress("GONE@example.com", .email, .unsubscribe)
            _ = try tx.consents.suppress("@blocked.example", .email, .manual)
            for (place, words) in [(3, [Consent.Status.granted, .withdrawn]), (4, [.withdrawn, .granted])] {
                for (age, status) in zip([2, 1], words) {
                    var consent = Consent.new(id: tx.nextID(), now: tx.now)
                    (consent.contactID, consent.status) = (people[place].id, status)
                    (consent.basis, consent.source) = (.consent, "form")
                    consent.givenAt = tx.now - .seconds(age * 86_400)
                    try tx.create(&consent, by: .system)
                }
            }
            try tx.recordHolds.hold(
                people[5].subject, for: [.sequences], field: "email", because: "It is wrong.", cause: "test",
                by: "data_management")
            try tx.preferences.state([.contentTypes: ["case_study"]], of: people[6].id, by: .system)
        }
        var dependencies = MessagingDependencies.alone
        dependencies.inSalesProcess = { _, asked in Set(asked).intersection([people[7].id]) }
        dependencies.onlyReferred = { _, asked in Set(asked.map(\.id)).intersection([people[8].id]) }
        dependencies.kin = { _, asked in
            asked.contains(people[9].id) ? [people[9].id: [people[1].id]] : [:]
        }
        let answers = try answers(rig, contacts, dependencies, .educational)
        for answer in answers { #expect(answer.together == answer.alone) }
        #expect(
            answers.map { $0.together.first?.code } == [
                nil, "unsubscribed", "suppressed", "no_consent", nil, "data_quality", "unwanted_content",
                "in_sales_process", "only_referred", "unsubscribed",
            ])
    }
}
