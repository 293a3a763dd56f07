internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Tenancy

/// The body of `POST /v1/email-checks`.
private struct EmailCheckBody: Declared {
    var email = ""
    var refresh = false

    static let schema = Schema<EmailCheckBody>(
        "EmailCheckRequest",
        [
            .text(
                "email", \.email, max: 320, .required, .example("jane@example.com"),
                .about(
                    "The address, as it was handed over; a text that is not an address is told to be none.")),
            .boolean(
                "refresh", \.refresh, .about("Whether services are asked although an answer is kept.")),
        ])
}

/// `/v1/email-checks`: whether mail to an address arrives.
func emailCheckRoutes(_ routes: inout Routes, _ checking: AddressChecking) {
    routes.declare(EmailCheckBody.self)
    routes.schema("EmailCheck", EmailCheck.schema)
    routes.post(
        "/v1/email-checks", .permission("email_checks:write"),
        "Check whether mail to an address arrives, by itself and by the connected services",
        body: .json(.reference("EmailCheckRequest")),
        .json(.reference("EmailCheck"), "The findings about the address.")
    ) { call in
        let body = try call.body(EmailCheckBody.self)
        return .task {
            let check = try await checking.checks.check(
                body.email, refreshes: body.refresh, for: ToolCaller(actor: call.actor), of: call.tenant)
            let database = checking.checks.integrations.platform.database
            let currency = try await database.write(call.tenant) { tx in
                try tx.addresses.keep(
                    [check.email: check.deliverability], checking.records, checking.listeners)
                return try tx.agency.tenant().currency
            }
            return .json(check.json(currency))
        }
    }
}
