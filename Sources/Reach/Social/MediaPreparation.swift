package import Database
internal import JSON
package import Media
package import Nouns
internal import Records
package import Tenancy

/// A place for which a file is made to fit, such as a format of a network, by the name under which that is kept.
package struct MediaPurpose: Hashable {
    package let name: String
    /// Tells what the place takes, as it is kept beside what was found; a table that has changed is asked anew.
    let recipe: String
    fileprivate let work: Work

    fileprivate enum Work: Hashable {
        case picture(PictureRecipe)
        case look
        case film(FilmRecipe)
    }

    /// Whether a film is made, which takes about twice as long as it lasts.
    package var isMaking: Bool { if case .film = work { true } else { false } }

    /// The head of a piece on a blog, which takes what browsers show.
    package static let blog = MediaPurpose(
        "blog",
        .picture(
            PictureRecipe(types: ["image/jpeg", "image/png", "image/gif", "image/webp"], bytesMax: 25 << 20)))

    private init(_ name: String, _ work: Work) {
        (self.name, self.work) = (name, work)
        recipe =
            switch work {
            case .picture(let wanted): wanted.json.serialized
            case .look: "1"
            case .film(let wanted): wanted.json.serialized
            }
    }

    /// A film that its network does not take as it is, or a part of one.
    package init(making recipe: FilmRecipe, on network: SocialNetwork, as format: PostFormat) {
        let part = recipe.part.map { "/\($0.start)-\($0.end.map { "\($0)" } ?? "end")" } ?? ""
        self.init("film/\(network.rawValue)/\(format.rawValue)\(part)", .film(recipe))
    }

    /// `nil` where the bytes at its beginning are of no picture and no film, or the network takes none such.
    package init?(_ probe: MediaProbe, on network: SocialNetwork, as format: PostFormat) {
        if probe.isVideo {
            self.init("film", .look)
        } else if probe.isImage, let wanted = network.rules.recipe(of: format) {
            self.init("\(network.rawValue)/\(format.rawValue)", .picture(wanted))
        } else {
            return nil
        }
    }
}

/// The finding about a picture or film, as `file_variants` has it.
package enum MediaVerdict {
    case picture(PictureFinding)
    case film(FilmFinding)
    case refused(MediaFault)

    init?(_ json: JSON) {
        if let fault = json["fault"]?.text.flatMap(MediaFault.init) {
            self = .refused(fault)
        } else if let picture = PictureFinding(json["picture"]) {
            self = .picture(picture)
        } else if let film = FilmFinding(json["film"]) {
            self = .film(film)
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .picture(let picture): ["picture": picture.json]
        case .film(let film): ["film": film.json]
        case .refused(let fault): ["fault": .string(fault.rawValue)]
        }
    }
}

extension StoredFileStore {
    /// Returns what is known of a file and a purpose, with the file that was made of it; nothing where nobody has
    /// looked yet.
    package func found(
        of file: ID<StoredFile>, for purpose: MediaPurpose
    ) throws -> (verdict: MediaVerdict?, made: StoredFile?) {
        guard let known = try variant(of: file, for: purpose.name, by: purpose.recipe) else {
            return (nil, nil)
        }
        let made = try known.variantID.flatMap { try StoredFile.resource.find($0, in: tx) }
        return (MediaVerdict(known.outcome), made)
    }
}

/// Has pictures and films made to fit where they are shown: once for each file and purpose. No transaction is open
/// meanwhile.
package struct MediaPreparation: Sendable {
    private let worker: MediaWorker
    package let database: Database

    package init(_ parts: ModuleParts) throws {
        (worker, database) = (try parts[MediaWorker.self], parts.services.database)
    }

    /// Prepares a file that nobody has looked at yet. Throws `MediaWorkerError`, too.
    package func prepare(
        _ file: StoredFile, for purpose: MediaPurpose, of tenant: TenantID
    ) async throws {
        let bytes = try database.read(tenant) { try $0.files.content(of: file) }
        let (verdict, made) = try await look(at: bytes, for: purpose)
        var content: FileStore.Content?
        if let made { content = try await FileStore(database).write(made, tenant) }
        let name = file.name(of: purpose, made: verdict)
        try await database.write(tenant, .batch) { [content] tx in
            try tx.files.keep(
                verdict.json, content, named: name, of: file, for: purpose.name, by: purpose.recipe)
        }
    }

    private func look(
        at bytes: [UInt8], for purpose: MediaPurpose
    ) async throws(MediaWorkerError) -> (MediaVerdict, made: [UInt8]?) {
        switch purpose.work {
        case .look:
            switch try await worker.look(atFilm: bytes) {
            case .film(let film): (.film(film), nil)
            case .refused(let fault): (.refused(fault), nil)
            }
        case .film(let recipe): verdict(try await worker.fit(film: bytes, by: recipe)) { .film($0) }
        case .picture(let recipe): verdict(try await worker.fit(bytes, by: recipe)) { .picture($0) }
        }
    }

    private func verdict<Finding>(
        _ outcome: FittingOutcome<Finding>, _ found: (Finding) -> MediaVerdict
    ) -> (MediaVerdict, made: [UInt8]?) {
        switch outcome {
        case .fits(let finding): (found(finding), nil)
        case .made(let finding, let bytes): (found(finding), bytes)
        case .refused(let fault): (.refused(fault), nil)
        }
    }
}

extension StoredFile {
    /// `garden.png` becomes `garden-instagram-post.jpg`.
    fileprivate func name(of purpose: MediaPurpose, made verdict: MediaVerdict) -> String {
        let stem = name.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(
            separator: ".")
        let ending =
            switch verdict {
            case .film: "mp4"
            case .picture(let picture) where picture.type == "image/png": "png"
            default: "jpg"
            }
        let front = stem.isEmpty ? name : stem
        return "\(front)-\(purpose.name.replacing("/", with: "-")).\(ending)"
    }
}
