/// The direction in which a language is written.
package enum WritingDirection {
    /// Returns whether what a tag (BCP 47) names is written from right to left: by its script, or else its
    /// language.
    package static func isRightToLeft(_ tag: String) -> Bool {
        let parts = tag.lowercased().split { $0 == "-" || $0 == "_" }
        // A single letter begins an extension, such as the digits of `ar-EG-u-nu-latn`: it names no script.
        if let script = parts.dropFirst().prefix(while: { $0.count > 1 }).first(where: { $0.count == 4 }) {
            return ["arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg"].contains(script)
        }
        return parts.first.map(languages.contains) ?? false
    }

    private static let languages: Set<Substring> = [
        "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
    ]
}
