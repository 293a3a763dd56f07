package import Agents
package import Database
package import Jobs
internal import Records
package import Routing

/// A module of the product, described in a value that stands in the module's own folder.
package struct Module: Sendable {
    package let name: String
    package let migrations: [Migration]
    /// Its tables, each with how a sandbox copies it.
    package let sandboxTables: @Sendable () -> [SandboxTable]
    /// The permissions that its routes ask for, and perhaps those of modules above it.
    package let permissions: [DeclaredPermission]
    /// The questions that it asks other modules.
    package let asks: [any Asking.Type]
    /// Its answers to questions of the modules that it sees.
    package let answers: [ModuleAnswer]
    /// The elements that it adds to lists of other modules, such as handlers of a provider's hooks.
    package let offers: [ModuleOffer]
    /// Lists the steps of an agency's setup.
    package let setup: (@Sendable (Reader) throws -> [SetupItem])?
    /// The seed data of a new agency.
    package let seeding: Seeding?
    /// Makes the removal of records that an agency keeps for a limited time.
    package let makeTidying: @Sendable (ModuleParts) throws -> [TenantTidying]
    /// Makes the services that it gives to the modules above it.
    package let addServices: @Sendable (inout ModuleParts) throws -> Void
    package let makeAgents: @Sendable (ModuleParts) throws -> [any AgentDefinition]
    /// The number of jobs of each of its queues that run at once.
    package let slots: [String: Int]
    package let addJobs: @Sendable (inout JobRegistration, ModuleParts) throws -> Void
    /// Declares its resources, routes and events.
    package let addRoutes: @Sendable (inout Routes, ModuleParts, Runtime) throws -> Void

    package init(
        _ name: String, resources: [ModuleResource] = [], migrations: [Migration] = [],
        sandboxTables: @escaping @Sendable () -> [SandboxTable] = { [] },
        permissions: [DeclaredPermission] = [],
        asks: [any Asking.Type] = [], answers: [ModuleAnswer] = [], offers: [ModuleOffer] = [],
        setup: (@Sendable (Reader) throws -> [SetupItem])? = nil, seeding: Seeding? = nil,
        tidying: @escaping @Sendable (ModuleParts) throws -> [TenantTidying] = { _ in [] },
        services: @escaping @Sendable (inout ModuleParts) throws -> Void = { _ in },
        agents: @escaping @Sendable (ModuleParts) throws -> [any AgentDefinition] = { _ in [] },
        slots: [String: Int] = [:],
        jobs: @escaping @Sendable (inout JobRegistration, ModuleParts) throws -> Void = { _, _ in },
        routes: @escaping @Sendable (inout Routes, ModuleParts, Runtime) throws -> Void = { _, _, _ in }
    ) {
        self.name = name
        self.migrations = migrations + resources.flatMap(\.migrations)
        self.sandboxTables = { sandboxTables() + resources.map { $0.sandboxTable() } }
        self.permissions = permissions + resources.flatMap(\.permissions)
        (self.asks, self.answers, self.offers) = (asks, answers, offers)
        (self.setup, self.seeding) = (setup, seeding)
        (makeTidying, addServices, makeAgents) = (tidying, services, agents)
        (self.slots, addJobs) = (slots, jobs)
        addRoutes = { all, parts, runtime in
            for resource in resources { resource.addRoutes(&all) }
            try routes(&all, parts, runtime)
        }
    }
}

/// A module's seed data for a new agency.
package struct Seeding: Sendable {
    /// The counter that tells whether an agency has been given it, where agencies of an earlier release get it, too.
    package let counter: String?
    package let seed: @Sendable (Transaction) throws -> Void

    package init(counter: String? = nil, _ seed: @escaping @Sendable (Transaction) throws -> Void) {
        (self.counter, self.seed) = (counter, seed)
    }
}

/// The elements that a module adds to a list which another module reads.
package struct ModuleOffer: Sendable {
    private let element: ObjectIdentifier
    private let make: @Sendable (ModuleParts) throws -> any Sendable

    package init<Element: Sendable>(
        _ element: Element.Type, _ make: @escaping @Sendable (ModuleParts) throws -> [Element]
    ) {
        self.element = ObjectIdentifier(element)
        self.make = { try make($0) }
    }

    func elements<Element: Sendable>(_ type: Element.Type, _ parts: ModuleParts) throws -> [Element] {
        guard element == ObjectIdentifier(type) else { return [] }
        return try make(parts) as? [Element] ?? []
    }
}

/// The services that modules are made with.
package struct ModuleParts: Sendable {
    package let composition: Composition
    package let services: PlatformServices
    /// The folder of files that wait to be imported.
    package let uploads: String
    private var made: [ObjectIdentifier: any Sendable] = [:]

    package init(_ composition: Composition, _ services: PlatformServices, uploads: String) {
        (self.composition, self.services, self.uploads) = (composition, services, uploads)
    }

    /// Makes a module's service known to the modules above it.
    package mutating func add<Part: Sendable>(_ part: Part) { made[ObjectIdentifier(Part.self)] = part }

    /// Returns the service of that type; throws `UnmetNeeds` where nobody has made it known.
    package subscript<Part: Sendable>(_ type: Part.Type) -> Part {
        get throws {
            guard let part = made[ObjectIdentifier(type)] as? Part else {
                throw UnmetNeeds(["a module needs \(type), which no module before it has made"])
            }
            return part
        }
    }

    /// Returns the questions with the other modules' answers.
    package func answers<Questions: Asking>(_ questions: Questions.Type = Questions.self) -> Questions {
        composition.answers(questions)
    }
}
