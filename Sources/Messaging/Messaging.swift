package import Records
package import Runtime

/// Who people are, what may be sent to them, and everything that goes out to them or comes in from them.
package func messagingRoutes(_ routes: inout Routes) {
    routes.standard(Company.resource, read: "companies:read", write: "companies:write")
    routes.standard(Contact.resource, read: "contacts:read", write: "contacts:write")
    routes.standard(CustomField.resource, read: "custom_fields:read", write: "custom_fields:write")
}

/// What tools may change here.
package func messagingRecords(_ registration: inout JobRegistration) {
    registration.add(Company.resource, read: "companies:read", write: "companies:write")
    registration.add(Contact.resource, read: "contacts:read", write: "contacts:write")
}

package let messagingSandboxTables: [SandboxTable] = [
    .copied(Company.resource),
    .copied(Contact.resource),
    .copied("external_ids"),
    .copied(CustomField.resource),
]
