internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// The number of forms that one address may send in a minute.
private let submissionsPerMinute = 60
/// The number of files that it may send in a minute.
private let uploadsPerMinute = 20

private let formFileSchema = JSON.schema(
    [
        "file": ["type": "string"], "name": ["type": "string"], "size": ["type": "integer"],
        "media_type": ["type": "string"],
    ], required: ["file"])

func formRoutes(_ routes: inout Routes, _ desk: TicketDesk, _ referrals: ReferralIntake) {
    let services = desk.outbox.services
    let limiter = AddressLimiter(perMinute: submissionsPerMinute)
    formPageRoutes(&routes, desk, referrals, limiter)
    routes.standard(Form.resource, read: "forms:read", write: "forms:write")
    routes.standard(
        FormSubmission.resource, read: "forms:read", write: "forms:write", create: false, patch: false)
    routes.schema("FormAnswers", ["type": "object", "description": "The form's fields by their names."])
    routes.schema("FormReceipt", .schema(["id": ["type": "string"]], required: ["id"]))
    routes.schema("FormState", ["type": "object"])

    @Sendable func target(_ call: Call) throws -> (TenantID, ID<Form>) {
        let key = call.parameters["key"] ?? ""
        guard let found = try services.database.acrossTenantsRead({ try $0.acrossTenantsForm(key: key) })
        else { throw Problem(.notFound) }
        return found
    }
    routes.post(
        "/v1/forms/{key}/submissions", .anyone, "Submit a form, with its fields as the body",
        named: "submit_form",
        body: .json(
            .reference(
                "FormAnswers")), .json(.reference("FormReceipt"), status: 201, "The submission was received.")
    ) { call in
        try limiter.take(call.request.head.remoteAddress, now: services.now())
        let body = try call.object()
        return .task {
            let (tenant, id) = try target(call)
            let submission = try await services.database.write(tenant) { tx in
                let form = try Form.resource.get(id, in: tx)
                return try desk.take(try form.answers(in: body), to: form, referrals, in: tx)
            }
            return .json(["id": JSON(submission.id)], status: 201)
        }
    }
    routes.schema("FormFile", formFileSchema)
    let uploads = AddressLimiter(perMinute: uploadsPerMinute)
    routes.post(
        "/v1/forms/{key}/files", .anyone,
        "Upload a file for a form, as the body or as the part file, and get its token",
        named: "upload_form_file",
        body: .raw(limit: FormFile.sizeMax + 64 * 1024),
        query: [.query("name", "The name of the file.", ["type": "string", "maxLength": 255])],
        .json(.reference("FormFile"), status: 201, "The file is stored until the form is submitted.")
    ) { call in
        try uploads.take(call.request.head.remoteAddress, now: services.now())
        let (bytes, name) = try call.upload()
        return .task {
            let (tenant, id) = try target(call)
            let form = try services.database.read(tenant) { try Form.resource.get(id, in: $0) }
            guard !form.fileFields.isEmpty else {
                throw Problem(.conflict, "The form takes no files: send it without them.")
            }
            if let fault = FormFile.fault(bytes, at: "/file") { throw Problem(faults: [fault]) }
            let (token, file) = try await FormFile.keep(bytes, name: name, for: id, of: tenant, services)
            return .json(
                [
                    "file": .string(token), "name": .string(file.name), "size": JSON(file.content.size),
                    "media_type": .string(file.content.mediaType),
                ], status: 201)
        }
    }
    routes.post(
        "/v1/forms/{key}/state", .anyone,
        "Get the fields that a form asks after some answers, and what is wrong with these; nothing is stored",
        named: "check_form_answers",
        body: .json(
            .reference("FormAnswers")), .json(.reference("FormState"), "The fields that the form asks now.")
    ) { call in
        let body = try call.object()
        return .task {
            let (tenant, id) = try target(call)
            return try services.database.read(tenant) { reader in
                let form = try Form.resource.get(id, in: reader), state = form.read(body)
                let words = try reader.wordings.find(reader.agency.tenant().locale)
                return .json(
                    form.shown.merging([
                        "asked": JSON(state.asked),
                        "errors": .array(
                            state.faults.list.map { fault in
                                [
                                    "pointer": .string(fault.pointer), "code": .string(fault.code),
                                    "detail": .string(fault.detail), "text": .string(form.said(fault, words)),
                                ]
                            }),
                    ]))
            }
        }
    }
}
