internal import Agents
package import Database
package import JSON
internal import Jobs
internal import Messages
package import Nouns
internal import People
package import Records
internal import Telemetry
internal import Tenancy

/// Somebody's answers to a form: one row of `form_submissions`.
package struct FormSubmission: ManagedRecord {
    package var head = Head<FormSubmission>()
    package var formID: ID<Form>?
    package var answers: JSONObject = [:]
    package var contactID: ContactID?
    package var ticketID: TicketID?
    package var leadID: LeadID?

    package init() {}

    package static let idPrefix = "fsub", noun = "form_submission"
    package static let resource = Resource<FormSubmission>(
        "form_submissions", named: "FormSubmission",
        rule: .first(of: [
            .parent("ticket_id", of: "tickets"),
            .parent("lead_id", of: "leads"),
            .parent("contact_id", of: "contacts"),
        ]),
        personal: .emptied(own: ["answers", "created_at"]),
        [
            .id("form_id", \.formID, .readOnly, .filterable),
            .document(
                "answers", \.answers, .readOnly, .personal,
                .about("The answers, by the names of the form's fields.")),
            .id("contact_id", \.contactID, .readOnly, .erased, .filterable),
            .id(
                "ticket_id", \.ticketID, .readOnly, .filterable,
                .about("The ticket that the submission became.")),
            .id(
                "lead_id", \.leadID, .readOnly, .filterable,
                .about("The lead that the submission became.")),
        ])

    /// Deletes the files that came with it: they belong to nothing else but its ticket.
    package func erased(replacing old: FormSubmission, in tx: Transaction) throws {
        for field in old.answers.members {
            for id in (field.value.array ?? []).compactMap({ $0.text.flatMap { ID<StoredFile>($0) } }) {
                if let file = try StoredFile.resource.find(id, in: tx) { try tx.delete(file, by: .system) }
            }
        }
    }
}

extension TicketDesk {
    /// Takes in what somebody has answered. Whoever it is has said so themselves: they are a contact of their own,
    /// and no known one's history is theirs.
    func take(
        _ given: JSONObject, to form: Form, _ referrals: ReferralIntake, in tx: Transaction
    ) throws -> FormSubmission {
        let (answers, files) = try keepFiles(of: given, to: form, in: tx)
        var submission = FormSubmission.new(id: tx.nextID(), now: tx.now)
        (submission.formID, submission.answers) = (form.id, answers)
        switch form.creates {
        case .ticket:
            let contact = try contact(from: answers, form, in: tx)
            submission.contactID = contact?.id
            var ticket = form.ticket(from: answers)
            ticket.beginLife(id: tx.nextID(), now: tx.now)
            (ticket.contactID, ticket.attachments) = (contact?.id, files)
            try tx.create(&ticket, by: .system)
            submission.ticketID = ticket.id
            if form.acknowledges { try acknowledge(ticket, in: tx) }
        case .lead:
            let lead = try outbox.dependencies.upsertLead(tx, form.lead(from: answers, submission.id))
            submission.leadID = lead
            try tx.engagement.record(
                .demoRequest, of: try outbox.dependencies.leadByID(tx, lead)?.1, on: nil,
                fact: "form/\(submission.id)")
        case .referral:
            let answers = try ReferralAnswers(answers)
            submission.answers = answers.own
            submission.contactID = try answers.register(referrals, in: tx)
        }
        try tx.create(&submission, by: .system)
        try tx.publish(
            "form.submitted", form.subject,
            [
                "submission_id": JSON(submission.id), "ticket_id": JSON(submission.ticketID),
                "lead_id": JSON(submission.leadID),
            ])
        return submission
    }

    /// Makes the files whose tokens stand in the answers, which then name these.
    private func keepFiles(
        of given: JSONObject, to form: Form, in tx: Transaction
    ) throws -> (answers: JSONObject, files: [ID<StoredFile>]) {
        var (answers, files, faults) = (given, [ID<StoredFile>](), Faults())
        let links = outbox.services.links
        for field in form.fileFields {
            guard let tokens = given[field.name]?.array?.compactMap(\.text) else { continue }
            var ids: [ID<StoredFile>] = []
            for (index, token) in tokens.enumerated() {
                guard
                    let file = FormFile(
                        token, for: form.id, of: tx.tenant, at: outbox.services.now(), links)
                else {
                    faults.add(
                        "/\(field.name.pointerToken)/\(index)", "unknown_reference",
                        "The file is not known: upload it first with POST /v1/forms/{key}/files.")
                    continue
                }
                ids.append(try tx.files.create(file.content, name: file.name, by: .system).id)
            }
            answers[field.name] = JSON(ids)
            files += ids
        }
        try faults.throwIfAny()
        return (answers, Array(files.prefix(20)))
    }

    private func contact(
        from answers: JSONObject, _ form: Form, in tx: Transaction
    ) throws -> Contact? {
        guard let email = form.email(in: answers) else { return nil }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        contact.name = answers["name"]?.text?.trimmed ?? email
        (contact.email, contact.tags) = (email, [Contact.unverifiedTag])
        try tx.create(&contact, by: .system)
        return contact
    }
}

extension Form {
    fileprivate func email(in answers: JSONObject) -> String? {
        fields.list.first { $0.kind == .email }.flatMap { answers[$0.name]?.text }
    }

    /// Its text is what was written at greatest length into a field that says so; all else lies beside it.
    fileprivate func ticket(from answers: JSONObject) -> Ticket {
        var ticket = Ticket()
        let texts = fields.list.filter { $0.kind == .text }.compactMap { field in
            answers[field.name]?.text.map { (field.name, $0) }
        }
        let named = FormField.textNames.lazy.compactMap { name in
            texts.first { $0.0 == name }?.1
        }.first
        let body = named ?? texts.map(\.1).max { $0.utf8.count < $1.utf8.count } ?? name
        let line = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? name
        ticket.subject = String((answers["subject"]?.text ?? line).prefix(120))
        (ticket.body, ticket.source, ticket.fields) = (body, "web_form", answers)
        let route = routes.list.first { answers[$0.field] == $0.equals }
        (ticket.priority, ticket.teamID) = (route?.priority ?? priority, route?.teamID ?? teamID)
        ticket.category = route?.category ?? category
        return ticket
    }

    /// Answers to fields that are called like those of a lead are these; all else is in its notes.
    fileprivate func lead(from answers: JSONObject, _ id: ID<FormSubmission>) -> JSONObject {
        var lead: JSONObject = [
            "match_on": "external_ids.form", "external_ids": ["form": JSON(id)], "source": "web_form",
        ]
        var notes: [String] = []
        let email = email(in: answers)
        if let email { lead.append("email", .string(email)) }
        for field in fields.list where field.kind != .email && field.kind != .file {
            guard let answer = answers[field.name] else { continue }
            switch field.name {
            case "company", "website", "industry", "country", "location", "phone", "contact_name",
                "contact_title":
                lead.append(field.name, answer)
            case "name": lead.append("contact_name", answer)
            default: notes.append("\(field.label): \(answer.text ?? answer.serialized)")
            }
        }
        if lead["company"] == nil {
            let domain = email.flatMap { $0.split(separator: "@").last.map(String.init) }
            lead.append("company", .string(lead["contact_name"]?.text ?? domain ?? name))
        }
        if !notes.isEmpty { lead.append("notes", .string(notes.joined(separator: "\n"))) }
        return lead
    }
}
