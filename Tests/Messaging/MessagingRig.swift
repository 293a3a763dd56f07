import Addresses
import Agents
import ChangeSets
import Cryptography
import Database
import Discovery
import HTTPClient
import JSON
import Jobs
import Mail
import Nouns
import Records
import RuntimeTesting
import Synchronization
import Telemetry
@testable import Integrations
@testable import Messages
@testable import People
@testable import Sequences
@testable import Tenancy
@testable import Transfer

/// A mail service that answers what a test tells it to, and keeps what it has taken.
final class Postbox: EmailSending {
    struct Taken: Sendable {
        let integration: IntegrationID, messageID: MessageID, mail: OutgoingMail
        let at: Instant
    }

    private struct State {
        var taken: [Taken] = []
        var turns: [SendOutcome] = []
        var standing: SendOutcome?
        var lookups: [SendLookup] = []
        var asked = 0
        var refused: Set<IntegrationID> = []
    }

    let name = "postbox", title = "Postbox"
    let capabilities: Set<Capability> = [.emailSending]
    let credentials: [CredentialField] = []
    let settings: [SettingField] = []
    let baseURL: String? = "https://postbox.example"
    let findsMails = true
    private let state = Mutex(State())
    /// Runs while a mail is at the service.
    let during = Mutex<(@Sendable () async -> Void)?>(nil)

    /// Every mail that was handed over, whatever was answered.
    var taken: [Taken] { state.withLock { $0.taken } }
    /// The number of times that it was asked whether it knows a mail.
    var asked: Int { state.withLock { $0.asked } }

    func next(_ turns: SendOutcome...) { state.withLock { $0.turns += turns } }
    /// Its answer from now on; `nil`: it takes every mail.
    func always(_ outcome: SendOutcome?) { state.withLock { $0.standing = outcome } }
    func nextLookups(_ turns: SendLookup...) { state.withLock { $0.lookups += turns } }
    /// Does not know that integration any more.
    func refuse(_ integration: IntegrationID) { state.withLock { _ = $0.refused.insert(integration) } }

    func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let outcome = state.withLock { state -> SendOutcome in
            state.taken.append(
                Taken(
                    integration: access.integrationID, messageID: messageID, mail: mail, at: mail.date))
            if state.refused.contains(access.integrationID) {
                return .refused(SendRefusal(.account, code: "postbox_401", detail: "who are you"))
            }
            if let standing = state.standing { return standing }
            return state.turns.isEmpty
                ? .accepted(providerID: "pb-\(state.taken.count)") : state.turns.removeFirst()
        }
        await during.withLock { $0 }?()
        return outcome
    }

    func find(_ mail: SentMail, _ access: IntegrationAccess) async -> SendLookup {
        access.reach.note(status: 503)
        return state.withLock { state in
            state.asked += 1
            return state.lookups.isEmpty ? .absent : state.lookups.removeFirst()
        }
    }

    /// Its answer to whoever asks whether it knows them.
    let found = Mutex(IntegrationCheck.good("It is there."))

    func check(_ access: IntegrationAccess) async -> IntegrationCheck { found.withLock { $0 } }
}

/// A service of short messages that has too much to do whenever it is asked for a file.
final class Mute: ChatSending {
    let name = "mute", title = "Mute", channel = Channel.whatsapp
    let capabilities: Set<Capability> = [.chat]
    let credentials: [CredentialField] = []
    let settings: [SettingField] = []
    let baseURL: String? = "https://mute.example"
    private let count = Mutex(0)

    var asked: Int { count.withLock { $0 } }

    func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        .accepted(providerID: "mute-\(message.messageID)")
    }

    func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        count.withLock { $0 += 1 }
        return .later(code: "timeout", detail: "It says nothing.")
    }

    func check(_ access: IntegrationAccess) async -> IntegrationCheck { .good("It is there.") }
}

/// Hears what becomes of messages.
final class Listening: MessageListener {
    let cause = "test"
    private let heard = Mutex<[String]>([])
    var words: [String] { heard.withLock { $0 } }

    func heard(_ turn: MessageChange, of message: Message, in tx: Transaction) throws {
        let word = if case .replied = turn { "replied" } else { "\(turn)" }
        tx.onCommit { self.heard.withLock { $0.append(word) } }
    }
}

/// An agency that writes, in a time that passes by itself while all that is left to do waits for it.
struct MessagingRig: Sendable {
    let test: AgentTest
    let postbox: Postbox
    let outbox: Outbox
    let listening: Listening
    let mute: Mute
    let letterbox: Letterbox

