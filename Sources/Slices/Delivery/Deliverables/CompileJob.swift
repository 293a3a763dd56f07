internal import Agents
internal import Database
internal import Documents
internal import JSON
internal import Jobs
internal import Markdown
internal import Markup
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wire

/// Makes one file of several, and a new version of the deliverable with it. The bytes are written before the version
/// that names them; killed in between, it makes them again.
struct CompileJob: JobKind {
    struct Work: Codable, Sendable {
        let deliverable: ID<Deliverable>
        let parts: [ID<StoredFile>]
        let form: String, title: String
    }
    typealias Payload = OnBehalf<Work>

    static let kind = "deliverable.compile"
    static let attemptsMax = 3
    let services: DeliveryServices

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let form = Compilation.Form(rawValue: payload.form) ?? .pdf
        let bytes =
            switch form {
            case .zip: try job.read { try archive(payload, in: $0) }
            case .pdf: try await paper(payload, job)
            }
        let content = try await FileStore(services.platform.database).write(bytes, job)
        let actor = payload.actor
        try await job.complete { tx in
            guard let old = try Deliverable.resource.find(payload.deliverable, in: tx) else { return }
            let file = try tx.files.create(
                content, name: "\(payload.title).\(form.rawValue)", client: old.clientID, by: actor)
            try tx.deliverables.replace(old, with: file, title: payload.title, by: actor)
        }
    }

    /// The files as they are, each under a name of its own.
    private func archive(_ payload: Payload, in reader: Reader) throws -> [UInt8] {
        var archive = ZipArchive(), taken: Set<String> = []
        for file in try files(payload, in: reader) {
            var name = file.name, number = 1
            while !taken.insert(name).inserted {
                number += 1
                name = "\(number) \(file.name)"
            }
            archive.add(name, try reader.files.content(of: file))
        }
        return archive.bytes
    }

    private func files(_ payload: Payload, in reader: Reader) throws -> [StoredFile] {
        try payload.parts.map { id in
            guard let file = try StoredFile.resource.find(id, in: reader) else {
                throw JobFailure.terminal("not_found", "the file \(id) is gone")
            }
            return file
        }
    }

    // MARK: Paper

    private func paper(_ payload: Payload, _ job: JobContext) async throws -> [UInt8] {
        let parts = try job.read { try files(payload, in: $0) }
        let front = try job.read { try cover(payload, in: $0) }
        var pages = [try await services.dependencies.set(front)]
        for file in parts {
            let bytes = try job.read { try $0.files.content(of: file) }
            switch CompiledPart(of: file) {
            case .pdf: pages.append(bytes)
            case .picture:
                guard let page = PicturePage(bytes)?.pdf() else { throw unreadable(file) }
                pages.append(page)
            case let kind:
                guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable(file) }
                let texts = blocks(of: text, kind)
                let document = try job.read { try sheet(file.name, texts, in: $0) }
                pages.append(try await services.dependencies.set(document))
            }
        }
        do {
            return try PDFJoin.joined(pages)
        } catch {
            // The first one is the cover.
            let place = error.file.map { $0 - 1 } ?? -1
            guard parts.indices.contains(place) else {
                throw JobFailure.terminal("library", "the parts could not be joined")
            }
            throw unreadable(parts[place])
        }
    }

    private func unreadable(_ file: StoredFile) -> JobFailure {
        .terminal("unreadable", "the file \(file.name) is damaged or locked")
    }

    private func blocks(of text: String, _ kind: CompiledPart?) -> [Block] {
        switch kind {
        case .markdown: [.markdown(text)]
        case .html: MarkupDocument(html: text).blocks().map { .text($0.text) }
        default:
            text.replacing("\r\n", with: "\n").split(separator: "\n\n").map {
                .text(String($0).trimmed)
            }
        }
    }

    private func cover(_ payload: Payload, in reader: Reader) throws -> Document {
        let deliverable = try Deliverable.resource.find(payload.deliverable, in: reader)
        let client = try deliverable.flatMap { try Client.resource.find($0.clientID, in: reader) }
        var document = try sheet(payload.title, [], in: reader)
        document.blocks = [.cover(Cover(subtitle: client?.name))]
        return document
    }

    private func sheet(_ title: String, _ blocks: [Block], in reader: Reader) throws -> Document {
        Document(
            title: title, language: try reader.agency.tenant().locale,
            brand: try services.dependencies.brand(reader), created: reader.now,
            blocks: blocks.isEmpty ? [.space(1)] : blocks)
    }
}

extension DeliverableStore where Base == Transaction {
    /// Has a deliverable compiled, in the background.
    func compile(_ deliverable: Deliverable, _ wanted: Compilation, by actor: Actor) throws {
        try deliverable.require("submit")
        try wanted.check(of: deliverable.clientID, in: tx)
        try tx.jobs.enqueue(
            CompileJob.self,
            .init(
                .init(
                    deliverable: deliverable.id, parts: wanted.parts, form: wanted.form.rawValue,
                    title: wanted.title.trimmed), of: actor),
            JobOptions(subject: deliverable.subject))
    }

    /// Makes a new version of a deliverable, of one file. What was submitted meanwhile stays as it is.
    fileprivate func replace(
        _ old: Deliverable, with file: StoredFile, title: String, by actor: Actor
    ) throws {
        guard old.isOpen else { return }
        var new = old
        (new.files, new.revision) = ([file.id], old.revision + 1)
        var version = DeliverableVersion()
        (version.number, version.text, version.files) = (new.revision, new.text, new.files)
        (version.notes, version.submittedBy) = (title, actor.id)
        new.versions.list.append(version)
        try tx.update(old, to: &new, by: actor, action: "deliverable.compiled")
        try tx.publish("deliverable.compiled", new.subject, new.payload)
    }
}
