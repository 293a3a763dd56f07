internal import Foundation
internal import HTTPServer
internal import JSON
internal import Records
internal import Wording

/// The portal's first page, as it is before scripts run and where none do: in the language that the browser asks for,
/// if the portal has words in it, else in English.
struct PortalPage: Sendable {
    /// The languages of the portal, each a file of its words.
    let languages: [String]
    private let pages: Deferred<[String: [UInt8]]>

    init(folder: String) {
        languages = Self.languages(in: folder)
        pages = Deferred {
            guard let page = Self.text(folder + "/portal/index.html") else { return [:] }
            return Self.catalogues(in: folder).reduce(into: [:]) { pages, catalogue in
                let texts = catalogue.value["texts"]?.object ?? [:]
                pages[catalogue.key] = Array(Self.translated(page, to: catalogue.key, by: texts).utf8)
            }
        }
    }

    private static func languages(in folder: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/portal/words")) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// Returns the catalogues of the portal's pages by their languages.
    static func catalogues(in folder: String) -> [String: JSON] {
        languages(in: folder).reduce(into: [:]) { catalogues, language in
            catalogues[language] =
                text("\(folder)/portal/words/\(language).json").flatMap { try? JSONParser.parse($0) } ?? [:]
        }
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    /// Returns the page with what stands between its tags in another language; the English is the name of the rest.
    private static func translated(_ page: String, to language: String, by texts: JSONObject) -> String {
        let page = page.replacing("<html lang=\"en\">", with: "<html lang=\"\(language)\">")
        return texts.members.reduce(page) { page, entry in
            page.replacing(">\(entry.key)<", with: ">\(escaped(entry.value.text ?? entry.key))<")
        }
    }

    /// Returns the page in the language that the request asks for, with the headers that say so.
    func page(_ head: RequestHead) -> (bytes: [UInt8], headers: [(String, String)])? {
        let language = language(for: head.header("Accept-Language") ?? "")
        return pages.value[language].map {
            ($0, [("Content-Language", language), ("Vary", "Accept-Language")])
        }
    }

    /// Returns the one of the portal's languages that is wanted most (RFC 9110 §12.5.4); of two the first.
    private func language(for header: String) -> String {
        var best = (language: "en", quality: 0.0)
        for item in header.replacing(" ", with: "").split(separator: ",").prefix(50) {
            let parts = item.split(separator: ";")
            let language = Wording.language(of: String(parts.first ?? ""))
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            if quality ?? 1 > best.quality, languages.contains(language) { best = (language, quality ?? 1) }
        }
        return best.language
    }
}
