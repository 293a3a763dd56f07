package import Agents
internal import JSON
internal import Records
package import Telemetry

/// A network on whose forms people leave their details. One instance serves every agency.
package protocol LeadFormService: IntegrationProvider {
    /// Returns what was filled in from one moment up to another, one page at a time. `place`: where the page before has
    /// ended.
    func leadResponses(
        from start: Instant, upTo end: Instant, after place: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponsePage

    /// Returns one response; `nil`: the network does not have it any more.
    func leadResponse(
        _ id: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LeadResponse?

    /// Has the network tell the integration's hook of each response. Done twice, it is the same.
    func subscribeToLeads(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)

    /// Reads what a hook has told; `nil`: it is about no response.
    func leadNote(_ receipt: HookReceipt) -> LeadNote?
}

extension LeadFormService {
    package static var leadSettings: [SettingField] {
        [
            SettingField(
                LeadFormSetting.isOn, .boolean,
                "Whether what people fill in on its forms becomes leads; the token has to permit it."),
            SettingField(
                LeadFormSetting.consents, .boolean,
                "Whether the boxes on its forms agree to advertising by email: then it is recorded as a consent."
            ),
        ]
    }
}

/// The settings of integrations whose forms are read.
package enum LeadFormSetting {
    package static let isOn = "lead_forms", consents = "lead_consents"
}

extension Integration {
    /// Returns whether the forms of its network are read.
    package func readsLeadForms(by providers: IntegrationProviders) -> Bool {
        status == .active && environment == .live && settings[LeadFormSetting.isOn]?.flag == true
            && providers[provider] is any LeadFormService
    }
}

/// A hook's notice of a response.
package struct LeadNote: Sendable {
    package let response: String
    /// Whether the person has taken it back.
    package let isWithdrawn: Bool

    package init(_ response: String, isWithdrawn: Bool) {
        (self.response, self.isWithdrawn) = (response, isWithdrawn)
    }
}

package struct LeadResponsePage: Sendable {
    package var responses: [LeadResponse]
    /// The place to go on at; `nil`: this was the last page.
    package var next: String?

    package init(_ responses: [LeadResponse], next: String?) {
        (self.responses, self.next) = (responses, next)
    }
}

/// A form that somebody has filled in, as its network tells of it.
package struct LeadResponse: Sendable {
    /// The subject of a question, where the network knows.
    package enum Trait: String, Sendable {
        case name, firstName, lastName, email, workEmail, phone, workPhone, company, title, website, industry,
            country, city, profile
    }

    package struct Answer: Sendable {
        package let question: String
        package let trait: Trait?
        package let value: String

        package init(_ question: String, _ trait: Trait?, _ value: String) {
            (self.question, self.trait, self.value) = (question, trait, value)
        }
    }

    /// A box below a form.
    package struct Consent: Sendable {
        package let words: String
        package let isAccepted: Bool

        package init(_ words: String, isAccepted: Bool) {
            (self.words, self.isAccepted) = (words, isAccepted)
        }
    }

    /// Something there, and what it is called.
    package struct Named: Sendable {
        package let id: String
        package let name: String?

        package init(_ id: String, _ name: String?) { (self.id, self.name) = (id, name) }
    }

    package let id: String
    package let form: Named
    package let submittedAt: Instant
    /// Whether it was made to try the form out.
    package var isTest = false
    /// The kind of page that has shown the form, in the network's words.
    package var kind: String?
    package var campaign: Named?
    package var ad: String?
    /// The post below which the form stood.
    package var post: String?
    package var answers: [Answer] = []
    /// The form's hidden fields.
    package var hidden: [(name: String, value: String)] = []
    package var consents: [Consent] = []

    package init(_ id: String, of form: Named, at moment: Instant) {
        (self.id, self.form, submittedAt) = (id, form, moment)
    }

    /// The first answer to a question for one of these, in their order.
    package func value(_ traits: Trait...) -> String? {
        for trait in traits {
            let found = answers.first { $0.trait == trait }?.value.trimmed
            if let found, !found.isEmpty { return found }
        }
        return nil
    }
}
