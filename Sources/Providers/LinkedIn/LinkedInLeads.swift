package import Agents
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// LinkedIn's lead forms and the answers on them, below advertisements and on pages of organizations:
/// https://learn.microsoft.com/linkedin/marketing/lead-sync/leadsync
extension LinkedIn: LeadFormService {
    static let adAccountSetting = "ad_account"
    static let leadScopes = ["r_marketing_leadgen_automation", "r_ads"]
    private static let pageSize = 100

    /// In whose name forms stand: the organization, and the advertiser.
    private func owners(_ access: IntegrationAccess) -> [(name: String, urn: String, kind: String)] {
        var owners: [(name: String, urn: String, kind: String)] = []
        let author = author(access)
        if author.hasPrefix("urn:li:organization:") { owners.append(("organization", author, "COMPANY")) }
        if let account = access.setting(Self.adAccountSetting), !account.isEmpty {
            let urn = account.hasPrefix("urn:") ? account : "urn:li:sponsoredAccount:\(account)"
            owners.append(("sponsoredAccount", urn, "SPONSORED"))
        }
        return owners
    }

    private func requireOwners(
        _ access: IntegrationAccess
    ) throws(ToolFailure) -> [(name: String, urn: String, kind: String)] {
        let owners = owners(access)
        guard !owners.isEmpty else {
            throw ToolFailure(
                "not_supported",
                "LinkedIn has forms of organizations and advertisers alone: set author to an organization, or ad_account.",
                isRetryable: false)
        }
        return owners
    }