    init(
        at start: String = "2027-01-05T10:00:00Z", dependencies: MessagingDependencies = .alone,
        sequences: SequenceDependencies = .alone, leaps: Bool = true
    ) throws {
        let (postbox, listening, mute, letterbox) = (Postbox(), Listening(), Mute(), Letterbox())
        let made = Mutex<Outbox?>(nil)
        test = try AgentTest(
            [],
            migrations: tenancyMigrations + integrationsMigrations + transferMigrations + changeSetMigrations
                + peopleMigrations
                + discoveryMigrations + messagesMigrations + sequencesMigrations, at: start,
            slots: ["outbox": 8, "hooks": 4, "mailboxes": 2, "imports": 1], leaps: leaps,
            services: { registration, database in
                let outbox = Outbox(
                    makeServices(database, [postbox, mute, letterbox]), dependencies,
                    [listening, EnrollmentListener(sequences)], [], [PrivacyTasks(), SequenceReplies()])
                peopleJobs(&registration)
                messagesJobs(&registration, outbox)
                sequencesJobs(&registration, outbox, sequences)
                registration.add(IntegrationCheckJob(outbox.integrations))
                made.withLock { $0 = outbox }
            })
        (self.postbox, self.listening, self.mute, self.letterbox) = (postbox, listening, mute, letterbox)
        guard let outbox = made.withLock({ $0 }) else { preconditionFailure("no outbox was made") }
        self.outbox = outbox
    }

    /// With an agency of those settings, and a service for each name.
    static func started(
        at start: String = "2027-01-05T10:00:00Z", services: [String] = ["first"],
        dependencies: MessagingDependencies = .alone, sequences: SequenceDependencies = .alone,
        leaps: Bool = true,
        _ change: @escaping @Sendable (inout Tenant) -> Void = { _ in }
    ) async throws -> MessagingRig {
        let rig = try MessagingRig(at: start, dependencies: dependencies, sequences: sequences, leaps: leaps)
        try await rig.test.given { tx in
            guard let id = ID<Tenant>(tx.tenant.rawValue) else { preconditionFailure("no id of a tenant") }
            var tenant = Tenant.new(id: id.value, now: tx.now)
            (tenant.name, tenant.slug, tenant.country) = ("Acme", "acme", "US")
            (tenant.postalAddress, tenant.quietHours) = ("1 Example Street", nil)
            var sender = Sender()
            (sender.name, sender.email) = ("Olive Owner", "olive@agency.example")
            tenant.sender = sender
            change(&tenant)
            try Tenant.resource.insert(&tenant, in: tx)
        }
        for (index, name) in services.enumerated() { try await rig.connect(name, priority: index + 1) }
        return rig
    }

    @discardableResult
    func connect(
        _ name: String, priority: Int = 100, settings: JSONObject = [:]
    ) async throws -> IntegrationID {
        try await test.given { tx in
            var integration = Integration.new(id: tx.nextID(), now: tx.now)
            (integration.provider, integration.capability) = ("postbox", .emailSending)
            (integration.name, integration.priority) = (name, priority)
            (integration.hookToken, integration.settings) = ("token-\(name)", settings)
            try tx.create(&integration, by: .system)
            return integration.id
        }
    }

    func contact(
        _ name: String = "Ann", _ change: @escaping @Sendable (inout Contact) -> Void = { _ in }
    ) async throws -> Contact {
        try await test.given { tx in
            var contact = Contact.new(id: tx.nextID(), now: tx.now)
            (contact.name, contact.email) = (name, "\(name.lowercased())@example.com")
            contact.country = "US"
            change(&contact)
            try tx.create(&contact, by: .system)
            return contact
        }
    }

    /// Stores a message; `later` says more of it.
    @discardableResult
    func send(
        _ contact: Contact, _ purpose: Purpose = .marketing, by author: Actor = .system, key: String = "k",
        body: String = "A word.", _ more: @escaping @Sendable (inout MessageDraft) -> Void = { _ in }
    ) async throws -> MessageID {
        let outbox = outbox
        return try await test.given { tx in
            var draft = MessageDraft(
                .email, to: contact, purpose, subject: "Hello", body: body, by: author,
                cause: .init("test", "t1"), key: "\(contact.id) \(key)")
            more(&draft)
            return try outbox.send(draft, in: tx).id
        }
    }

    func message(_ id: MessageID) throws -> Message {
        try test.read { try Message.resource.get(id, in: $0) }
    }

