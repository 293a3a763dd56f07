package import JSON

// The form in which a decision keeps its input: to be hashed, and to be decided again.
extension ScoringInput {
    /// Equal bytes for equal inputs.
    package var json: JSON {
        // Leads without engagement keep the bytes that they ever had.
        let engaged: [(String, JSON)] = engagement.score.map { [("engagement", .number($0))] } ?? []
        let fields: [(String, JSON)] =
            [
                ("annual_revenue", Self.json(annualRevenue)),
                ("authority", authority.map(JSON.bool) ?? .null),
                ("budget", Self.json(budget)), ("contact_title", JSON(contactTitle)),
                ("country", JSON(country)),
                ("custom", JSON.object(custom).canonical), ("email", Self.json(email)),
                ("employee_count", JSON(employeeCount)),
            ] + engaged + [
                ("has_contact_name", .bool(hasContactName)),
                ("has_linkedin", .bool(hasLinkedIn)), ("has_phone", .bool(hasPhone)),
                ("has_website", .bool(hasWebsite)), ("industry", JSON(industry)),
                ("location", JSON(location)),
                ("meetings", JSON(engagement.meetings)), ("notes", JSON(notes)),
                ("opens", JSON(engagement.opens)),
                ("pain_points", JSON(painPoints)), ("replies", JSON(engagement.replies)),
                ("source", JSON(source)),
                ("status", .string(status)), ("tags", JSON(tags)), ("timeline_days", JSON(timelineDays)),
            ]
        return .object(fields.reduce(into: JSONObject()) { $0.append($1.0, $1.1) })
    }

    /// All that an outcome rests on, for its hash. `model` names the model and its version.
    package func canonicalInputs(configurationVersion: Int, model: String) -> JSON {
        ["configuration": JSON(configurationVersion), "input": json, "model": .string(model)]
    }

    /// `nil` when it is not what `json` writes.
    package init?(json: JSON) {
        guard let fields = json.object, let status = fields["status"]?.text,
            let tags = fields["tags"]?.texts, let painPoints = fields["pain_points"]?.texts,
            let custom = fields["custom"]?.object, let website = fields["has_website"]?.flag,
            let linkedIn = fields["has_linkedin"]?.flag, let phone = fields["has_phone"]?.flag,
            let name = fields["has_contact_name"]?.flag, let replies = fields["replies"]?.int,
            let meetings = fields["meetings"]?.int, let opens = fields["opens"]?.int
        else { return nil }
        (self.status, self.tags, self.painPoints, self.custom) = (status, tags, painPoints, custom)
        (hasWebsite, hasLinkedIn, hasPhone, hasContactName) = (website, linkedIn, phone, name)
        engagement = Engagement(
            replies: Int(replies), meetings: Int(meetings), opens: Int(opens),
            score: fields["engagement"]?.double)
        employeeCount = fields["employee_count"]?.int.map { Int($0) }
        timelineDays = fields["timeline_days"]?.int.map { Int($0) }
        authority = fields["authority"]?.flag
        (annualRevenue, budget) = (Amount(json: fields["annual_revenue"]), Amount(json: fields["budget"]))
        (industry, contactTitle) = (fields["industry"]?.text, fields["contact_title"]?.text)
        (country, location) = (fields["country"]?.text, fields["location"]?.text)
        (source, notes) = (fields["source"]?.text, fields["notes"]?.text)
        if let email = fields["email"]?.object {
            self.email = Email(
                isRole: email["role"]?.flag ?? false, isFreeMail: email["free"]?.flag ?? false,
                isDisposable: email["disposable"]?.flag ?? false)
        }
    }

    private static func json(_ amount: Amount?) -> JSON {
        guard let amount else { return .null }
        return ["amount": .integer(amount.amount), "currency": .string(amount.currency)]
    }

    private static func json(_ email: Email?) -> JSON {
        guard let email else { return .null }
        return [
            "disposable": .bool(email.isDisposable), "free": .bool(email.isFreeMail),
            "role": .bool(email.isRole),
        ]
    }
}

extension ScoringInput.Amount {
    fileprivate init?(json: JSON?) {
        guard let amount = json?["amount"]?.int, let currency = json?["currency"]?.text else { return nil }
        self.init(amount: amount, currency: currency)
    }
}

extension JSON {
    fileprivate var texts: [String]? { array?.compactMap(\.text) }
}
