package import Agents
package import HTTPServer
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Lead forms of a page, and the answers on them: https://developers.facebook.com/docs/marketing-api/guides/lead-ads
extension Facebook: LeadFormService {
    private static let fields = """
        id,created_time,field_data,form_id,ad_id,campaign_id,campaign_name,is_organic,platform,post,\
        custom_disclaimer_responses
        """

    /// A place is the number of the form, and the cursor among its responses.
    package func leadResponses(
        from start: Instant, upTo end: Instant, after place: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponsePage {
        let forms = try await leadForms(access, reach)
        let parts = (place ?? "").split(separator: " ", maxSplits: 1)
        let index = parts.first.flatMap { Int($0) } ?? 0
        guard forms.indices.contains(index) else { return LeadResponsePage([], next: nil) }
        let since: JSON = [
            [
                "field": "time_created", "operator": "GREATER_THAN",
                "value": .integer(start.microseconds / 1_000_000 - 1),
            ]
        ]
        var query = [("fields", Self.fields), ("filtering", since.serialized), ("limit", "100")]
        if parts.count > 1 { query.append(("after", String(parts[1]))) }
        let answer = try await graph.get("\(node(forms[index].id, access))/leads", query, access, reach)
        guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
        let found = list.compactMap { Self.response($0, forms[index]) }.filter { $0.submittedAt < end }
        let paging = answer["paging"]
        if paging?["next"]?.text != nil, let after = paging?["cursors"]?["after"]?.text {
            return LeadResponsePage(found, next: "\(index) \(after)")
        }
        return LeadResponsePage(found, next: index + 1 < forms.count ? "\(index + 1)" : nil)
    }

    private func leadForms(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [LeadResponse.Named] {
        let answer = try await graph.get(
            place("leadgen_forms", access), [("fields", "id,name,status"), ("limit", "100")], access, reach)
        guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
        return list.compactMap { form in form["id"]?.label.map { .init($0, form["name"]?.words) } }
            .sorted { $0.id < $1.id }
    }

    package func leadResponse(
        _ id: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponse? {
        do throws(ToolFailure) {
            let answer = try await graph.get(node(id, access), Self.fields, access, reach)
            guard let form = answer["form_id"]?.label else { throw graph.wire.unreadable }
            let named = try await graph.get(node(form, access), "id,name", access, reach)
            return Self.response(answer, .init(form, named["name"]?.words))
        } catch {
            guard error.code == MetaGraph.gone else { throw error }
            return nil
        }
    }

    /// The app itself is subscribed at Meta, where its people name our address; the page has to let it know.
    package func subscribeToLeads(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        _ = try await graph.post(
            place("subscribed_apps", access), [("subscribed_fields", "leadgen")], access, reach,
            isSilent: true)
    }

    package func leadNote(_ receipt: HookReceipt) -> LeadNote? {
        receipt.payload["leadgen_id"]?.label.map { LeadNote($0, isWithdrawn: false) }
    }

    private static func response(_ lead: JSON, _ form: LeadResponse.Named) -> LeadResponse? {
        guard let id = lead["id"]?.label, let at = MetaGraph.moment(lead["created_time"]) else { return nil }
        var response = LeadResponse(id, of: form, at: at)
        response.kind = lead["is_organic"]?.flag == true ? "organic" : "ad"
        response.campaign = lead["campaign_id"]?.label.map { .init($0, lead["campaign_name"]?.words) }
        response.ad = lead["ad_id"]?.label
        response.post = lead["post"]?["id"]?.label ?? lead["post"]?.words
        response.answers = (lead["field_data"]?.array ?? []).compactMap { field in
            guard let name = field["name"]?.words else { return nil }
            let value = (field["values"]?.array ?? []).compactMap(\.label).joined(separator: ", ")
            return value.isEmpty ? nil : LeadResponse.Answer(name, traits[name.lowercased()], value)
        }
        // The network's own tool fills its forms in with such words.
        response.isTest = response.answers.contains { $0.value.hasPrefix("<test lead:") }
        response.consents = (lead["custom_disclaimer_responses"]?.array ?? []).compactMap { box in
            guard let key = box["checkbox_key"]?.words else { return nil }
            return LeadResponse.Consent(
                key, isAccepted: box["is_checked"]?.text == "1" || box["is_checked"]?.flag == true)
        }
        return response
    }

    private static let traits: [String: LeadResponse.Trait] = [
        "full_name": .name, "first_name": .firstName, "last_name": .lastName, "email": .email,
        "work_email": .workEmail, "phone_number": .phone, "work_phone_number": .workPhone,
        "company_name": .company, "job_title": .title, "website": .website, "country": .country,
        "city": .city,
    ]
}

/// Notices of what was filled in on a page's forms.
extension Facebook: HookEndpoint {
    package func handshake(_ request: HookRequest) -> Response? { MetaSignature.handshake(request) }

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try MetaSignature.verify(request)
        guard let body = try? JSONParser.parse(request.body), let entries = body["entry"]?.array else {
            throw .malformed("The body has no entries.")
        }
        guard body["object"]?.text == "page" else { return [] }
        let own = request.access.setting("page_id")
        return entries.filter { own == nil || $0["id"]?.label == own }.flatMap { entry -> [HookItem] in
            (entry["changes"]?.array ?? []).compactMap { change in
                guard change["field"]?.text == "leadgen", let value = change["value"],
                    let id = value["leadgen_id"]?.label
                else { return nil }
                return HookItem(key: hookKey("leadgen", id), type: "leadgen", payload: value)
            }
        }
    }
}
