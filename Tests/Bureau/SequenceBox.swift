import Agents
import Cryptography
import Database
import Discovery
import Glibc
import JSON
import Jobs
import Messages
import Nouns
import People
import Records
import Sequences
import Telemetry
import Tenancy

@testable import Bureau

/// An agency whose mail is kept and not sent, with a clock that only the test moves; the whole of Bureau works for it.
final class SequenceBox {
    private let configuration: Configuration
    private(set) var app: App
    let tenant: TenantID
    let sequence: MessageSequence

    static let start = Instant("2027-01-05T10:00:00Z")!

    /// `steps` as in a body, with the word `mail` for a template of its own.
    init(_ steps: [JSON], _ more: JSON = [:]) async throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        (configuration.passwordMemoryKiB, configuration.passwordPasses) = (64, 1)
        self.configuration = configuration
        let app = try App(configuration, log: .silent)
        self.app = app
        let (services, start) = (app.services, Self.start)
        tenant = try await app.database.acrossTenantsWrite { system in
            var tenant = Tenant.new(id: system.runtime.nextID(), now: start)
            (tenant.name, tenant.postalAddress, tenant.sandboxOf) = (
                "Northwind", "1 Street, Town", "elsewhere"
            )
            var sender = Sender()
            (sender.name, sender.email) = ("Olive", "olive@agency.example")
            (tenant.sender, tenant.quietHours) = (sender, nil)
            try system.scoped(to: tenant.tenantID).sandboxClock.begin(at: start, seed: 7)
            let tx = try system.acrossTenantsCreate(&tenant, by: .system)
            // Without agents and their schedules: nothing but the sequence is at work.
            try services.makeDataKey(tx)
            return tenant.tenantID
        }
        sequence = try await app.database.write(tenant) { tx in
            let made = try steps.enumerated().map { number, step -> JSON in
                guard step["template_id"] == "mail" else { return step }
                return step.merging([
                    "template_id": .string(try tx.makeTemplate("Step \(number + 1)").id.text)
                ])
            }
            var sequence = MessageSequence.new(id: tx.nextID(), now: tx.now), faults = Faults()
            let base: JSON = ["name": "Test", "steps": .array(made)]
            let body = base.merging(more)
            MessageSequence.schema.create(&sequence, from: body.object ?? [:], faults: &faults)
            try faults.throwIfAny()
            try tx.create(&sequence, by: .system)
            return sequence
        }
    }

    deinit {
        app.close()
        removeFolder(configuration.data)
    }

    /// As after the end of a process.
    func restart() throws {
        app.close()
        app = try App(configuration, log: .silent)
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await app.database.write(tenant, .request, body)
    }

    func read<T>(_ body: (Reader) throws -> T) throws -> T { try app.database.read(tenant, body) }

    func advance(_ duration: Duration) async throws {
        _ = try await app.runtime.sandboxes.advance(tenant, app.runtime) { $0 + duration }
    }

    /// Enrols a new lead.
    func enroll(_ number: Int = 1) async throws -> Enrollment {
        let sequence = sequence.id
        return try await write { tx in
            var lead = Lead.new(id: tx.nextID(), now: tx.now)
            (lead.company, lead.contactName, lead.country) = ("Company \(number)", "Jane", "US")
            (lead.email, lead.status) = ("jane\(number)@example\(number).com", .qualified)
            lead.derive()
            try tx.create(&lead, by: .system)
            let contact = try Contact.resource.get(lead.contactID!, in: tx)
            let current = try MessageSequence.resource.get(sequence, in: tx)
            return try tx.enrollments.enroll(
                EnrollmentRequest(current, contact, lead: lead.id), by: .system)
        }
    }

    func stored(_ enrollment: Enrollment) throws -> Enrollment {
        try read { try Enrollment.resource.get(enrollment.id, in: $0) }
    }

    /// The mails to somebody, in the order in which they were written.
    func mails(_ enrollment: Enrollment) throws -> [Message] {
        try read { reader in
            try Message.resource.all(
                where: "contact_id = \(enrollment.contactID) AND direction = 'outbound'",
                suffix: "ORDER BY id",
                in: reader)
        }
    }

    func sent(_ enrollment: Enrollment) throws -> [String] {
        try mails(enrollment).filter { $0.status == .sent }.map { $0.subject ?? "" }
    }
}

extension Transaction {
    func makeTemplate(_ subject: String) throws -> MessageTemplate {
        var template = MessageTemplate.new(id: nextID(), now: now)
        (template.name, template.subject, template.body) = (subject, subject, "A word.")
        try create(&template, by: .system)
        return template
    }
}

func mail(_ delay: String, _ more: JSON = [:]) -> JSON {
    let step: JSON = ["channel": "email", "delay": .string(delay), "template_id": "mail"]
    return step.merging(more)
}

let aDay = Duration.seconds(86_400)
