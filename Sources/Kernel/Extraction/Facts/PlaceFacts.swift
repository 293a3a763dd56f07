internal import JSON
internal import Records

/// The company's place: city, postal code and country, where it writes its address.
struct PlaceFacts {
    let text: PageText

    func read() -> [FoundFact] {
        var facts: [FoundFact] = []
        for (index, block) in text.blocks.enumerated()
        where !block.isOfOthers && (text.isLegal || block.isInFrame) {
            let places = places(in: block, below: index > 0 ? text.blocks[index - 1] : nil).filter {
                block.isOwn($0.tokens.lowerBound)
            }
            for place in places {
                let confidence = text.isLegal ? 0.9 : 0.8
                facts.append(text.fact(.city, .string(place.city), place.quote, confidence, .labelled))
                facts.append(text.fact(.postalCode, .string(place.code), place.quote, confidence, .labelled))
            }
            if !places.isEmpty {
                for near in text.blocks[index...].prefix(3) where !near.isOfOthers {
                    facts += countryNames(in: near)
                }
            }
            if text.isLegal { facts += authorities(in: block) }
        }
        return facts
    }

    // MARK: Cities

    struct Place {
        let city: String, code: String, quote: String
        let tokens: Range<Int>
    }

    /// Signs that part the lines of an address from each other.
    private static func parts(_ block: ReadBlock, _ left: Int, _ right: Int) -> Bool {
        block.string(Int(block.tokens[left].end)..<Int(block.tokens[right].start))
            .contains { ",;|·•:.–—\u{2022}/()[]".contains($0) }
    }

    private func places(in block: ReadBlock, below previous: ReadBlock?) -> [Place] {
        block.tokens.indices.compactMap { index in
            if let length = Self.britishCode(at: index, in: block) {
                return place(block, index..<index + length)
            }
            guard let length = Self.plainCode(at: index, in: block),
                length > 1 || !isYear(block.tokens[index])
                    || hasStreet(before: index, in: block, below: previous)
            else { return nil }
            return place(block, index..<index + length)
        }
    }

    /// The city stands behind the code, or before it.
    private func place(_ block: ReadBlock, _ code: Range<Int>) -> Place? {
        let city = cityAfter(code, block) ?? cityBefore(code, block)
        guard let city, !block.matches.contains(where: { $0.tokens.overlaps(city) }),
            !block.tokens[city].contains(where: { CompanyLexicon.streets.contains($0.hash) }),
            !CompanyLexicon.placeholders.contains(block.string(city, in: block.tokens).lowercased())
        else { return nil }
        let all = min(city.lowerBound, code.lowerBound)..<max(city.upperBound, code.upperBound)
        return Place(
            city: block.string(city, in: block.tokens), code: block.string(code, in: block.tokens),
            quote: block.string(all, in: block.tokens), tokens: all)
    }

    private func cityAfter(_ code: Range<Int>, _ block: ReadBlock) -> Range<Int>? {
        // In front of the code is nothing, or the country's letters: "D-10115".
        if code.lowerBound > 0, !Self.parts(block, code.lowerBound - 1, code.lowerBound) {
            let before = block.tokens[code.lowerBound - 1]
            guard before.range.count <= 2, before.isCapital else { return nil }
        }
        return words(from: code.upperBound, block)
    }

    private func words(from start: Int, _ block: ReadBlock) -> Range<Int>? {
        var end = start
        while end < block.tokens.count, end - start < 5 {
            if end > 0, Self.parts(block, end - 1, end) { break }
            let token = block.tokens[end]
            let isSmall = end > start && CompanyLexicon.particles.contains(token.hash)
            guard token.number == nil, token.isCapital || isSmall else { break }
            end += 1
        }
        while end > start, !block.tokens[end - 1].isCapital { end -= 1 }
        return end > start ? start..<end : nil
    }

    private func cityBefore(_ code: Range<Int>, _ block: ReadBlock) -> Range<Int>? {
        var end = code.lowerBound
        // "Austin, TX 78701": the state is no part of the city.
        if end > 1, block.tokens[end - 1].isShouted, (2...3).contains(block.tokens[end - 1].range.count) {
            end -= 1
        }
        var start = end
        while start > 0, end - start < 4 {
            if start < end, Self.parts(block, start - 1, start) { break }
            let token = block.tokens[start - 1]
            let isSmall = start < end && CompanyLexicon.particles.contains(token.hash)
            guard token.number == nil, token.isCapital || isSmall else { break }
            start -= 1
        }
        while start < end, !block.tokens[start].isCapital { start += 1 }
        // Behind a street, which has a number: a code alone is any number.
        let hasStreet = block.tokens[..<start].contains { $0.number != nil } || start == 0
        return start < end && hasStreet ? start..<end : nil
    }

