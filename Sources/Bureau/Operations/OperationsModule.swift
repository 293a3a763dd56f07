internal import Database
internal import Jobs
internal import Tenancy

extension Module {
    /// The module of those who run the installation for its agencies: they look after its processes and its backups.
    static let operations = Module(
        "operations", migrations: operationsMigrations,
        sandboxTables: {
            ["nodes", "maintenance_runs", "maintenance_hours", "database_days"].map {
                .left($0, because: "they are the installation's")
            }
        },
        jobs: { registration, parts in
            registration.add(BackupJob(try parts[SystemParts.self].backups))
            let system = try parts[SystemParts.self]
            registration.add(MaintenanceJob(database: system.database, backups: system.backups))
        },
        routes: { routes, parts, runtime in
            let system = try parts[SystemParts.self]
            backupRoutes(&routes, system.backups)
            healthRoutes(&routes, system, runtime)
            maintenanceRoutes(&routes, system)
        })
}
