internal import Agents
internal import Database
package import Jobs
internal import Nouns
internal import Records
package import Routing
internal import RuntimeRoutes
internal import Transfer

/// Declares the routes of people: who they are, and what they have agreed to.
package func peopleRoutes(_ routes: inout Routes, uploads: String) {
    routes.standard(Company.resource, read: "companies:read", write: "companies:write")
    routes.standard(
        Contact.resource, read: "contacts:read", write: "contacts:write",
        notes: .ofAddress({ $0.email }, heir: { try $1.contacts.heir(of: $0)?.id.keyText }))
    routes.duplicates(of: Company.resource, read: "companies:read")
    routes.duplicates(of: Contact.resource, read: "contacts:read")
    routes.standard(CustomField.resource, read: "custom_fields:read", write: "custom_fields:write")
    routes.standard(
        Suppression.resource, read: "suppressions:read", write: "suppressions:write", patch: false)
    routes.standard(Consent.resource, read: "consents:read", write: "consents:write")
    privacyRequestRoutes(&routes)
    engagementRoutes(&routes)
    preferenceRoutes(&routes)
    routes.transfer(Contact.transfer, folder: uploads)
    routes.transfer(Suppression.transfer, folder: uploads)
    routes.transfer(Consent.transfer, folder: uploads)
    routes.openToLimited(
        "GET /v1/contacts/export", "GET /v1/suppressions/export", "GET /v1/consents/export")
}

/// Registers what works on people: imports, duplicates, and tools' access to their records.
package func peopleJobs(_ registration: inout JobRegistration) {
    registration.add(UnsubscribeListEnd())
    registration.add(PrivacyDueJob())
    registration.add(PrivacyRetention())
    registration.add(RegisteredRequests())
    registration.add(PreferenceData())
    registration.add(
        ReferringColumn("stated_preferences", "contact_id", of: Contact.resource.table, once: "name"))
    registration.add(Contact.transfer)
    registration.add(Suppression.transfer)
    registration.add(Consent.transfer)
    registration.add(DuplicateJob<Contact>())
    registration.add(DuplicateJob<Company>())
    registration.add(Company.resource, read: "companies:read", write: "companies:write")
    registration.add(Contact.resource, read: "contacts:read", write: "contacts:write")
}

package let peopleSandboxTables: [SandboxTable] = [
    .copied(Company.resource, changing: ["matched_version": .integer(0)]),
    .copied(Contact.resource, changing: ["matched_version": .integer(0)]),
    .copied("external_ids"),
    .copied(CustomField.resource),
    .copied(Suppression.resource),
    .copied(Consent.resource),
    .copied(ContactActivity.resource),
    .copied("preference_counts"),
    .copied("stated_preferences"),
    .left("privacy_requests", because: "people ask the live agency, which has to answer"),
]