    /// The message, once nothing that is due is left to do.
    func settled(_ id: MessageID) async throws -> Message {
        try await test.settle()
        return try message(id)
    }

    func change(_ change: @escaping @Sendable (inout Tenant) -> Void) async throws {
        try await test.given { tx in
            let old = try tx.agency.tenant()
            var new = old
            change(&new)
            try tx.update(old, to: &new, by: .system)
        }
    }

    func events(_ type: String) throws -> Int {
        try test.read { reader in
            Int(
                try reader.int(
                    "SELECT count(*) FROM events WHERE tenant_id = \(reader.tenant) AND type = \(type)") ?? 0)
        }
    }

    func sendability(
        of contact: Contact, _ purpose: Purpose = .marketing
    ) throws -> Sendability {
        try test.read { reader in
            try Sendability(
                .init(try Contact.resource.get(contact.id, in: reader), .email, purpose), outbox.dependencies,
                in: reader)
        }
    }
}

let plainSealing = SecretSealing(sealing: { bytes, _ in bytes }, opening: { bytes, _ in bytes })

func makeServices(
    _ database: Database, _ providers: [any IntegrationProvider]
) -> IntegrationServices {
    guard let key = JWTKey(secret: [UInt8](repeating: 7, count: 32), id: "k1") else {
        preconditionFailure("no key")
    }
    var settings = PlatformSettings()
    settings.publicURL = "https://bureau.example"
    let platform = PlatformServices(
        database: database, passwords: PasswordHasher(cost: PasswordCost(memoryKiB: 64, passes: 1)),
        tokens: JWTKeyRing(issuer: "bureau", audience: "api", current: key), secrets: plainSealing,
        outbound: HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true))), log: .silent,
        settings: settings, permissions: PermissionCatalog([]), sandboxTables: { [] },
        now: { .wallClock() }, makeDataKey: { _ in }, seed: { _ in })
    return IntegrationServices(platform, IntegrationProviders(providers))
}

extension MessagingDependencies {
    /// Answers of an agency that has nothing but messaging: no leads, no sales, no clients.
    static var alone: MessagingDependencies {
        var dependencies = MessagingDependencies()
        dependencies.lead = { _, _ in nil }
        dependencies.leadByID = { _, _ in nil }
        dependencies.inSalesProcess = { _, _ in [] }
        dependencies.onlyReferred = { _, _ in [] }
        dependencies.heldOut = { _, _, _ in [] }
        dependencies.kin = { _, _ in [:] }
        dependencies.draw = { _, _ in }
        dependencies.clientStanding = { _, _ in nil }
        dependencies.trouble = { _, _ in nil }
        dependencies.isOverdue = { _, _ in false }
        dependencies.campaigns = { _, _, _ in nil }
        dependencies.campaignsUnderWay = { _, _, _ in [] }
        dependencies.dailyCap = { _, _ in nil }
        dependencies.upsertLead = { _, _ in throw Problem(.conflict, "There are no leads here.") }
        dependencies.answerTicket = { _, _, _, _ in throw Problem(.conflict, "There are no tickets here.") }
        dependencies.lookups = DomainLookups()
        return dependencies
    }
}

extension SequenceDependencies {
    /// Answers of an agency that has no leads, and nothing to sell.
    static var alone: SequenceDependencies {
        var dependencies = SequenceDependencies()
        dependencies.contacted = { _, _ in }
        dependencies.matchingLeads = { _, _, _, _ in [] }
        dependencies.offerFaults = { _, _ in
            [Fault("/kind", "invalid_choice", "There is nothing to sell here.")]
        }
        dependencies.adopt = { _, _, _, _ in }
        dependencies.segmentPeople = { _, _, _, _ in nil }
        dependencies.filmFaults = { _, _ in
            [Fault("/kind", "invalid_choice", "No films are published here: choose another kind.")]
        }
        dependencies.beginFilm = { _, _ in }
        dependencies.setFilm = { _, _, _, _ in }
        return dependencies
    }
}

extension Outbox {
    /// Claims a message for the first of the agency's mail services.
    func claim(_ message: Message, words: ComposedMail? = nil, in tx: Transaction) throws -> Claim {
        let service = try tx.integrations.all(for: .emailSending).first
        let connector = try service?.connector(for: tx.agency.tenant(), at: tx.now) ?? .own
        return try claim(message, integration: service, by: connector, nil, words: words, in: tx)
    }
}
