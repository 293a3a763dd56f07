/// A language, and perhaps a script and region, as BCP 47 writes it: `en`, `pt-BR`, `zh-Hant-TW`.
package struct LocaleTag: Hashable, Sendable, CustomStringConvertible {
    /// The language in lower case: `pt`.
    package let language: String
    /// The region in capitals: `BR`.
    package let region: String?
    package let description: String

    /// `nil` for what is no tag of a language with an optional script and region.
    package init?(_ text: String) {
        let parts = text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "_" }
        ).map(String.init)
        guard let first = parts.first, (2...3).contains(first.count), first.allSatisfy(Self.isLetter) else {
            return nil
        }
        var rest = parts.dropFirst(), words = [first.lowercased()]
        if let script = rest.first, script.count == 4, script.allSatisfy(Self.isLetter) {
            words.append(script.prefix(1).uppercased() + script.dropFirst().lowercased())
            rest.removeFirst()
        }
        var region: String?
        if let last = rest.first,
            last.count == 2 && last.allSatisfy(Self.isLetter)
                || last.count == 3 && last.allSatisfy(Self.isDigit)
        {
            region = last.uppercased()
            words.append(last.uppercased())
            rest.removeFirst()
        }
        guard rest.isEmpty else { return nil }
        (language, self.region) = (words[0], region)
        description = words.joined(separator: "-")
    }

    private static func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }
    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
