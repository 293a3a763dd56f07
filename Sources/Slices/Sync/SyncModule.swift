internal import Agents
internal import Facts
internal import Integrations
internal import Jobs
internal import Records
package import Tenancy

extension Module {
    /// Records that are kept in step with outside services: syncs, their runs, and what waits for a person.
    package static let sync = Module(
        "sync", migrations: syncMigrations, sandboxTables: { syncSandboxTables },
        permissions: syncPermissions,
        offers: [
            ModuleOffer((any ConnectorListener).self) { parts in
                [SyncHooks(integrations: try parts[IntegrationServices.self])]
            },
            ModuleOffer((any FactTrace).self) { _ in [SyncTraces()] },
        ],
        slots: [SyncJob.queue: 32],
        jobs: { registration, parts in
            registration.add(SyncJob(integrations: try parts[IntegrationServices.self]))
            registration.add(SyncDueJob())
            registration.add(SyncAtOnceJob())
            registration.add(SyncHistoryJob(integrations: try parts[IntegrationServices.self]))
            registration.add(SyncSettledJob())
            registration.add(SyncWatch())
            registration.add(SyncData())
            registration.add(SyncMerges())
            for table in ["leads", "contacts", "companies"] {
                registration.add(
                    ReferringColumn(
                        "sync_links", "local_id", of: table, once: "sync_id", marking: "is_dirty"))
            }
        },
        routes: { routes, parts, runtime in
            syncRoutes(&routes, try parts[IntegrationServices.self], runtime)
        })
}

private let syncPermissions: [DeclaredPermission] = [
    .init("syncs:read", for: .viewer, "Read syncs, their runs and conflicts of records that you may read."),
    .init("syncs:write", for: .manager, "Create, change, preview, run, pause and delete syncs."),
    .init("sync_conflicts:write", for: .member, "Decide about conflicts of records that you may change."),
]
