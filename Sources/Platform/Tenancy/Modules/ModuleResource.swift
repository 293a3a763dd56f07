package import Agents
internal import Database
internal import Jobs
package import Records
internal import RuntimeRoutes
internal import Routing

/// A resource that has the usual operations, permissions and copies in sandboxes: with it, a line in its module's value
/// is all that it needs beside its own file.
package struct ModuleResource: Sendable {
    let permissions: [DeclaredPermission]
    let migrations: [Migration]
    let sandboxTable: @Sendable () -> SandboxTable
    let addRoutes: @Sendable (inout Routes) -> Void

    /// Describes a resource whose records the first role, and those above it, may read, and the second may write.
    /// `migration` is the number of the migration that creates its table, where no other one does.
    package static func standard<R: ManagedRecord>(
        _ resource: Resource<R>, readers: BuiltInRole = .viewer, writers: BuiltInRole, migration: Int? = nil
    ) -> ModuleResource {
        let (read, write) = ("\(resource.table):read", "\(resource.table):write")
        return ModuleResource(
            permissions: [
                DeclaredPermission(read, for: readers, "Read \(resource.plural)."),
                DeclaredPermission(write, for: writers, "Create, update and delete \(resource.plural)."),
            ],
            migrations: migration.map { number in
                [Migration(number: number, name: resource.plural) { resource.creation($0) }]
            } ?? [],
            sandboxTable: { .copied(resource) },
            addRoutes: { $0.standard(resource, read: Permission(read), write: Permission(write)) })
    }
}
