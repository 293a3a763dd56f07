internal import JSON
internal import Markup
internal import Records

/// Telephone numbers and mail addresses of a page.
struct ContactFacts {
    let text: PageText
    let countries: [Country]

    /// Links, hidden addresses and numbers beyond so many are those of lists of others.
    private static let linksMax = 400, hiddenMax = 40, numbersMax = 400

    func read() -> [FoundFact] {
        var facts: [FoundFact] = [], links: [Int] = []
        for node in text.page.nodes.indices {
            if text.page.nodes[node].name == .a, isContact(node) { links.append(node) }
            if let masked = text.page.attribute(.cfemail, of: node), !text.page.isUnseen(node),
                let shown = MailScan.unmasked(masked),
                let mail = EmailAddress(shown), let block = text.block(of: node), !block.isOfOthers
            {
                facts += fact(mail, masked, in: block)
            }
        }
        var context = BlockContext(text.page)
        let isMany = links.count > Self.linksMax
        let near = isMany ? links.prefix(Self.linksMax / 2) + links.suffix(Self.linksMax / 2) : links[...]
        facts += near.flatMap { link($0, &context) }
        var hidden = 0, numbers = 0
        for block in text.blocks where !block.isOfOthers {
            if block.bytes.contains(UInt8(ascii: "@")) {
                for found in MailScan.mails(in: block) where found.start < block.ownEnd {
                    facts += fact(found.mail, found.quote, in: block)
                }
            }
            if hidden < Self.hiddenMax, block.has(.at) || MailScan.mayHideByLetter(block) {
                for found in MailScan.hidden(in: block, most: Self.hiddenMax - hidden, tried: &hidden)
                where found.start < block.ownEnd {
                    facts += fact(found.mail, found.quote, in: block)
                }
            }
            if numbers < Self.numbersMax { facts += phones(in: block, tried: &numbers) }
        }
        return facts
    }

    // MARK: Mails

    private func fact(_ mail: EmailAddress, _ quote: String, in block: ReadBlock) -> [FoundFact] {
        guard !MailScan.isPlaceholder(mail) else { return [] }
        let isOwn = text.identity.owns(mail.domain)
        var confidence: Double
        if isOwn {
            confidence = text.isLegal ? 0.9 : 0.85
        } else if text.kind == .imprint,
            mail.isFreeMail || text.identity.fitsLabel(String(mail.domain.prefix { $0 != "." }))
        {
            confidence = 0.75
        } else if text.isLegal, mail.isFreeMail, block.has(.mail) {
            confidence = 0.65
        } else {
            return []
        }
        if Self.isSpecial(mail) { confidence -= 0.25 }
        if !mail.isRole { confidence -= 0.1 }
        return [
            text.fact(.email, .string(mail.key), quote, confidence, block.has(.mail) ? .labelled : .worded)
        ]
    }

    /// Returns whether an address is for one subject only.
    private static func isSpecial(_ mail: EmailAddress) -> Bool {
        CompanyLexicon.specialMails.contains(mail.local.lowercased())
    }

    // MARK: Links

    private func isContact(_ node: Int) -> Bool {
        guard let href = text.page.attributeBytes(.href, of: node), href.count < 400, href.count > 6,
            "tmc".utf8.contains(href.first! | 0x20), href.prefix(8).contains(UInt8(ascii: ":"))
        else { return false }
        let start = String(decoding: href.prefix(7), as: UTF8.self).lowercased()
        return start.hasPrefix("tel:") || start == "callto:" || start == "mailto:"
    }

    private func link(_ node: Int, _ context: inout BlockContext) -> [FoundFact] {
        guard let whole = text.page.attribute(.href, of: node), !context.place(of: node).isOfOthers,
            !text.page.isUnseen(node)
        else { return [] }
        guard let block = text.block(of: node) else { return emptyLink(whole) }
        let shown = text.page.text(of: node, bytesMax: 400), start = whole.prefix(7).lowercased()
        guard Self.place(of: shown, in: block) ?? 0 < block.ownEnd else { return [] }
        if start == "mailto:" {
            guard let mail = EmailAddress(whole.replacing("%40", with: "@")) else { return [] }
            return fact(mail, block.text.contains(mail.description) ? mail.description : whole, in: block)
        }
        let number = String(whole.drop { $0 != ":" }.dropFirst()).replacing("%20", with: " ")
        if isFax(shown, in: block) { return [] }
        guard let phone = Self.number(number, countries) ?? Self.number(shown, countries) else { return [] }
        let quote = Self.number(shown, countries)?.e164 == phone.e164 ? shown : whole
        return [
            text.fact(
                .phone, .string(phone.e164), quote, text.isLegal || block.isInFrame ? 0.9 : 0.85, .labelled)
        ]
    }

    /// A link that shows a picture has no text, and so no block.
    private func emptyLink(_ href: String) -> [FoundFact] {
        guard href.lowercased().hasPrefix("tel:") else { return [] }
        guard let phone = Self.number(String(href.dropFirst(4)), countries) else { return [] }
        return [text.fact(.phone, .string(phone.e164), href, 0.75, .labelled)]
    }

    private func isFax(_ shown: String, in block: ReadBlock) -> Bool {
        guard !shown.isEmpty, let place = Self.place(of: shown, in: block) else { return false }
        return label(before: place, in: block) == .fax
    }

    /// The byte of a block at which words of it begin.
    private static func place(of shown: String, in block: ReadBlock) -> Int? {
        block.bytes.firstRange(of: shown.utf8)?.lowerBound
    }

    // MARK: Numbers in text

