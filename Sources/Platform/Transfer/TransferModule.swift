internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Routing
package import Tenancy

extension Module {
    /// The module that imports and exports records, and finds those that exist twice.
    package static let transfer = Module(
        "transfer", migrations: transferMigrations, sandboxTables: { transferSandboxTables },
        slots: [importQueue: 4],
        jobs: { registration, _ in registration.add(ImportUndoJob()) },
        routes: { routes, _, _ in
            importEvents(&routes)
            importRoutes(&routes)
        })
}

private let transferSandboxTables: [SandboxTable] = [
    .left("imports", because: "their files are the live tenant's"),
    .left("import_errors", because: "they belong to imports, which are left behind"),
    .left("import_changes", because: "they belong to imports, which are left behind"),
    .left("duplicate_keys", because: "what is copied is compared anew"),
    .left("duplicate_pairs", because: "what is copied is compared anew"),
    .left("duplicate_models", because: "what is copied is compared anew"),
]

private func importEvents(_ routes: inout Routes) {
    let counts: JSONObject = [
        "resource": .anyText, "processed": .anyInteger, "created": .anyInteger, "updated": .anyInteger,
        "skipped": .anyInteger, "failed": .anyInteger, "progress": ["type": "number"],
    ]
    routes.events(
        "import",
        ["progressed": "A part of a file was imported.", "completed": "A file was imported."], counts)
    routes.event(
        "import.undone", "The changes of an import were taken back.",
        ["resource": .anyText, "removed": .anyInteger, "restored": .anyInteger, "kept": .anyInteger])
    routes.event("import.failed", "A file could not be imported.", ["error": .anyText])
}
