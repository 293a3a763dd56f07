internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social
internal import Tenancy

/// Drafts alternative texts for the pictures of a draft that have none: a model looks at them as the network would get
/// them, and a person reads what it says with the post. Where there is no model, the person writes them.
struct AltTextDrafts: Sendable {
    private static let version = "1"
    private static let lengthMax = 400, bytesMax: Int64 = 5 * 1024 * 1024
    private static let types: Set = ["image/jpeg", "image/png", "image/gif", "image/webp"]
    private static let schema: JSON = [
        "type": "object", "properties": ["alt_text": ["type": "string"]], "required": ["alt_text"],
        "additionalProperties": false,
    ]

    let post: SocialPostID

    private struct Picture: Sendable {
        let place: Int, file: ID<StoredFile>
        let image: ChatImage
    }

    private struct Known: Sendable {
        let post: SocialPost, agency: Tenant
        let pictures: [Picture]
        /// The reason for which there are no more of them.
        let reason: String?
    }

    private struct Text: Sendable {
        let place: Int, file: ID<StoredFile>
        let text: String

        var json: JSON { ["file_id": JSON(file), "alt_text": .string(text)] }
    }

    func draft(_ run: AgentRun) async throws -> JSON {
        let known = try run.read { try self.known(in: $0) }, subject = known.post.subject
        var texts: [Text] = [], writer: JSON?, reason = known.reason
        asking: for picture in known.pictures {
            var question = ModelQuestion(
                altTextPrompt,
                [
                    "agency": .ours(known.agency.name), "locale": .ours(known.agency.locale),
                    "words": .outside(OutsideText(known.post.text, from: "post")),
                ], answering: Self.schema)
            question.images = [picture.image]
            let asked = try await run.ask(
                question, effect: "alt_text/\(picture.place)", about: subject, client: known.post.clientID)
            switch asked {
            case .answered(let word):
                guard let text = Self.text(word.document["alt_text"]?.text ?? "") else {
                    reason = "unfit"
                    continue
                }
                writer = word.source
                texts.append(Text(place: picture.place, file: picture.file, text: text))
            case .local(let code):
                reason = code
                break asking
            case .awaitsApproval: break
            }
        }
        let (drafted, source, why) = (texts, writer, reason)
        return try await run.finish { tx in
            guard let source, !drafted.isEmpty else {
                return ["processed": 0, "alt_texts": [], "reason": JSON(why)]
            }
            let decision = try run.decide(in: tx, subject, Self.conclusion(drafted, by: source))
            var kept: [Text] = []
            if try run.may("update_record", about: subject, decision: decision.id, in: tx) {
                kept = try keep(drafted, by: run.actor, in: tx)
            }
            run.processed(kept.count)
            return [
                "processed": JSON(kept.count), "alt_texts": .array(kept.map(\.json)),
                "decision_id": JSON(decision.id), "reason": JSON(why),
            ]
        }
    }

    private func known(in reader: Reader) throws -> Known {
        guard let post = try SocialPost.resource.find(self.post, in: reader) else {
            throw JobFailure.terminal("unknown_reference", "post_id names no post.")
        }
        guard post.status == .draft else {
            throw JobFailure.terminal(
                "invalid_transition",
                "The post is not a draft any more: make it one to have texts drafted.")
        }
        let account = try SocialAccount.resource.get(post.accountID, in: reader)
        let files = try reader.postMedia.files(post.media.list, on: account.network, as: post.format)
        var pictures: [Picture] = [], reason: String?
        for (place, medium) in post.media.list.enumerated() where medium.altText.isEmpty {
            let file = files[place]
            guard !file.isUnknown else {
                reason = "media_being_made"
                continue
            }
            // A file that nobody has looked at, or that tells where it was taken, goes nowhere.
            guard file.fault == nil, file.probe.isImage, let type = file.probe.type,
                Self.types.contains(type), let sent = file.sent, Int64(sent.size) <= Self.bytesMax
            else { continue }
            let image = ChatImage(type: type, bytes: try reader.files.content(of: sent))
            pictures.append(Picture(place: place, file: medium.fileID, image: image))
        }
        if pictures.isEmpty, reason == nil { reason = "nothing_lacks" }
        return Known(post: post, agency: try reader.agency.tenant(), pictures: pictures, reason: reason)
    }

    /// Returns a model's words, where they lead nowhere and order nothing.
    private static func text(_ words: String) -> String? {
        let text = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty, text.count <= lengthMax, !text.contains("@"), !text.contains("{{"),
            TextLinks.first(in: text[...]) == nil, !InjectionCheck.judge(text).isSuspicious
        else { return nil }
        return text
    }

    /// Writes them into the draft, where nobody has written others meanwhile.
    private func keep(_ texts: [Text], by actor: Actor, in tx: Transaction) throws -> [Text] {
        guard let old = try SocialPost.resource.find(post, in: tx), old.status == .draft else { return [] }
        var new = old, kept: [Text] = []
        for text in texts where new.media.list.indices.contains(text.place) {
            let medium = new.media.list[text.place]
            guard medium.fileID == text.file, medium.altText.isEmpty else { continue }
            new.media.list[text.place].altText = text.text
            kept.append(text)
        }
        if !kept.isEmpty { try tx.update(old, to: &new, by: actor) }
        return kept
    }

    // MARK: The decision

    private static func conclusion(_ texts: [Text], by writer: JSON) -> Conclusion {
        let drafts = JSON.array(texts.map(\.json)), share = 1 / Double(texts.count)
        return Conclusion(
            outcome: ["alt_texts": drafts], confidence: 0.5,
            factors: .array(
                texts.map { text in
                    [
                        "name": "picture", "value": JSON(text.place + 1), "weight": 1,
                        "contribution": .number((share * 1e6).rounded() / 1e6),
                        "evidence": [["type": "file", "id": JSON(text.file)]],
                    ]
                }),
            model: ["name": "sight", "version": .string(version), "writer": writer],
            inputs: ["alt_texts": drafts])
    }

    /// The outcome of a decision about alternative texts; `nil`: it is about something else.
    static func outcome(of inputs: JSON) -> JSON? { inputs["alt_texts"].map { ["alt_texts": $0] } }
}