    /// `10115`, `1011 AB`, `1100-001`, `00-950`: how many tokens it is.
    private static func plainCode(at index: Int, in block: ReadBlock) -> Int? {
        let token = block.tokens[index], end = Int(token.end)
        guard token.number != nil, block.bytes[token.range].allSatisfy(Token.isDigit) else { return nil }
        let next = index + 1 < block.tokens.count ? block.tokens[index + 1] : nil
        if let next, Int(next.start) == end + 1, block.bytes[end] == UInt8(ascii: "-"), next.number != nil,
            next.range.count == 3, token.range.count == 4 || token.range.count == 2
        {
            return 2
        }
        guard (4...5).contains(token.range.count) else { return nil }
        let isDutch =
            token.range.count == 4
            && next.map { $0.isShouted && $0.range.count == 2 && Int($0.start) == end + 1 } == true
        return isDutch && index + 2 < block.tokens.count && block.tokens[index + 2].isCapital ? 2 : 1
    }

    /// Four digits that may be a code, and more often are a year: "© 2026 Acme", "2026 Winter Sale".
    private func isYear(_ token: Token) -> Bool {
        guard token.range.count == 4, let number = token.number else { return false }
        return (1900...2100).contains(number)
    }

    /// Returns whether a line with the number of a house stands before a code.
    private func hasStreet(before index: Int, in block: ReadBlock, below previous: ReadBlock?) -> Bool {
        if index > 1 || index == 1 && !block.tokens[0].isCapital {
            return block.tokens[..<index].contains { $0.number != nil }
        }
        guard let previous, !previous.isOfOthers, previous.isInFrame == block.isInFrame,
            previous.bytes.count < 80
        else { return false }
        return previous.tokens.dropFirst().contains { $0.number != nil }
            || previous.tokens.first?.number != nil
    }

    /// `LS1 1AA`: how many tokens it is.
    private static func britishCode(at index: Int, in block: ReadBlock) -> Int? {
        let token = block.tokens[index]
        guard token.isCapital, (2...4).contains(token.range.count),
            index + 2 < block.tokens.count || index + 1 < block.tokens.count
        else { return nil }
        let outward = block.bytes[token.range]
        guard outward.contains(where: Token.isDigit),
            outward.allSatisfy({ Token.isDigit($0) || (0x41...0x5A).contains($0) })
        else { return nil }
        let start = Int(token.end)
        guard start + 4 <= block.bytes.count, block.bytes[start] == 0x20 else { return nil }
        let inward = block.bytes[(start + 1)..<(start + 4)]
        let isInward =
            Token.isDigit(inward.first!) && inward.dropFirst().allSatisfy { (0x41...0x5A).contains($0) }
        let isEnd = start + 4 == block.bytes.count || !Token.isLetter(block.bytes, start + 4)
        guard isInward, isEnd else { return nil }
        return block.tokens[index...].prefix { Int($0.end) <= start + 4 }.count
    }

    // MARK: Countries

    private func countryNames(in block: ReadBlock) -> [FoundFact] {
        block.text.split { ",;|·•.()".contains($0) }.compactMap { part in
            let name = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let text = String(name)
            guard (3...40).contains(text.utf8.count), text.first?.isUppercase == true,
                text.utf8.count > 3 || text.allSatisfy(\.isUppercase), !text.contains(where: \.isNumber),
                let country = Country(mentionedAs: text)
            else { return nil }
            return self.text.fact(.country, .string(country.code), text, 0.9, .labelled)
        }
    }

    /// Authorities and numbers that only one country has.
    private func authorities(in block: ReadBlock) -> [FoundFact] {
        var facts: [FoundFact] = []
        for match in block.matches where block.isOwn(match.tokens.lowerBound) {
            guard case .country(let code) = match.group else { continue }
            let quote = block.string(match.tokens, in: block.tokens)
            facts.append(text.fact(.country, .string(code), quote, 0.8, .inferred))
            if let number = registration(behind: match.tokens.upperBound, block) {
                facts.append(text.fact(.registrationNumber, .string(number), number, 0.7, .labelled))
            }
        }
        for token in block.tokens where Self.isTaxNumber(block.bytes[token.range]) {
            let number = block.string(token.range)
            guard let country = Country(String(number.prefix(2))) else { continue }
            facts.append(text.fact(.country, .string(country.code), number, 0.85, .inferred))
        }
        return facts
    }

    /// `DE123456789`
    private static func isTaxNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        (10...13).contains(bytes.count) && bytes.prefix(2).allSatisfy { (0x41...0x5A).contains($0) }
            && bytes.suffix(7).allSatisfy(Token.isDigit)
    }

    private func registration(behind index: Int, _ block: ReadBlock) -> String? {
        guard index < block.tokens.count, let number = block.tokens[index].number, number > 99 else {
            return nil
        }
        return block.string((index - 1)..<(index + 1), in: block.tokens)
    }
}
