internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

/// An agency that the installation's operator creates, with the person who is to own it.
struct AgencyCreate: Declared {
    var name = "", ownerEmail = "", timeZone = "UTC", currency = "USD", country: String?, locale = "en"
    static let schema = Schema<AgencyCreate>(
        "AgencyCreate",
        [
            .text(
                "name", \.name, max: 200, .required, .line, .example("Northwind"),
                .about("The name of the new agency.")),
            .email(
                "owner_email", \.ownerEmail, .required, .example("olive@example.com"),
                .about("The address of its first owner, who is invited and chooses a password.")),
            .timeZone(
                "time_zone", \.timeZone, .standard("UTC"), .example("Europe/Berlin"),
                .about("The agency's time zone, which schedules and quiet hours follow.")),
            .currency(
                "currency", \.currency, .standard("USD"), .about("The currency of plain figures.")),
            .country(
                "country", \.country,
                .about("The agency's country, in which telephone numbers without a country code are read.")),
            .text(
                "locale", \.locale, max: 35, .standard("en"), .example("en-US"),
                .about("The language of people who have none of their own, as a BCP 47 tag.")),
        ])
}

func tenantCreation(_ routes: inout Routes, _ services: PlatformServices) {
    routes.declare(AgencyCreate.self)
    routes.schema(
        "AgencyWithInvitation",
        Tenant.schema.jsonSchema(.record).showing(
            "owner_link", "The page where the owner chooses a password, within a week; shown once.",
            "https://bureau.example/#/invitation/4f0c2a9e7b1d"))
    routes.post(
        "/v1/admin/tenants", .platformAdmin,
        "Create an agency and invite its owner; the invitation's link is shown once", named: "create_tenant",
        body: .json(.reference("AgencyCreate")), holdsSecret: true,
        .json(.reference("AgencyWithInvitation"), status: 201, "The agency, with the link for its owner.")
    ) { call in
        let wanted = try call.body(AgencyCreate.self)
        let idempotency = try Idempotency(
            call.request, call.route, call.principal, secrets: services.secrets)
        return .task {
            try await services.database.acrossTenantsWrite { system in
                let create: (Transaction) throws -> Response = { _ in
                    try system.acrossTenantsCreate(wanted, services, by: call.actor)
                }
                let platform = system.scoped(to: .platform)
                return try idempotency?.answer(in: platform, create) ?? create(platform)
            }
        }
    }
}

extension SystemTransaction {
    /// Creates an agency with what a new one is given, and an invitation for its owner.
    fileprivate func acrossTenantsCreate(
        _ wanted: AgencyCreate, _ services: PlatformServices, by actor: Actor
    ) throws -> Response {
        var tenant = Tenant.new(id: runtime.nextID(), now: now)
        (tenant.name, tenant.timeZone, tenant.currency) = (wanted.name, wanted.timeZone, wanted.currency)
        (tenant.country, tenant.locale) = (wanted.country, wanted.locale)
        let tx = try acrossTenantsCreate(&tenant, by: actor)
        try services.seed(tx)
        var invitation = Invitation.new(id: tx.nextID(), now: tx.now)
        invitation.email = wanted.ownerEmail
        invitation.role = BuiltInRole.owner.rawValue
        let (_, link) = try services.invite(&invitation, by: actor, in: tx)
        return .record(
            tenant, status: 201, location: "/v1/admin/tenants/\(tenant.id)",
            extra: ["owner_link": .string(link)])
    }
}
