internal import Agents
internal import Jobs
internal import Records
package import Tenancy

extension Module {
    /// What the agency tells many people, and whom: segments of its records.
    package static let content = Module(
        "content", migrations: contentMigrations, sandboxTables: { contentSandboxTables },
        permissions: contentPermissions,
        jobs: { registration, _ in
            registration.add(SegmentWatch())
            registration.add(SegmentFillJob())
            registration.add(SegmentChangeJob())
        },
        routes: { routes, _, runtime in
            segmentRoutes(&routes, runtime)
        })
}

private let contentPermissions: [DeclaredPermission] = [
    .init("segments:read", for: .viewer, "Read segments, and which records that you may read are in them."),
    .init("segments:write", for: .member, "Create, update and delete segments."),
]
