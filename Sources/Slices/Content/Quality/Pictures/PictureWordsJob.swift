internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Media
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Looks for words in the pictures of a piece that stand out too little, each picture once. When there are some, the
/// piece is judged anew.
struct PictureWordsJob: JobKind {
    struct Payload: Codable, Sendable { let item: ContentItemID }

    static let kind = "content.picture_words"
    static let queue = "media"
    static let attemptsMax = 8

    let worker: MediaWorker

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let files = try job.read { reader in
            try ContentItem.resource.find(payload.item, in: reader).map {
                try reader.pictureWords.toLookAt(of: $0)
            } ?? []
        }
        for file in files {
            let bytes = try job.read { try $0.files.content(of: file) }
            let outcome: JSON
            do throws(MediaWorkerError) {
                outcome = try await worker.faintWords(in: bytes).json
            } catch {
                throw JobFailure.retryable("media_unavailable", "\(error)")
            }
            try await job.write { tx in
                try tx.files.keep(
                    outcome, nil, named: file.name, of: file, for: PictureWords.purpose,
                    by: PictureWords.recipe)
            }
        }
        try job.read { try $0.contentQuality.spelt(payload.item) }?.lookUp()
        try await job.complete { tx in
            guard let item = try ContentItem.resource.find(payload.item, in: tx) else { return }
            let told = QualityFinding.Code.faintText.rawValue
            let known = (item.quality["findings"]?.array ?? []).filter { $0["code"]?.text == told }
            let found = try tx.pictureWords.faint(in: item).map(\.evidence)
            if Set(found) != Set(known.map { $0["evidence"]?.text ?? "" }) {
                _ = try tx.contentQuality.check(item)
            }
        }
    }
}

/// The place of a picture in which words stand out too little, with the picture.
struct PictureWords: Hashable, Sendable {
    let file: String
    let words: FaintWords

    /// The name under which what was found is kept with a file; another recipe looks again.
    static let purpose = "faint_words", recipe = "1"

    /// The name of the place, which stays as long as the picture does.
    var evidence: String { "\(file) \(words.x),\(words.y) \(words.width)x\(words.height)" }

    var json: JSON { (["file_id": .string(file)] as JSON).merging(words.json) }

    init(file: String, words: FaintWords) { (self.file, self.words) = (file, words) }

    init?(json: JSON) {
        guard let file = json["file_id"]?.text, let words = FaintWords(json) else { return nil }
        self.init(file: file, words: words)
    }
}

extension FaintWordsOutcome {
    fileprivate var json: JSON {
        switch self {
        case .found(let all): ["words": .array(all.map(\.json))]
        case .refused(let fault): ["fault": .string(fault.rawValue)]
        }
    }
}

/// The words in the pictures of content items: `tx.pictureWords`.
struct PictureWordStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var pictureWords: PictureWordStore<Self> { PictureWordStore(tx: self) }
}

extension PictureWordStore {
    private func files(of item: ContentItem) throws -> [StoredFile] {
        try item.media.list.compactMap { try StoredFile.resource.find($0.fileID, in: tx) }
            .filter { $0.mediaType.hasPrefix("image/") }
    }

    private func isLookedAt(_ file: StoredFile) throws -> Bool {
        try tx.files.variant(of: file.id, for: PictureWords.purpose, by: PictureWords.recipe) != nil
    }

    fileprivate func toLookAt(of item: ContentItem) throws -> [StoredFile] {
        try files(of: item).filter { try !isLookedAt($0) }
    }

    /// Returns the places of an item's pictures in which words stand out too little, as far as they were looked at.
    func faint(in item: ContentItem) throws -> [PictureWords] {
        try files(of: item).flatMap { file -> [PictureWords] in
            let known = try tx.files.variant(
                of: file.id, for: PictureWords.purpose, by: PictureWords.recipe)
            return (known?.outcome["words"]?.array ?? []).compactMap { FaintWords($0) }
                .map { PictureWords(file: file.id.keyText, words: $0) }
        }
    }
}

extension PictureWordStore where Base == Transaction {
    /// Has the pictures of an item looked at that nobody has looked at yet.
    func ask(of item: ContentItem) throws {
        guard try !toLookAt(of: item).isEmpty else { return }
        try tx.jobs.enqueue(
            PictureWordsJob.self, .init(item: item.id),
            JobOptions(uniqueKey: "\(item.id)", subject: item.subject))
    }
}
