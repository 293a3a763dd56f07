internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The number of people whom one address may name in a minute.
private let referralsPerMinute = 60

/// Adds the page behind a client's own link, on which somebody leaves their name and address.
func referralPage(_ routes: inout Routes, _ desk: ReferralDesk) {
    let services = desk.services.platform, database = services.database
    let limiter = AddressLimiter(perMinute: referralsPerMinute)
    routes.get(
        "/r/{code}", .anyone, "Show the page of a client's referral link", named: "show_referral_page",
        .media("text/html", "The page.")
    ) { call in
        let link = try ReferralLink(call, services)
        return .task {
            try database.read(link.tenant) { try link.page(.asking(nil), in: $0).response() }
        }
    }
    routes.post(
        "/r/{code}", .anyone, "Send a name and an address by a client's referral link",
        named: "refer_by_link",
        body: .raw(
            limit: 16 * 1024,
            .form(
                .schema(
                    ["name": .anyText, "email": .anyText, "company": .anyText], required: ["name", "email"]))),
        .json(.schema(["status": .anyText], required: ["status"]), status: 201, "The agency has it."),
        .media("text/html", "The agency has it; a browser gets a page.")
    ) { call in
        let link = try ReferralLink(call, services)
        try limiter.take(call.request.head.remoteAddress, now: services.now())
        var given = JSONObject()
        for name in ["name", "email", "company"] {
            if let text = try call.field(name)?.trimmed, !text.isEmpty { given[name] = .string(text) }
        }
        let (person, isPage) = (given, call.isFromPage)
        return .task {
            do {
                try await database.write(link.tenant) { tx in try link.take(person, desk, in: tx) }
            } catch let problem as Problem where isPage && problem.type.status == 422 {
                return try database.read(link.tenant) { reader in
                    try link.page(.asking(problem, person), in: reader).response(status: 422)
                }
            }
            guard isPage else { return .json(["status": "registered"], status: 201) }
            return try database.read(link.tenant) { try link.page(.done, in: $0).response() }
        }
    }
}

/// The content of a client's link.
private struct ReferralLink {
    enum State {
        case asking(Problem?, JSONObject = [:])
        case done
    }

    let tenant: TenantID
    let id: ClientID

    init(_ call: Call, _ services: PlatformServices) throws(Problem) {
        guard let link = services.links.open(.referral, call.parameters["code"] ?? ""),
            let id = ClientID(link.subject)
        else { throw Problem(.notFound) }
        (tenant, self.id) = (link.tenant, id)
        code = call.parameters["code"] ?? ""
    }

    private let code: String

    private func client(in reader: some Queryable) throws -> Client {
        let client = try Client.resource.get(id, in: reader)
        guard client.status != .former else { throw Problem(.notFound) }
        return client
    }

    /// Registers whoever has left their name.
    func take(_ person: JSONObject, _ desk: ReferralDesk, in tx: Transaction) throws {
        try desk.take(person, from: .link, by: Referrer(try client(in: tx).id), in: tx)
    }

    func page(_ state: State, in reader: some Queryable) throws -> PublicPage {
        let client = try client(in: reader), tenant = try reader.agency.tenant()
        let words = try reader.wordings.find(tenant.locale)
        let title = words("referral.page_title", ["agency": .text(tenant.name)])
        var html = "<h1>\(title.htmlEscaped)</h1>"
        switch state {
        case .done:
            let text = words("referral.page_done", ["agency": .text(tenant.name)])
            html += "<p class=\"done\" role=\"status\">\(text.htmlEscaped)</p>"
        case .asking(let problem, let given):
            let text = words(
                "referral.page_text", ["client": .text(client.name), "agency": .text(tenant.name)])
            html += "<p>\(text.htmlEscaped)</p>" + form(problem, given, words)
        }
        return PublicPage(
            title: title, body: html, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }

    private func form(_ problem: Problem?, _ given: JSONObject, _ words: Wording) -> String {
        let faults = problem?.faults ?? []
        let fields = [
            ("name", "text", "name", words("referral.name"), true),
            ("email", "email", "email", words("referral.email"), true),
            ("company", "text", "organization", words("referral.company"), false),
        ].map { name, type, autocomplete, label, isRequired in
            let fault = faults.first { $0.pointer.hasSuffix("/\(name)") }.map { said($0, words) } ?? ""
            let marks = (isRequired ? " required" : "") + (fault.isEmpty ? "" : " aria-invalid=\"true\"")
            return """
                <label for="f-\(name)">\(label.htmlEscaped)</label>
                <input id="f-\(name)" name="\(name)" type="\(type)" autocomplete="\(autocomplete)" maxlength="300" \
                aria-describedby="e-\(name)" value="\((given[name]?.text ?? "").htmlEscaped)"\(marks) \
                style="width:100%;padding:10px;font:inherit">
                <p id="e-\(name)" class="soft" role="alert">\(fault.htmlEscaped)</p>
                """
        }
        return """
            <form method="post" action="/r/\(code.htmlEscaped)">\(fields.joined())
            <button>\(words("form.send").htmlEscaped)</button></form>
            """
    }

    private func said(_ fault: Fault, _ words: Wording) -> String {
        switch fault.code {
        case "required": words("form.fault_answer")
        case "invalid_email": words("form.fault_email")
        case "too_long": words("form.fault_long")
        case "self_referral": words("referral.fault_own")
        default: words("form.fault_other")
        }
    }
}
