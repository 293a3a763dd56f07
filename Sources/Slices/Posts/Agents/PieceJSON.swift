internal import JSON
internal import Nouns
internal import Records
internal import Social
internal import Telemetry
internal import Tenancy

// Pieces are kept with decisions, which are replayed from what is kept.

extension SocialPiece {
    var json: JSON {
        [
            "id": JSON(id), "shape": .string(shape.word), "title": .string(title), "body": .string(body),
            "link": JSON(link), "client_id": JSON(client), "campaign_id": JSON(campaign),
            "planned_at": JSON(plannedAt?.description), "launch": .bool(isLaunch),
            "media": .array(media.map(\.json)),
        ]
    }

    init?(json: JSON) {
        guard let id = json["id"]?.id(of: Nouns.ContentItem.self),
            let shape = json["shape"]?.text.flatMap(LongPiece.Shape.init(word:))
        else { return nil }
        self.init(id)
        (self.shape, title, body) = (shape, json["title"]?.text ?? "", json["body"]?.text ?? "")
        (link, isLaunch) = (json["link"]?.text, json["launch"] == true)
        client = json["client_id"]?.id(of: Nouns.Client.self)
        campaign = json["campaign_id"]?.id(of: Nouns.Campaign.self)
        plannedAt = json["planned_at"]?.text.flatMap { Instant($0) }
        media = (json["media"]?.array ?? []).compactMap(Medium.init(json:))
    }
}

extension SocialPiece.Medium {
    fileprivate var json: JSON {
        [
            "file_id": JSON(file), "alt_text": .string(altText), "type": JSON(probe.type),
            "width": JSON(probe.width), "height": JSON(probe.height),
            "seconds": probe.seconds.map(JSON.number) ?? .null, "size": JSON(probe.size),
        ]
    }

    fileprivate init?(json: JSON) {
        guard let file = json["file_id"]?.id(of: StoredFile.self) else { return nil }
        var probe = MediaProbe()
        (probe.type, probe.seconds) = (json["type"]?.text, json["seconds"]?.double)
        (probe.width, probe.height) = (json["width"]?.int.map(Int.init), json["height"]?.int.map(Int.init))
        probe.size = Int(json["size"]?.int ?? 0)
        self.init(file, altText: json["alt_text"]?.text ?? "", probe)
    }
}

extension LongPiece.Shape {
    fileprivate var word: String {
        switch self {
        case .words: "words"
        case .film: "film"
        case .story: "story"
        }
    }

    fileprivate init?(word: String) {
        guard let shape = [Self.words, .film, .story].first(where: { $0.word == word }) else { return nil }
        self = shape
    }
}
