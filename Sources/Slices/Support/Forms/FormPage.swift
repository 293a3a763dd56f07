internal import Database
internal import HTTPServer
internal import JSON
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// A form as a page of its own: it asks only what matters, and says at once what is wrong. Without scripts it is sent
/// in, and comes back with what is still to be answered.
func formPageRoutes(
    _ routes: inout Routes, _ desk: TicketDesk, _ referrals: ReferralIntake, _ limiter: AddressLimiter
) {
    let services = desk.outbox.services
    @Sendable func target(_ call: Call) throws -> (TenantID, ID<Form>) {
        let key = call.parameters["key"] ?? ""
        guard let found = try services.database.acrossTenantsRead({ try $0.acrossTenantsForm(key: key) })
        else { throw Problem(.notFound) }
        return found
    }
    routes.get(
        "/forms/{key}", .anyone, "Show a form as a page", .media("text/html", "The page.")
    ) { call in
        .task {
            let (tenant, id) = try target(call)
            return try services.database.read(tenant) { reader in
                try Form.resource.get(id, in: reader).page([:], Faults(), in: reader).response()
            }
        }
    }
    routes.post(
        "/forms/{key}", .anyone, "Submit a form from its page",
        body: .raw(limit: FormFile.bytesMax + textMax),
        .media("text/html", "The submission was received, or what is missing.")
    ) { call in
        try limiter.take(call.request.head.remoteAddress, now: services.now())
        return .task {
            let (tenant, id) = try target(call)
            let form = try services.database.read(tenant) { try Form.resource.get(id, in: $0) }
            guard !form.fileFields.isEmpty || call.request.bytes.count <= textMax else {
                throw Problem(.bodyTooLarge)
            }
            let type = call.request.head.header("Content-Type") ?? ""
            let parts = FormData(call.request.bytes, contentType: type)?.parts ?? []
            var given = form.values(of: parts)
            let files = try await form.files(of: parts, tenant, services)
            for (name, tokens) in files.tokens { given[name] = JSON(tokens) }
            let (sent, refused, names) = (given, files.faults, files.names)
            return try await services.database.write(tenant) { tx in
                let form = try Form.resource.get(id, in: tx)
                let reading = form.read(sent)
                var faults = reading.faults
                for fault in refused { faults.add(fault.pointer, fault.code, fault.detail) }
                if faults.isEmpty {
                    do {
                        _ = try tx.attempt { try desk.take(reading.answers, to: form, referrals, in: tx) }
                    } catch let problem as Problem where problem.type.status == 422 {
                        for fault in problem.faults { faults.add(fault.pointer, fault.code, fault.detail) }
                    }
                }
                guard faults.isEmpty else {
                    return try form.page(sent, faults, names: names, in: tx).response(status: 422)
                }
                return try form.thanksPage(in: tx).response()
            }
        }
    }
}

/// Of a form without files.
private let textMax = 256 * 1024

extension Form {
    /// Returns the answers that a page's form has sent, as the fields want them.
    fileprivate func values(of parts: [FormData.Part]) -> JSONObject {
        var values = JSONObject()
        for field in fields.list {
            guard let text = parts.first(where: { $0.name == field.name })?.text else { continue }
            switch field.kind {
            case .number:
                values.append(
                    field.name,
                    Int64(text.trimmed).map { .integer($0) } ?? Double(text.trimmed).map { .number($0) }
                        ?? .string(text))
            case .boolean: values.append(field.name, .bool(["true", "on", "1"].contains(text)))
            case .text, .email, .choice: values.append(field.name, .string(text))
            case .file: break
            }
        }
        return values
    }

    /// The files of a page, which are kept at once, and those that it has kept before: nobody has to choose them a
    /// second time because something else was missing.
    fileprivate func files(
        of parts: [FormData.Part], _ tenant: TenantID, _ services: PlatformServices
    ) async throws -> (tokens: [String: [String]], names: [String: String], faults: [Fault]) {
        var (tokens, names, faults) = ([String: [String]](), [String: String](), [Fault]())
        for field in fileFields {
            for part in parts where part.name == field.name {
                guard part.fileName != nil else {
                    let known = FormFile(part.text, for: id, of: tenant, at: services.now(), services.links)
                    if let known {
                        tokens[field.name, default: []].append(part.text)
                        names[part.text] = known.name
                    }
                    continue
                }
                // A browser sends an empty one where nothing was chosen.
                guard !part.bytes.isEmpty, tokens[field.name, default: []].count <= FormFile.filesMax else {
                    continue
                }
                if let fault = FormFile.fault(part.bytes, at: "/\(field.name.pointerToken)") {
                    faults.append(fault)
                    continue
                }
                let (token, file) = try await FormFile.keep(
                    part.bytes, name: part.fileName, for: id, of: tenant, services)
                tokens[field.name, default: []].append(token)
                names[token] = file.name
            }
        }
        return (tokens, names, faults)
    }

