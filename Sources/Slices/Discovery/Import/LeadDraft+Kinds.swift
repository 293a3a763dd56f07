internal import JSON
internal import Records
internal import Telemetry
internal import Transfer

/// The kinds of values that a cell can hold.
extension LeadDraft {
    mutating func takeEmail(_ raw: String, _ header: String) {
        let text = line(raw)
        guard !text.isEmpty, !CellText.isPlaceholder(address: text) else { return }
        if let address = EmailAddress(deobfuscating: text) {
            return set(.email, address.key, header)
        }
        if CellText.isRefusal(text) {
            isRefused = true
            return leave(text, header)
        }
        // Two addresses in a cell: the first is the contact's, the second is kept.
        let parts = text.split { ",;/| \n\t".contains($0) }.map(String.init)
        let addresses = parts.compactMap { EmailAddress($0) }
        if parts.count >= 2, addresses.count == parts.count {
            for address in addresses { set(.email, address.key, header) }
            return
        }
        fault(.email, .invalidEmail, "'\(text.prefix(100))' is not an email address.")
    }

    mutating func takePhone(_ raw: String, _ header: String) {
        let text = line(raw)
        guard !text.isEmpty else { return }
        if CellText.isRefusal(text) { isRefused = true }
        phones.append((header, text))
    }

    /// Numbers are read last, when the row's country is known.
    mutating func settlePhones() {
        for (header, text) in phones {
            var parts = [text]
            var numbers = [phone(text)]
            if numbers[0] == nil {
                parts = text.split { ";,/|\n".contains($0) }.map { TextCleaning.trimmed(String($0)) }.filter {
                    !$0.isEmpty
                }
                numbers = parts.map { phone($0) }
            }
            guard numbers.contains(where: { $0 != nil }) else {
                notice(.phone, .invalidPhone, text, header)
                continue
            }
            for (part, number) in zip(parts, numbers) {
                guard let number else {
                    leave(part, header)
                    continue
                }
                set(.phone, number.e164, header)
                if let digits = number.extension, values[.phone]?.text == number.e164 {
                    leave(digits, "\(header) extension")
                }
            }
        }
    }

    func phone(_ text: String) -> PhoneNumber? {
        if let country = country ?? defaults.country { return PhoneNumber(text, country: country) }
        if let number = PhoneNumber(text) { return number }
        // The site's or the mail's country, if the number is certainly one of it.
        let hosts = [
            values[.website]?.text.flatMap { WebAddress($0)?.host },
            values[.email]?.text.flatMap { EmailAddress($0)?.domain },
        ]
        for host in hosts.compactMap(\.self) {
            guard let country = Country(topLevelDomainOf: host),
                let number = PhoneNumber(text, country: country),
                number.certainty == .valid
            else { continue }
            return number
        }
        return nil
    }

    mutating func takeCountry(_ text: String, _ header: String) {
        guard !text.isEmpty else { return }
        guard let found = Country(named: text) else {
            return fault(.country, .invalidCountry, "'\(text.prefix(100))' is not a country.")
        }
        if country == nil { country = found }
        set(.country, found.code, header)
    }

    mutating func takeLink(_ text: String, _ field: LeadField, _ header: String) {
        guard !text.isEmpty else { return }
        let isLinkedIn = field == .linkedinURL
        var links = [WebAddress(text)]
        if links[0] == nil { links = text.split { ",; \n|".contains($0) }.map { WebAddress(String($0)) } }
        let good = links.compactMap(\.self).filter { !isLinkedIn || $0.registrableDomain == "linkedin.com" }
        guard let first = good.first, good.count == links.count else {
            return notice(field, .invalidWebsite, text, header)
        }
        set(field, first.text, header)
        for other in good.dropFirst() { set(field, other.text, header) }
    }

    mutating func takeNumber(
        _ text: String, _ field: LeadField, _ header: String, _ read: (String) -> CellText.Reading<Int>
    ) {
        guard !text.isEmpty else { return }
        switch read(text) {
        case .value(let number): set(field, JSON(number), text, header)
        case .outOfRange: fault(field, .outOfRange, "'\(text.prefix(100))' is out of range.")
        case .unreadable: fault(field, .wrongType, "'\(text.prefix(100))' is not a number.")
        }
    }

    mutating func takeMoney(
        _ text: String, _ field: LeadField, _ header: String, _ currency: Currency?, _ scale: Int64
    ) {
        guard !text.isEmpty else { return }
        guard let reading = AmountText.parse(text, assuming: currency ?? defaults.currency) else {
            return fault(field, .wrongType, "'\(text.prefix(100))' is not an amount of money.")
        }
        let (amount, isTooLarge) = reading.amount.multipliedReportingOverflow(by: scale)
        guard amount >= 0, !isTooLarge else {
            return fault(field, .outOfRange, "'\(text.prefix(100))' is out of range.")
        }
        set(field, money(amount, reading.currency), text, header)
    }

    func money(_ amount: Int64, _ currency: Currency) -> JSON {
        ["amount": .integer(amount), "currency": .string(currency.code)]
    }

    mutating func takeFlag(_ text: String, _ field: LeadField) {
        guard !text.isEmpty else { return }
        guard let flag = CellText.flag(text) else {
            return fault(field, .wrongType, "'\(text.prefix(100))' is not yes or no.")
        }
        if values[field] == nil { values[field] = .bool(flag) }
    }

    mutating func takeStatus(_ text: String) {
        guard !text.isEmpty else { return }
        if CellText.isRefusal(text) {
            isRefused = true
            return
        }
        guard let status = StatusSynonyms.status(text) else {
            let choices = LeadField.statuses.joined(separator: ", ")
            return fault(.status, .invalidChoice, "'\(text.prefix(100))' is not one of \(choices).")
        }
        if values[.status] == nil { values[.status] = .string(status) }
    }

    /// A day or a moment, as other programs write them; times without a zone are those of UTC.
    mutating func takeMoment(_ text: String, _ field: LeadField) {
        guard !text.isEmpty else { return }
        let isMonthFirst = (country ?? defaults.country)?.code == "US"
        guard let moment = WrittenTime(zone: .utc, isMonthFirst: isMonthFirst).instant(text) else {
            return fault(field, .wrongType, "'\(text.prefix(100))' is not a day or a time.")
        }
        if values[field] == nil { values[field] = .string(moment.description) }
    }

    mutating func takeCustom(_ text: String, _ key: String) {
        guard !text.isEmpty else { return }
        switch defaults.customKinds[key] {
        case .number:
            guard let value = CellText.number(text) else {
                return fault("custom.\(key)", .wrongType, "'\(text.prefix(100))' is not a number.")
            }
            custom[key] = value
        case .flag:
            guard let flag = CellText.flag(text) else {
                return fault("custom.\(key)", .wrongType, "'\(text.prefix(100))' is not yes or no.")
            }
            custom[key] = .bool(flag)
        case .text, nil: custom[key] = .string(text)
        }
    }
}
