internal import Agents
internal import Integrations
internal import JSON
internal import Records
internal import Social

/// Pictures and films, which are uploaded before the post that shows them.
extension LinkedIn {
    /// Uploads a picture or film, and returns its URN. Nobody sees it yet: it may be done again.
    func upload(
        _ medium: OutgoingPost.Medium, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        medium.probe.isVideo
            ? try await uploadFilm(medium, access, reach) : try await uploadPicture(medium, access, reach)
    }

    private func uploadPicture(
        _ medium: OutgoingPost.Medium, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let request: JSON = ["initializeUploadRequest": ["owner": .string(author(access))]]
        let value = try await initialize("/rest/images?action=initializeUpload", request, access, reach)
        guard let urn = value["image"]?.words, let address = value["uploadUrl"]?.words else {
            throw wire.unreadable
        }
        _ = try await put(medium.bytes, medium.probe.type, at: address, access, reach)
        return urn
    }

    private func uploadFilm(
        _ medium: OutgoingPost.Medium, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let request: JSON = [
            "initializeUploadRequest": [
                "owner": .string(author(access)), "fileSizeBytes": JSON(medium.bytes.count),
                "uploadCaptions": false, "uploadThumbnail": false,
            ]
        ]
        let value = try await initialize("/rest/videos?action=initializeUpload", request, access, reach)
        guard let urn = value["video"]?.words, let parts = value["uploadInstructions"]?.array else {
            throw wire.unreadable
        }
        var tags: [JSON] = []
        for part in parts {
            guard let address = part["uploadUrl"]?.words, let first = part["firstByte"]?.int,
                let last = part["lastByte"]?.int, first >= 0, first <= last, last < medium.bytes.count
            else { throw wire.unreadable }
            let answer = try await put(
                Array(medium.bytes[Int(first)...Int(last)]), "application/octet-stream", at: address, access,
                reach)
            guard let tag = answer.header("ETag") else { throw wire.unreadable }
            tags.append(.string(tag))
        }
        let end: JSON = [
            "finalizeUploadRequest": [
                "video": .string(urn), "uploadToken": .string(value["uploadToken"]?.text ?? ""),
                "uploadedPartIds": .array(tags),
            ]
        ]
        _ = try await ask("/rest/videos?action=finalizeUpload", access, reach, method: "POST", body: end)
        return urn
    }

    private func initialize(
        _ path: String, _ request: JSON, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let answer = try await ask(path, access, reach, method: "POST", body: request)
        guard let value = answer.body["value"] else { throw wire.unreadable }
        return value
    }

    private func put(
        _ bytes: [UInt8], _ type: String?, at address: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> LookupWire.Answer {
        let address = try NetworkAddress.own(address, access, self, host: "linkedin.com")
        let answer = try await wire.ask(
            address, access, reach, method: "PUT",
            headers: [("Authorization", "Bearer \(access.credential("access_token"))")],
            content: (type ?? "application/octet-stream", bytes))
        if let failure = wire.usualFailure(answer, reach) { throw failure }
        return answer
    }

    /// Returns whether the network has worked through a picture or film.
    func isReady(
        _ urn: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        let kind = urn.hasPrefix("urn:li:video:") ? "videos" : "images"
        let answer = try await ask("/rest/\(kind)/\(urn.percentEncoded)", access, reach)
        switch answer.body["status"]?.text {
        case "AVAILABLE": return true
        case "PROCESSING_FAILED":
            throw ToolFailure(
                "refused",
                access.redacted(
                    answer.body["processingFailureReason"]?.words
                        ?? "LinkedIn cannot show the picture or film"),
                isRetryable: false)
        default: return false
        }
    }
}
