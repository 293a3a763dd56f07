internal import Database
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// A file that somebody hands over with a form. Its bytes are kept at once, by their digest; the file is made with the
/// submission. Until then it is known by a sealed token alone, and bytes that no form ever claims are removed.
struct FormFile: Sendable {
    static let sizeMax = 10 * 1024 * 1024
    /// The limits of files in one field, and of bytes in one submission by the form's page.
    static let filesMax = 5, bytesMax = 20 * 1024 * 1024
    private static let lifetime = Duration.seconds(6 * 3600)

    /// The types that are taken from strangers, told from the bytes: pictures, documents, tables, films, sound; nothing
    /// that runs.
    private static let types: Set<String> = [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/tiff", "image/bmp",
        "application/pdf", "text/plain", "text/csv", "application/rtf", "text/rtf", "application/msword",
        "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "video/mp4", "video/quicktime",
        "video/webm", "audio/mpeg", "audio/mp4",
    ]
    private static let families = [
        "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.",
    ]

    let content: FileStore.Content
    let name: String

    /// Why bytes are not taken; `nil`: they are.
    static func fault(_ bytes: [UInt8], at pointer: String) -> Fault? {
        if bytes.count > sizeMax {
            return Fault(pointer, "too_long", "The file may have at most \(sizeMax >> 20) MB.")
        }
        let type = MediaType.sniffed(bytes)
        guard types.contains(type) || families.contains(where: type.hasPrefix) else {
            return Fault(
                pointer, "invalid_choice",
                "The file is of the type \(type): send a picture, PDF, text, table or film.")
        }
        return nil
    }

    /// Keeps the bytes, and answers with the token that stands for them.
    static func keep(
        _ bytes: [UInt8], name: String?, for form: ID<Form>, of tenant: TenantID,
        _ services: PlatformServices
    ) async throws -> (token: String, file: FormFile) {
        let content = try await FileStore(services.database).write(bytes, tenant)
        let file = FormFile(content: content, name: StoredFile.cleanName(name))
        let token = try services.links.token(
            .formFile, tenant, file.text(for: form), expiresAt: services.now() + lifetime)
        return (token, file)
    }

    /// `nil` for a token of another form, one that is over, or none at all.
    init?(
        _ token: String, for form: ID<Form>, of tenant: TenantID, at now: Instant, _ links: PublicLinks
    ) {
        guard let link = links.open(.formFile, token, at: now), link.tenant == tenant else { return nil }
        let parts = link.subject.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
            .map(String.init)
        guard parts.count == 5, parts[0] == form.text, let size = Int(parts[2]) else { return nil }
        content = FileStore.Content(sha256: parts[1], size: size, mediaType: parts[3])
        name = parts[4]
    }

    private init(content: FileStore.Content, name: String) { (self.content, self.name) = (content, name) }

    private func text(for form: ID<Form>) -> String {
        "\(form.text) \(content.sha256) \(content.size) \(content.mediaType) \(name)"
    }
}

extension Form {
    var fileFields: [FormField] { fields.list.filter { $0.kind == .file } }
}
