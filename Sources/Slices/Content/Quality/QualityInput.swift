internal import Cryptography
internal import JSON

/// All that a piece of content is judged by: with it, a report can be made again.
struct QualityInput: Hashable, Sendable {
    /// A picture or a film that goes with the piece.
    struct Medium: Hashable, Sendable {
        let name: String
        let altText: String
    }
    /// Something that the piece says, and the address where it can be read.
    struct Claim: Hashable, Sendable {
        let text: String
        let source: String?
    }
    /// An earlier piece with many of the same words.
    struct Likeness: Hashable, Sendable {
        let id: String
        /// The part of this piece's runs of words that stand in the other, too.
        let share: Double
        /// The longest passage of the body that stands there.
        let place: Range<Int>
    }

    /// The spelling of the body, by the dictionary of its language.
    struct Spelling: Hashable, Sendable {
        struct Fault: Hashable, Sendable {
            let word: String
            /// The word that was probably meant.
            let suggestion: String?
        }

        let language: String
        /// Whether there was a dictionary for it; the faults say nothing otherwise.
        var isChecked = false
        var faults: [Fault] = []

        init(language: String) { self.language = language }
    }
    /// A link that was asked and leads nowhere.
    struct DeadLink: Hashable, Sendable {
        let address: String
        /// The answer of the server; `nil`: there was none.
        let status: Int?
        /// Whether the server says that there is nothing; otherwise it gives no answer that helps.
        let isGone: Bool
    }

    var title = ""
    /// Markdown.
    var body = ""
    /// The other words of it that readers see: a headline, the subject of a mail, versions, descriptions of pictures.
    var beside: [String] = []
    /// Of these, what some readers get in place of the body.
    var versions: [String] = []
    var locale: String?
    var format: String?
    /// The client's country and industry, where they are known.
    var country: String?
    var industry: String?
    /// The countries whose people read it, as far as that is known.
    var countries: [String] = []
    var media: [Medium] = []
    var claims: [Claim] = []
    /// Words of the sources that it was written from.
    var sources: [String] = []
    var brand: BrandRules?
    var likenesses: [Likeness] = []
    var spelling: Spelling?
    var deadLinks: [DeadLink] = []
    /// Places of pictures in which words stand out too little.
    var faintWords: [PictureWords] = []
    /// The style of the accepted pieces; `nil` where there are too few.
    var voice: VoiceProfile?
    /// The number of times that people let a finding of each code pass.
    var passed: [String: Int] = [:]
    /// The marks of the piece's own findings that people let pass.
    var overridden: Set<String> = []
    var isMadeWithAI = false

    var json: JSON {
        var json: JSONObject = [
            "title": .string(title), "body": .string(body), "locale": JSON(locale), "format": JSON(format),
            "country": JSON(country), "industry": JSON(industry), "sources": JSON(sources),
            "brand": brand?.json ?? .null, "voice": voice?.json ?? .null,
        ]
        json["countries"] = JSON(countries)
        json["media"] = .array(media.map { ["name": .string($0.name), "alt_text": .string($0.altText)] })
        json["claims"] = .array(claims.map { ["text": .string($0.text), "source_url": JSON($0.source)] })
        json["likenesses"] = .array(
            likenesses.map {
                [
                    "id": .string($0.id), "share": .number($0.share), "start": JSON($0.place.lowerBound),
                    "end": JSON($0.place.upperBound),
                ]
            })
        if let spelling { json["spelling"] = spelling.json }
        if !deadLinks.isEmpty { json["dead_links"] = .array(deadLinks.map(\.json)) }
        if !faintWords.isEmpty { json["faint_words"] = .array(faintWords.map(\.json)) }
        if !beside.isEmpty { json["beside"] = JSON(beside) }
        if !versions.isEmpty { json["versions"] = JSON(versions) }
        if isMadeWithAI { json["made_with_ai"] = true }
        json["passed"] = .object(
            JSONObject(passed.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }))
        json["overridden"] = JSON(overridden.sorted())
        return .object(json)
    }

    init() {}

    /// Reads what `json` has written.
    init?(json: JSON) {
        guard let title = json["title"]?.text, let body = json["body"]?.text else { return nil }
        (self.title, self.body) = (title, body)
        (locale, format) = (json["locale"]?.text, json["format"]?.text)
        (country, industry) = (json["country"]?.text, json["industry"]?.text)
        countries = json["countries"].texts
        (beside, versions) = (json["beside"].texts, json["versions"].texts)
        media = (json["media"]?.array ?? []).map {
            Medium(name: $0["name"]?.text ?? "", altText: $0["alt_text"]?.text ?? "")
        }
        claims = (json["claims"]?.array ?? []).map {
            Claim(text: $0["text"]?.text ?? "", source: $0["source_url"]?.text)
        }
        sources = json["sources"].texts
        brand = BrandRules(json: json["brand"])
        voice = VoiceProfile(json: json["voice"])
        likenesses = (json["likenesses"]?.array ?? []).map { like in
            let start = Int(like["start"]?.int ?? 0)
            return Likeness(
                id: like["id"]?.text ?? "", share: like["share"]?.double ?? 0,
                place: start..<max(start, Int(like["end"]?.int ?? 0)))
        }
        spelling = Spelling(json: json["spelling"])
        deadLinks = (json["dead_links"]?.array ?? []).map(DeadLink.init)
        faintWords = (json["faint_words"]?.array ?? []).compactMap(PictureWords.init)
        overridden = Set(json["overridden"].texts)
        isMadeWithAI = json["made_with_ai"] == true
        for (code, count) in json["passed"]?.object?.members ?? [] { passed[code] = Int(count.int ?? 0) }
    }

    /// The name of exactly this input.
    var fingerprint: String { Hex.encode(SHA256.hash(json.canonical.serialized)) }
}

extension QualityInput.Spelling {
    fileprivate var json: JSON {
        [
            "language": .string(language), "checked": .bool(isChecked),
            "words": .array(
                faults.map { ["word": .string($0.word), "suggestion": JSON($0.suggestion)] }),
        ]
    }

    fileprivate init?(json: JSON?) {
        guard let json, let language = json["language"]?.text else { return nil }
        self.init(language: language)
        isChecked = json["checked"] == true
        faults = (json["words"]?.array ?? []).map {
            Fault(word: $0["word"]?.text ?? "", suggestion: $0["suggestion"]?.text)
        }
    }
}

extension QualityInput.DeadLink {
    fileprivate var json: JSON {
        ["address": .string(address), "status": JSON(status), "gone": .bool(isGone)]
    }

    fileprivate init(json: JSON) {
        self.init(
            address: json["address"]?.text ?? "", status: json["status"]?.int.map { Int($0) },
            isGone: json["gone"] == true)
    }
}
