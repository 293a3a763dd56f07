package import Agents
internal import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Social

/// Films that stand: other words and thumbnails, and what is taken back:
/// https://developers.google.com/youtube/v3/docs/videos/update
extension YouTube: FilmChanging, SocialRemoving {
    /// The members that an update writes over: those that it leaves out are lost.
    private static let kept = ["title", "description", "tags", "categoryId", "defaultLanguage"]

    package func words(
        of film: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> FilmText {
        Self.words(in: try await snippet(of: film, access, reach))
    }

    package func set(
        _ change: FilmText.Change, of film: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> FilmText {
        let old = try await snippet(of: film, access, reach)
        var new: JSONObject = [:]
        for name in Self.kept {
            if let value = old[name] { new[name] = value }
        }
        if let title = change.title { new["title"] = .string(FilmText.plain(title)) }
        if let text = change.text { new["description"] = .string(FilmText.plain(text)) }
        if let tags = change.tags { new["tags"] = JSON(tags.map(FilmText.plain)) }
        let request = ServiceWire.Request(
            "PUT", access.baseURL + "/youtube/v3/videos?part=snippet", headers: headers(access),
            json: ["id": .string(film), "snippet": .object(new)], isDoubtful: true)
        _ = try await ask(request, access, reach)
        return Self.words(in: old)
    }

    package func setThumbnail(
        _ picture: [UInt8], _ type: String, of film: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let path = "/upload/youtube/v3/thumbnails/set?videoId=\(film.percentEncoded)&uploadType=media"
        var request = ServiceWire.Request(
            "POST", access.baseURL + path, headers: headers(access), isDoubtful: true)
        request.headers.append(("Content-Type", type))
        request.body = picture
        _ = try await ask(request, access, reach)
    }

    package func remove(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let request = ServiceWire.Request(
            "DELETE", access.baseURL + "/youtube/v3/videos?id=\(part.percentEncoded)",
            headers: headers(access), isDoubtful: true)
        let response = try await wire.exchange(request, access, reach)
        guard !(200..<300).contains(response.status), response.status != 404 else { return }
        throw failure(response, request, access, reach)
    }

    package func stands(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        let answer = try await ask(
            get("/youtube/v3/videos?part=id&id=\(part.percentEncoded)", access), access, reach)
        guard let list = answer["items"]?.array else { throw wire.unreadable() }
        return !list.isEmpty
    }

    private func snippet(
        of film: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await ask(
            get("/youtube/v3/videos?part=snippet&id=\(film.percentEncoded)", access), access, reach)
        guard let list = answer["items"]?.array else { throw wire.unreadable() }
        guard let snippet = list.first?["snippet"] else {
            throw ToolFailure("gone", "YouTube does not have the film any more.", isRetryable: false)
        }
        return snippet
    }

    private static func words(in snippet: JSON) -> FilmText {
        var words = FilmText()
        (words.title, words.text) = (snippet["title"]?.text ?? "", snippet["description"]?.text ?? "")
        words.tags = snippet["tags"]?.array?.compactMap(\.text) ?? []
        return words
    }
}