    fileprivate func thanksPage(in reader: some Queryable) throws -> PublicPage {
        let tenant = try reader.agency.tenant(), words = try reader.wordings.find(tenant.locale)
        let text = thanks ?? words("form.thanks")
        return PublicPage(
            title: name,
            body: "<h1>\(name.htmlEscaped)</h1><p class=\"done\" role=\"status\">\(text.htmlEscaped)</p>",
            agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }

    fileprivate func page(
        _ given: JSONObject, _ faults: Faults, names: [String: String] = [:], in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.agency.tenant(), words = try reader.wordings.find(tenant.locale)
        let asked = Set(read(given).asked)
        var details: [String: String] = [:]
        for fault in faults.list where details[fault.pointer] == nil {
            details[fault.pointer] = said(fault, words)
        }
        var html = "<h1>\(name.htmlEscaped)</h1>"
        if !faults.isEmpty {
            let text = words("form.missing")
            html += "<p class=\"done\" role=\"alert\">\(text.htmlEscaped)</p>"
        }
        let coding = fileFields.isEmpty ? "" : " enctype=\"multipart/form-data\""
        html +=
            "<form method=\"post\" action=\"/forms/\(publicKey)\" data-key=\"\(publicKey)\"\(coding) novalidate>"
        for field in fields.list {
            html += field.html(
                given[field.name] ?? .null, isAsked: asked.contains(field.name),
                fault: details["/\(field.name.pointerToken)"], names, words)
        }
        let send = words("form.send")
        html += "<button>\(send.htmlEscaped)</button></form>"
        // People who cannot use the form have another way.
        if let sender = tenant.sender?.email {
            let other = words("form.or_write")
            html +=
                "<p class=\"soft\">\(other.htmlEscaped) <a href=\"mailto:\(sender.htmlEscaped)\">\(sender.htmlEscaped)</a>.</p>"
        }
        return PublicPage(
            title: name, body: html, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag, script: "/public/form.js")
    }
}

extension Form {
    /// Returns a fault as whoever fills in the form reads it; the fault's own detail is for those who write programs.
    func said(_ fault: Fault, _ words: Wording) -> String {
        let field = fields.list.first { fault.pointer == "/\($0.name.pointerToken)" }
        let isFile = field?.kind == .file
        return switch fault.code {
        case "required": words("form.fault_answer")
        case "invalid_email": words("form.fault_email")
        case "invalid_choice": isFile ? words("form.fault_kind") : words("form.fault_choice")
        case "wrong_type" where field?.kind == .number: words("form.fault_number")
        case "too_long" where isFile:
            words(
                "form.fault_files",
                ["count": .number(FormFile.filesMax), "size": .number(FormFile.sizeMax >> 20)])
        case "too_long": words("form.fault_long")
        case "self_referral": words("referral.fault_own")
        default: words("form.fault_other")
        }
    }
}

extension FormField {
    fileprivate func html(
        _ value: JSON, isAsked: Bool, fault: String?, _ names: [String: String], _ words: Wording
    ) -> String {
        let id = "f-\(name)".htmlEscaped, note = "e-\(name)".htmlEscaped
        let text = (value.text ?? (value.isNull ? "" : value.serialized)).htmlEscaped
        let marks =
            "id=\"\(id)\" name=\"\(name.htmlEscaped)\" aria-describedby=\"\(note)\""
            + (fault == nil ? "" : " aria-invalid=\"true\"") + (isRequired ? " aria-required=\"true\"" : "")
        let style = "style=\"width:100%;padding:10px;font:inherit\""
        let input: String
        switch kind {
        case .text:
            input = "<textarea \(marks) rows=\"\(isLong ? 5 : 1)\" maxlength=\"10000\">\(text)</textarea>"
        case .email:
            input = "<input type=\"email\" autocomplete=\"email\" \(marks) value=\"\(text)\" \(style)>"
        case .number: input = "<input inputmode=\"decimal\" \(marks) value=\"\(text)\" \(style)>"
        case .boolean:
            input = "<input type=\"checkbox\" value=\"true\" \(marks)\(value.flag == true ? " checked" : "")>"
        case .choice:
            let options = choices.map { choice in
                let isChosen = value.text == choice
                return
                    "<option value=\"\(choice.htmlEscaped)\"\(isChosen ? " selected" : "")>\(choice.htmlEscaped)</option>"
            }
            input = "<select \(marks) \(style)><option value=\"\"></option>\(options.joined())</select>"
        case .file:
            let large = words("form.too_large", ["size": .number(FormFile.sizeMax >> 20)])
            let kept = (value.array ?? []).compactMap(\.text).map { token in
                """
                <p class="soft">\(words("form.kept").htmlEscaped) \((names[token] ?? "").htmlEscaped)\
                <input type="hidden" name="\(name.htmlEscaped)" value="\(token.htmlEscaped)"></p>
                """
            }
            input =
                "<input type=\"file\" multiple \(marks) \(style) data-max=\"\(FormFile.sizeMax)\" data-large=\"\(large.htmlEscaped)\">"
                + kept.joined()
        }
        let star = isRequired ? " <span class=\"soft\">(\(words("form.required").htmlEscaped))</span>" : ""
        return """
            <div data-field="\(name.htmlEscaped)"\(isAsked ? "" : " hidden")>
            <label for="\(id)">\(label.htmlEscaped)\(star)</label>\(input)
            <p id="\(note)" class="soft" role="alert" aria-live="polite">\((fault ?? "").htmlEscaped)</p></div>
            """
    }

    private var isLong: Bool { FormField.textNames.contains(name) }
}
