internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing

/// Adds the routes for the rights of a person (GDPR art. 15, 17): to get everything that is kept about them, and to
/// have it erased.
func privacyRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(PersonRequest.self)
    routes.schema(
        "PersonReport",
        .schema(
            ["subjects": ["type": "array", "items": ["type": "object"]], "data": ["type": "object"]],
            required: ["subjects", "data"]))
    routes.schema(
        "ErasureReport",
        .schema(
            [
                "subjects": ["type": "array", "items": ["type": "object"]], "erased": ["type": "object"],
                "kept": [
                    "type": "array",
                    "items": .schema(
                        [
                            "what": ["type": "string"], "reason": ["type": "string"],
                            "until": ["type": ["string", "null"], "format": "date-time"],
                        ], required: ["what", "reason", "until"]),
                ],
            ], required: ["subjects", "erased", "kept"]))
    routes.post(
        "/v1/privacy/export", .permission("privacy:export"), "Export everything that is kept about a person",
        named: "export_personal_data",
        body: .json(
            .reference(
                "PersonRequest")), .json(.reference("PersonReport"), "Everything that is kept, by resource.")
    ) { call in
        let (body, tenant, actor) = (try PersonRequest.read(call.object()), call.tenant, call.actor)
        return .task {
            let (subjects, data) = try runtime.database.read(tenant) { reader in
                let request = try body.request(by: "export", [.access, .portability], in: reader)
                let subjects = try body.subjects(request, in: reader)
                return (subjects, try runtime.exportPersonalData(of: subjects, in: reader))
            }
            let answer: JSON = ["subjects": .array(subjects.map(\.json)), "data": data]
            // The audit names everybody who has seen it all.
            try await runtime.database.write(tenant) { tx in
                for subject in subjects { try tx.auditLog.add(actor, "privacy.exported", subject) }
                guard let request = try body.request(by: "export", [.access, .portability], in: tx) else {
                    return
                }
                try tx.privacyRequests.complete(
                    request.id, by: actor, result: SubjectRequest.result(exported: answer))
            }
            return .json(answer)
        }
    }
    routes.post(
        "/v1/privacy/erase", .permission("privacy:erase"),
        "Erase a person; suppressions and proofs of consent stay",
        named: "erase_personal_data",
        body: .json(.reference("PersonRequest")),
        .json(
            .reference("ErasureReport"),
            "How much was erased, by where it was stored; and what is kept, why, and until when.")
    ) { call in
        let body = try PersonRequest.read(call.object())
        return .write { tx in
            let request = try body.request(by: "erasure", [.erasure], in: tx)
            let subjects = try body.subjects(request, in: tx, claimed: true)
            let (erased, kept) = try runtime.erasePersonalData(of: subjects, by: call.actor, in: tx)
            if let request {
                try tx.privacyRequests.forget(like: request)
                try tx.privacyRequests.complete(
                    request.id, by: call.actor, result: ["erased": erased, "kept": kept])
            }
            return .json(["subjects": .array(subjects.map(\.json)), "erased": erased, "kept": kept])
        }
    }
}

/// The person whom a request is about.
private struct PersonRequest: Declared {
    var contactID: ContactID?
    var email: String?
    var requestID: ID<SubjectRequest>?

    static let schema = Schema<PersonRequest>(
        "PersonRequest",
        [
            .id("contact_id", \.contactID, .about("The contact whom the request is about.")),
            .email(
                "email", \.email,
                .about("The email address of the person; all contacts and leads with it are included."),
                .example("jane@example.com")),
            .id(
                "request_id", \.requestID,
                .about(
                    "The privacy request that is answered and completed with it; the person may be left out then."
                )),
        ])

    /// The request that the operation is to answer; `nil`: none.
    func request(
        by operation: String, _ kinds: Set<SubjectRequest.Kind>, in reader: some Queryable
    ) throws -> SubjectRequest? {
        try requestID.map { try reader.privacyRequests.answerable($0, by: operation, kinds) }
    }

    /// Finds the person's contacts and leads. With `claimed`, it also finds the contacts who only said in a chat that
    /// the address was theirs: nobody has shown that it was, so that these are erased with the person but never shown
    /// to whoever asks. A registered request may be of somebody of whom nothing is known: then there are none.
    func subjects(
        _ request: SubjectRequest?, in reader: some Queryable, claimed: Bool = false
    ) throws -> [Subject] {
        guard contactID != nil || email != nil || request != nil else {
            throw Problem(faults: [
                Fault("/contact_id", "required", "The body needs contact_id, email or request_id.")
            ])
        }
        var contacts: Set<ContactID> = []
        if let contactID { contacts.insert(try Contact.resource.get(contactID, in: reader).id) }
        if let known = try request?.contactID.flatMap({ try Contact.resource.find($0, in: reader) }) {
            contacts.insert(known.id)
        }
        let key = (email ?? request?.address).flatMap { EmailAddress($0)?.key }
        if let key {
            contacts.formUnion(
                try Contact.resource.all(where: "email = \(key)", suffix: "LIMIT 1000", in: reader).map(
                    \.id))
            if let merged = try reader.identities.find(.email, key)?.contactID { contacts.insert(merged) }
        }
        if claimed, let key { contacts.formUnion(try reader.identities.contacts(claiming: key)) }
        let people = contacts.sorted()
        var leads =
            people.isEmpty
            ? []
            : try Lead.resource.all(where: "contact_id IN \(list: people)", suffix: "LIMIT 1000", in: reader)
        if let key {
            leads += try Lead.resource.all(where: "email = \(key)", suffix: "LIMIT 1000", in: reader)
        }
        if let named = try request?.leadID.flatMap({ try Lead.resource.find($0, in: reader) }) {
            leads.append(named)
        }
        let subjects =
            people.map { Subject($0) } + Set(leads.map(\.id)).sorted().map { Subject($0) }
        guard !subjects.isEmpty || request != nil else {
            throw Problem(.notFound, "No contact or lead with this address exists: check the address.")
        }
        return subjects
    }
}