    private enum Label { case phone, fax }

    /// The nearest word for a kind of number in front of a place.
    private func label(before place: Int, in block: ReadBlock) -> Label? {
        var nearest: (end: Int, label: Label)?
        for match in block.matches {
            guard case .group(let group) = match.group, group == .phone || group == .fax else { continue }
            let end = Int(block.tokens[match.tokens.upperBound - 1].end)
            guard end <= place, place - end <= 24 else { continue }
            let digits = block.bytes[end..<place].count { Token.isDigit($0) }
            if digits <= 3, end >= nearest?.end ?? 0 { nearest = (end, group == .fax ? .fax : .phone) }
        }
        return nearest?.label
    }

    private func phones(in block: ReadBlock, tried: inout Int) -> [FoundFact] {
        var facts: [FoundFact] = []
        for run in Self.runs(in: block.bytes) where run.lowerBound < block.ownEnd {
            let label = label(before: run.lowerBound, in: block)
            let isAlone = label == nil
            // Such a number without a word for it is one where a company writes nothing but how to reach it.
            guard label != .fax, !isAlone || mayStandAlone(run, in: block), !isOfAnother(run, in: block)
            else {
                continue
            }
            let quote = block.string(run)
            tried += 1
            guard tried <= Self.numbersMax, let phone = Self.number(quote, countries),
                !isAlone || phone.certainty == .valid
            else {
                continue
            }
            let confidence = isAlone ? 0.6 : text.isLegal || block.isInFrame ? 0.9 : 0.75
            facts.append(
                text.fact(.phone, .string(phone.e164), quote, confidence, isAlone ? .worded : .labelled))
        }
        return facts
    }

    /// "Call Other GmbH: 030 123456", where it is not the law that names other companies.
    private func isOfAnother(_ run: Range<Int>, in block: ReadBlock) -> Bool {
        guard !text.isLegal, !block.isInFrame, !block.names.isEmpty,
            let token = block.tokens.firstIndex(where: { Int($0.end) > run.lowerBound })
        else { return false }
        return text.namesAnother(block, around: token)
    }

    private func mayStandAlone(_ run: Range<Int>, in block: ReadBlock) -> Bool {
        guard text.isLegal || block.isInFrame else { return false }
        let first = block.bytes[run.lowerBound]
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "0") || first == UInt8(ascii: "(") else {
            return false
        }
        // Behind a word it is that word's number: of a register, of an account.
        let before = block.bytes[..<run.lowerBound].last { $0 != 0x20 }
        return before.map { !Token.isLetter([$0], 0) && !Token.isDigit($0) && $0 != UInt8(ascii: ":") }
            ?? true
    }

    /// Digits with what people put between those of a telephone number.
    static func runs(in bytes: [UInt8]) -> [Range<Int>] {
        var runs: [Range<Int>] = [], index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard Token.isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(") else {
                index += 1
                continue
            }
            let isInWord =
                index > 0 && (Token.isLetter([bytes[index - 1]], 0) || Token.isDigit(bytes[index - 1]))
            var end = index, last = index, digits = 0
            while end < bytes.count {
                if Token.isDigit(bytes[end]) {
                    digits += 1
                    last = end + 1
                } else if !" +()/.-".utf8.contains(bytes[end]) {
                    // A dash of print joins, too.
                    guard bytes[end] == 0xE2, end + 2 < bytes.count, bytes[end + 1] == 0x80,
                        (0x90...0x94).contains(bytes[end + 2])
                    else { break }
                    end += 2
                } else if end > last + 3 {
                    break
                }
                end += 1
            }
            let isFollowed =
                last < bytes.count && (Token.isLetter(bytes, last) || bytes[last] == UInt8(ascii: "@"))
            if !isInWord, !isFollowed, (6...16).contains(digits) { runs.append(index..<last) }
            index = max(last, index + 1)
        }
        return runs
    }

    /// The number that a text is, dialled in the likeliest of some countries.
    static func number(_ text: String, _ countries: [Country]) -> PhoneNumber? {
        if text.contains("+") { return PhoneNumber(text) ?? PhoneNumber(text, country: countries.first) }
        let hasTrunk = text.first { $0.isNumber } == "0"
        var best: PhoneNumber?
        for country in countries {
            guard let found = PhoneNumber(text, country: country) else { continue }
            // Without the zero that a country's numbers begin with it is another country's, or has no area.
            let isFitting = found.e164.utf8.count >= 9 && (hasTrunk || !Self.dialsZero(country))
            if found.certainty == .valid, isFitting { return found }
            if best == nil, isFitting { best = found }
        }
        return best
    }

    private static func dialsZero(_ country: Country) -> Bool {
        ["DE", "AT", "CH", "FR", "GB", "NL", "BE", "IE", "SE", "FI"].contains(country.code)
    }

    // MARK: Countries

    /// The countries in which a site's numbers may be dialled: by the end of its name, then by its language.
    static func countries(of page: MarkupDocument, _ identity: SiteIdentity) -> [Country] {
        var countries: [Country] = []
        func add(_ country: Country?) {
            if let country, !countries.contains(country) { countries.append(country) }
        }
        add(Country(topLevelDomainOf: identity.host))
        let tag = page.first(.html).flatMap { page.attribute(.lang, of: $0) } ?? ""
        let parts = tag.split { $0 == "-" || $0 == "_" }
        if parts.count > 1 { add(Country(String(parts[parts.count - 1]))) }
        let language = parts.first.map { $0.lowercased() } ?? ""
        for code in CompanyLexicon.countries(of: language) { add(Country(code)) }
        return countries
    }
}
