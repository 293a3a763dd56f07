import Agents
import Cryptography
import Jobs
import Records
import Routing
import Synchronization
import Telemetry
import Tenancy
import Testing

@testable import Bureau

struct PermissionTests {
    @Test func `a permission is declared once, with what it allows`() {
        let declared = Module.all.flatMap(\.permissions)
        #expect(Set(declared.map(\.permission)).count == declared.count)
        for one in declared {
            #expect(one.about.first?.isUppercase == true && one.about.hasSuffix("."), "\(one.permission)")
            #expect(one.permission.isPortal == (one.role == .client), "\(one.permission)")
        }
    }

    @Test func `a route asks for a permission of its own module, or of one that this sees`() throws {
        var configuration = Configuration()
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        defer { removeFolder(configuration.data) }
        let added = AddedRoutes()
        let app = try App(configuration, log: .silent, modules: Module.all.map { $0.telling(added) })
        defer { app.close() }

        var owners: [Permission: String] = [:]
        for module in Module.all {
            for one in module.permissions { owners[one.permission] = module.name }
        }
        let routes = added.all.compactMap { module, route in route.permission.map { (module, route, $0) } }
        let faults = routes.compactMap { module, route, permission -> String? in
            let owner = owners[permission] ?? "nobody"
            return Self.sees(module, owner) ? nil : "\(module): \(route.name) needs \(permission) of \(owner)"
        }
        #expect(routes.count > 400 && faults == [])

        let declared = Set(owners.keys)
        let asked = Set(app.routes.all.compactMap(\.permission))
        #expect(declared.subtracting(asked).isEmpty, "no route asks for these")
        #expect(asked.subtracting(declared).isEmpty)
        let ofAgents = Set(app.runtime.agents.all.flatMap(\.permissions))
        #expect(!ofAgents.isEmpty && ofAgents.isSubset(of: declared))
        #expect(Set(app.routes.shownRecords.values.map(\.read)).isSubset(of: declared))
    }

    /// Returns whether a module sees another one, or is it: one before it in the list, and no slice.
    private static func sees(_ module: String, _ other: String) -> Bool {
        let names = Module.all.map(\.name)
        let slices = names.drop { $0 != "sequences" }.dropFirst()
        guard let own = names.firstIndex(of: module), let place = names.firstIndex(of: other) else {
            return false
        }
        return place == own || place < own && !slices.contains(other)
    }
}

/// The routes that modules have added, each with its module's name.
private final class AddedRoutes: Sendable {
    private let added = Mutex<[(module: String, route: Route)]>([])

    var all: [(module: String, route: Route)] { added.withLock { $0 } }

    func add(_ routes: some Sequence<Route>, of module: String) {
        let new = routes.map { (module: module, route: $0) }
        added.withLock { $0 += new }
    }
}

extension Module {
    /// Returns the module as one that tells of the routes that it adds.
    fileprivate func telling(_ added: AddedRoutes) -> Module {
        Module(
            name, migrations: migrations, sandboxTables: sandboxTables, permissions: permissions, asks: asks,
            answers: answers, offers: offers, setup: setup, seeding: seeding, tidying: makeTidying,
            services: addServices, agents: makeAgents, slots: slots, jobs: addJobs,
            routes: { routes, parts, runtime in
                let count = routes.all.count
                try addRoutes(&routes, parts, runtime)
                added.add(routes.all.dropFirst(count), of: name)
            })
    }
}
