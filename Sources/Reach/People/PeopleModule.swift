internal import Agents
internal import Database
internal import Records
package import Tenancy

extension Module {
    /// The module of the people whom the agency knows, and of the consents that they have given.
    package static let people = Module(
        "people", migrations: peopleMigrations, sandboxTables: { peopleSandboxTables },
        permissions: peoplePermissions,
        asks: [ClientQuestions.self],
        offers: [
            ModuleOffer((any PortalExportListener).self) { _ in [PortalRequests()] },
            ModuleOffer(NotificationKind.self) { _ in [.privacyDue] },
        ],
        tidying: { _ in
            [
                TenantTidying(
                    due: { try PrivacyRetention.due(in: $0) }, tidyUp: { try PrivacyRetention.remove(in: $0) }
                )
            ]
        },
        jobs: { registration, parts in
            registration.questions[ClientQuestions.self] = parts.answers(ClientQuestions.self)
            peopleJobs(&registration)
        },
        routes: { routes, parts, _ in peopleRoutes(&routes, uploads: parts.uploads) })
}

private let peoplePermissions: [DeclaredPermission] = [
    .init("companies:read", for: .viewer, "Read companies."),
    .init("companies:write", for: .member, "Create, update, merge and delete companies."),
    .init("consents:export", for: .manager, "Export consents to files."),
    .init("consents:import", for: .manager, "Import consents from files."),
    .init("consents:read", for: .viewer, "Read consents."),
    .init("consents:write", for: .manager, "Create, update and delete consents."),
    .init("contacts:export", for: .member, "Export contacts to files."),
    .init("contacts:import", for: .member, "Import contacts from files."),
    .init("contacts:read", for: .viewer, "Read contacts, their identities and their journeys."),
    .init(
        "contacts:write", for: .member,
        "Create, update, merge and delete contacts, and link identities to them."),
    .init("custom_fields:read", for: .viewer, "Read custom fields."),
    .init("custom_fields:write", for: .manager, "Create, update and delete custom fields."),
    .init("privacy:erase", for: .owner, "Erase a person's data."),
    .init("privacy:export", for: .manager, "Export everything that is kept about a person."),
    .init("privacy_requests:read", for: .manager, "Read privacy requests."),
    .init(
        "privacy_requests:write", for: .manager,
        "Enter, update, extend, refuse and complete privacy requests."),
    .init("suppressions:export", for: .manager, "Export suppressions to files."),
    .init("suppressions:import", for: .manager, "Import suppressions from files."),
    .init("suppressions:read", for: .viewer, "Read suppressions."),
    .init("suppressions:write", for: .manager, "Create and delete suppressions."),
]
