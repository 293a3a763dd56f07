internal import Cryptography
internal import Foundation
internal import HTTPServer

/// The files of the pages, which name what they load under the version of it all: `/assets/5f3c…/app/main.js`. A
/// browser keeps that for good, and asks for the page alone when it comes again. The same files are at their plain
/// paths.
struct PageFiles: Sendable {
    private static let folder = "assets"

    let files: StaticFiles

    /// Returns the segments of the plain path, and the version that stands before them, if any does.
    static func named(by segments: [String]) -> (segments: [String], version: String?) {
        guard segments.count > 2, segments[0] == folder, !segments[2].isEmpty,
            StaticTree.isVersion(segments[1])
        else { return (segments, nil) }
        return (Array(segments[2...]), segments[1])
    }

    /// Returns the file, or the page; under a version there are files alone. A tab that was opened before its server
    /// was replaced asks for those of a former version, and gets what there is.
    func response(for segments: [String], _ version: String?, _ head: RequestHead) -> Response? {
        guard let file = files.response(for: segments, head, version: version) else { return nil }
        guard file.header("Content-Type")?.hasPrefix("text/html") == true else { return file }
        return version == nil ? files.bytes(of: segments).map { page($0, head) } : nil
    }

    /// Returns a page that names its files under their version. What it or anybody else imports by plain paths is the
    /// same modules, by the import map.
    func page(_ bytes: [UInt8], _ head: RequestHead, _ headers: [(String, String)] = []) -> Response {
        let tree = files.recentTree(), base = "/\(Self.folder)/\(tree.version)/"
        let parts = String(decoding: bytes, as: UTF8.self).components(separatedBy: Self.beforePath)
        var text = parts[0]
        for part in parts.dropFirst() {
            let isFile = tree.contains(String(part.prefix { $0 != "\"" }))
            text += isFile ? Self.beforePath.dropLast() + base : Self.beforePath
            text += part
        }
        var policy = Pages.policyHeaders
        if text.contains("<script type=\"module\""), let first = text.range(of: "<link ")?.lowerBound {
            let places = tree.scriptFolders.map { "\"/\($0)/\":\"\(base)\($0)/\"" }
            let map = "{\"imports\":{\(places.joined(separator: ","))}}"
            text.insert(contentsOf: "<script type=\"importmap\">\(map)</script>\n    ", at: first)
            policy = Pages.policyHeaders(allowing: Data(SHA256.hash(map)).base64EncodedString())
        }
        let type = [("Content-Type", "text/html; charset=utf-8")]
        return .revalidated(Array(text.utf8), head, type + headers + policy)
    }

    /// Between the name of an attribute and the first letter of a path from the root.
    private static let beforePath = "=\"/"
}
