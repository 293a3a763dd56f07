internal import JSON
internal import Records
internal import Transfer

/// Our own exports, whose cells are taken to the letter.
extension LeadDraft {
    /// A cell of our own export: read to the letter.
    mutating func takeOwn(_ text: String, _ field: LeadField) {
        switch field {
        case .employeeCount, .timelineDays:
            guard let number = Int64(text) else {
                return fault(field, .wrongType, "'\(text.prefix(100))' is not a number.")
            }
            values[field] = .integer(number)
        case .annualRevenue, .budget:
            guard let reading = AmountText.parse(text, assuming: defaults.currency) else {
                return fault(field, .wrongType, "'\(text.prefix(100))' is not an amount of money.")
            }
            values[field] = money(reading.amount, reading.currency)
        case .authority: takeFlag(text, field)
        case .tags: tags = CSVList.tags.split(text)
        case .painPoints: painPoints = CSVList.sentences.split(text)
        case .notes: notes = [text]
        // A name from before names had to be one line.
        case .contactName where TextRule.lineFault(in: text) != nil:
            values[field] = .string(TextCleaning.oneLine(text))
        default: values[field] = .string(text)
        }
    }

    /// A number or a truth value, unless an apostrophe says that it is a text.
    mutating func takeOwnCustom(_ text: String, _ key: String) {
        custom[key] = CustomCell.own(text)
    }
}

/// The members of a line of JSON.
extension LeadDraft {
    mutating func takeMembers(_ value: JSON, of name: String) {
        guard let members = value.object?.members else {
            if !value.isNull { fault(name, .wrongType, "'\(name)' must be an object.") }
            return
        }
        for (key, value) in members {
            guard let target = ImportTarget("\(name).\(key)") else {
                fault("\(name).\(key)", .unknownField, "'\(key)' is not a valid name for a member.")
                continue
            }
            take(value, target, named: key)
        }
    }

    mutating func take(_ value: JSON, _ target: ImportTarget, named name: String) {
        switch (target, value) {
        case (_, .null): break
        case (.custom(let key), .bool), (.custom(let key), .integer), (.custom(let key), .number):
            custom[key] = value
        case (.custom(let key), .string(let text)) where isVerbatim: custom[key] = .string(text)
        case (.consent, .bool(let flag)):
            custom["consent"] = value
            isRefused = isRefused || !flag
        case (.doNotContact, .bool(let flag)): isRefused = isRefused || flag
        case (.field(.authority), .bool): values[.authority] = value
        // The value goes on as a create would get it, so that validation says what is wrong with it.
        case (.field(let field), .integer), (.field(let field), .number), (.field(let field), .object):
            values[field] = value
        case (.field(.tags), .array(let items)), (.field(.painPoints), .array(let items)):
            takeItems(items, target, name)
        case (.field, .string(let text)), (.firstName, .string(let text)), (.lastName, .string(let text)),
            (.city, .string(let text)), (.state, .string(let text)), (.custom, .string(let text)),
            (.externalID, .string(let text)), (.consent, .string(let text)),
            (.doNotContact, .string(let text)):
            if !text.isEmpty { take(text, target, header: name) }
        default: fault(target.fieldName, .wrongType, "'\(name)' has a value of the wrong type.")
        }
    }

    mutating func takeItems(_ items: [JSON], _ target: ImportTarget, _ name: String) {
        let texts = items.compactMap(\.text)
        guard texts.count == items.count else {
            return fault(target.fieldName, .wrongType, "'\(name)' must be a list of texts.")
        }
        let kept = isVerbatim ? texts : texts.map { line($0) }.filter { !$0.isEmpty }
        if target == .field(.tags) { tags += kept } else { painPoints += kept }
    }
}