    /// A place is the number of the owner, and how many of theirs have been read.
    package func leadResponses(
        from start: Instant, upTo end: Instant, after place: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponsePage {
        let owners = try requireOwners(access)
        let parts = (place ?? "").split(separator: ":").map { Int($0) ?? 0 }
        let index = parts.first ?? 0, offset = parts.count > 1 ? parts[1] : 0
        guard owners.indices.contains(index) else { return LeadResponsePage([], next: nil) }
        let owner = owners[index]
        let answer = try await ask(
            "/rest/leadFormResponses?q=owner&owner=(\(owner.name):\(owner.urn.percentEncoded))"
                + "&leadType=(leadType:\(owner.kind))&limitedToTestLeads=false"
                + "&submittedAtTimeRange=(start:\(start.microseconds / 1000),end:\(end.microseconds / 1000))"
                + "&fields=\(Self.fields)&count=\(Self.pageSize)&start=\(offset)", access, reach)
        guard let elements = answer.body["elements"]?.array else { throw wire.unreadable }
        var found: [LeadResponse] = []
        for element in elements {
            if let response = try await response(element, access, reach) { found.append(response) }
        }
        let hasNext = answer.body["paging"]?["links"]?.array?.contains { $0["rel"]?.text == "next" } ?? false
        if !elements.isEmpty, hasNext || elements.count >= Self.pageSize {
            return LeadResponsePage(found, next: "\(index):\(offset + elements.count)")
        }
        return LeadResponsePage(found, next: index + 1 < owners.count ? "\(index + 1):0" : nil)
    }

    private static let fields = """
        owner,leadType,versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,leadMetadata,\
        leadMetadataInfo,associatedEntity,associatedEntityInfo,form:(hiddenFields,creationLocale,name,id,content)
        """

    package func leadResponse(
        _ id: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponse? {
        do throws(ToolFailure) {
            let answer = try await ask(
                "/rest/leadFormResponses/\(id.percentEncoded)?fields=\(Self.fields)", access, reach)
            return try await response(answer.body, access, reach)
        } catch {
            guard error.code == "not_found" else { throw error }
            return nil
        }
    }

    package func subscribeToLeads(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        guard let hook = access.hook else { return }
        for owner in try requireOwners(access) {
            let body: JSON = [
                "webhook": .string(hook.base + hook.path), "owner": .object([owner.name: .string(owner.urn)]),
                "leadType": .string(owner.kind),
            ]
            do throws(ToolFailure) {
                _ = try await ask("/rest/leadNotifications", access, reach, method: "POST", body: body)
            } catch {
                // It tells this address already.
                guard error.code == "refused", error.detail.contains("exist") else { throw error }
            }
        }
    }

    package func leadNote(_ receipt: HookReceipt) -> LeadNote? {
        guard let name = receipt.payload["leadGenFormResponse"]?.words else { return nil }
        return LeadNote(
            name.split(separator: ":").last.map(String.init) ?? name,
            isWithdrawn: receipt.payload["leadAction"]?.text == "DELETED")
    }

    // MARK: Reading

    /// `nil`: what cannot be read is left out.
    private func response(
        _ element: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponse? {
        guard let id = element["id"]?.label, let at = element["submittedAt"]?.int else { return nil }
        let urn = element["versionedLeadGenFormUrn"]?.text ?? ""
        guard let name = element["form"]?["id"]?.label ?? Self.form(in: urn) else { return nil }
        var form = element["form"] ?? .null
        if form["content"] == nil {
            form = try await ask("/rest/leadForms/\(name.percentEncoded)", access, reach).body
        }
        var response = LeadResponse(
            id, of: .init(name, form["name"]?.words), at: Instant(milliseconds: at))
        response.isTest = element["testLead"]?.flag == true
        response.kind = element["leadType"]?.words
        let sponsored = element["leadMetadataInfo"]?["sponsoredLeadMetadataInfo"]?["campaign"]
        let campaign =
            element["leadMetadata"]?["sponsoredLeadMetadata"]?["campaign"]?.words ?? sponsored?["id"]?.label
        response.campaign = campaign.map { .init($0, sponsored?["name"]?.words) }
        let creative = element["associatedEntityInfo"]?["associatedCreative"]
        response.ad = element["associatedEntity"]?["associatedCreative"]?.words ?? creative?["id"]?.label
        response.post = creative?["content"]?["reference"]?.words
        let content = form["content"] ?? .null
        response.answers = Self.answers(element["formResponse"]?["answers"], content["questions"])
        response.hidden = (form["hiddenFields"]?.array ?? content["hiddenFields"]?.array ?? []).compactMap {
            part in
            part["name"]?.words.map { ($0, part["value"]?.label ?? "") }
        }
        response.consents = Self.consents(
            element["formResponse"]?["consentResponses"], content["legalInfo"]?["consents"])
        return response
    }

    /// The number of a form in `urn:li:versionedLeadGenForm:(urn:li:leadGenForm:789,1)`.
    private static func form(in urn: String) -> String? {
        urn.firstMatch(of: /leadGenForm:(\d+)/).map { String($0.1) }
    }

    private static func answers(_ answers: JSON?, _ questions: JSON?) -> [LeadResponse.Answer] {
        let known = Dictionary(
            (questions?.array ?? []).compactMap { question in
                question["questionId"]?.label.map { ($0, question) }
            }
        ) { first, _ in first }
        return (answers?.array ?? []).compactMap { answer in
            guard let number = answer["questionId"]?.label else { return nil }
            let question = known[number] ?? .null
            guard let value = value(answer["answerDetails"], question), !value.isEmpty else { return nil }
            let words = localized(question["question"]) ?? question["name"]?.words ?? number
            return LeadResponse.Answer(words, traits[question["predefinedField"]?.text ?? ""], value)
        }
    }

    private static func value(_ details: JSON?, _ question: JSON) -> String? {
        if let text = details?["textQuestionAnswer"]?["answer"]?.label { return text }
        guard let chosen = details?["multipleChoiceAnswer"]?["options"]?.array else { return nil }
        let options = question["questionDetails"]?["multipleChoiceQuestionDetails"]?["options"]?.array ?? []
        return chosen.compactMap { choice in
            let option = options.first { $0["id"] == choice }
            return option.flatMap { localized($0["text"]) } ?? choice.label
        }.joined(separator: ", ")
    }

    private static func consents(_ given: JSON?, _ boxes: JSON?) -> [LeadResponse.Consent] {
        (given?.array ?? []).compactMap { response in
            guard let number = response["consentId"]?.label else { return nil }
            let box = boxes?.array?.first { $0["id"]?.label == number }
            return LeadResponse.Consent(
                localized(box?["consent"]) ?? "Consent \(number)",
                isAccepted: response["accepted"]?.flag == true)
        }
    }

    /// A text in the language of the form, which is the only one that it has.
    private static func localized(_ text: JSON?) -> String? {
        text?["localized"]?.object?.members.first?.value.words ?? text?.words
    }

    private static let traits: [String: LeadResponse.Trait] = [
        "FIRST_NAME": .firstName, "LAST_NAME": .lastName, "EMAIL": .email, "WORK_EMAIL": .workEmail,
        "PHONE_NUMBER": .phone, "WORK_PHONE_NUMBER": .workPhone, "COMPANY_NAME": .company,
        "JOB_TITLE": .title,
        "COMPANY_WEBSITE": .website, "INDUSTRY": .industry, "COUNTRY": .country, "CITY": .city,
        "LINKEDIN_PROFILE_LINK": .profile,
    ]
}
