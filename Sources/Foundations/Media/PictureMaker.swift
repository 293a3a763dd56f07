internal import CVips
internal import Glibc
internal import JSON

/// Reads pictures, and makes them fit. It lives in a process of its own (`MediaChild`).
@safe struct PictureMaker {
    /// The largest picture: few bytes can say that they are many points.
    private static let pixelsMax = 50_000_000, sideMax = 30_000
    /// The most pictures that one may be, and all its points together.
    private static let pagesMax = 1000, pagesPixelsMax = 200_000_000
    /// The qualities of a JPEG, the best first, and the number of times that a picture is made smaller to
    /// fit.
    private static let qualities: [Int32] = [90, 82, 74, 65], roundsMax = 8

    private let vips: UnsafeMutablePointer<bureau_vips>

    init() throws(LibraryMissing) {
        unsafe vips = .allocate(capacity: 1)
        if let words = unsafe bureau_vips_load(vips) {
            throw unsafe LibraryMissing(what: String(cString: words))
        }
    }

    var version: String { unsafe String(cString: vips.pointee.version()!) }

    /// A picture that has been opened, and of which only its head is read.
    private struct Head {
        var type = ""
        var shape = PictureRecipe.Shape(width: 0, height: 0)
        var isMoving = false
        /// Whether it says where or when it was made, or in which of its corners its top is.
        var tells = false
        var isOfWeb = true
        var hasAlpha = false
    }

    func fit(_ bytes: [UInt8], by recipe: PictureRecipe) -> MediaMessage {
        guard let type = Self.type(of: bytes) else { return .refused(.notMedia) }
        let head: Head
        switch read(bytes, type) {
        case .success(let found): head = found
        case .failure(let refusal): return .refused(refusal.fault)
        }
        let takesAsItIs =
            recipe.types.contains(type) && bytes.count <= recipe.bytesMax && recipe.takes(head.shape)
            && !head.tells && head.isOfWeb
        guard isWhole(bytes, head) else { return .refused(.damaged) }
        guard !takesAsItIs else {
            return MediaMessage([
                "fits": PictureFinding(
                    type: type, width: head.shape.width, height: head.shape.height, size: bytes.count
                ).json
            ])
        }
        // Moving pictures cannot be written here, and a still one would say something else.
        guard !head.isMoving else {
            return .refused(recipe.types.contains(type) && bytes.count > recipe.bytesMax ? .heavy : .moving)
        }
        guard let shape = recipe.shape(of: head.shape) else { return .refused(.shape) }
        return make(bytes, head, shape, recipe)
    }

    // MARK: Looking at words

    /// The longest side in which words are looked for.
    private static let lookedAtMax: Int32 = 1200

    /// Finds words that stand out too little.
    func faintWords(in bytes: [UInt8]) -> MediaMessage {
        guard let type = Self.type(of: bytes) else { return .refused(.notMedia) }
        let head: Head
        switch read(bytes, type) {
        case .success(let found): head = found
        case .failure(let refusal): return .refused(refusal.fault)
        }
        guard !head.isMoving else { return .refused(.moving) }
        var (width, height) = (Int32(0), Int32(0)), size = 0
        let points = unsafe bytes.withUnsafeBytes { buffer -> [UInt8]? in
            guard
                let found = unsafe bureau_vips_points(
                    vips, buffer.baseAddress, buffer.count, Self.lookedAtMax, &width, &height, &size)
            else { return nil }
            return unsafe taken(found, size)
        }
        guard let points, width > 0, height > 0, points.count == Int(width) * Int(height) * 3 else {
            return .refused(.damaged)
        }
        let tones = PictureTones(width: Int(width), height: Int(height), points: points)
        let scale = Double(head.shape.width) / Double(width)
        return MediaMessage(["faint": .array(tones.faintWords.map { $0.scaled(by: scale).json })])
    }

    // MARK: Reading

    private struct Refusal: Error {
        let fault: MediaFault
    }

    /// Reads the head of a picture.
    private func read(_ bytes: [UInt8], _ type: String) -> Result<Head, Refusal> {
        unsafe bytes.withUnsafeBytes { buffer in
            let mayMove = type == "image/gif" || type == "image/webp"
            guard
                let image = unsafe bureau_vips_open(vips, buffer.baseAddress, buffer.count, mayMove ? -1 : 1)
            else { return .failure(Refusal(fault: .damaged)) }
            defer { unsafe vips.pointee.unref(image) }
            let (width, height) = unsafe (
                Int(vips.pointee.get_width(image)), Int(vips.pointee.get_page_height(image))
            )
            let pages = unsafe mayMove ? Int(vips.pointee.get_n_pages(image)) : 1
            guard (1...Self.sideMax).contains(width), (1...Self.sideMax).contains(height),
                width * height <= Self.pixelsMax, pages <= Self.pagesMax,
                width * height * pages <= Self.pagesPixelsMax
            else { return .failure(Refusal(fault: .tooLarge)) }
            var head = Head()
            let turn = unsafe Int(vips.pointee.get_orientation(image))
            head.type = type
            head.shape =
                turn >= 5
                ? .init(width: height, height: width) : .init(width: width, height: height)
            head.isMoving = pages > 1
            head.tells = unsafe turn != 1 || tells(image)
            let colours = unsafe vips.pointee.get_interpretation(image)
            head.isOfWeb = colours == VIPS_INTERPRETATION_sRGB || colours == VIPS_INTERPRETATION_B_W
            head.hasAlpha = unsafe vips.pointee.hasalpha(image) != 0
            return .success(head)
        }
    }

    /// Reads a picture to its last point.
    private func isWhole(_ bytes: [UInt8], _ head: Head) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            let pages: Int32 = head.isMoving ? -1 : 1
            guard let image = unsafe bureau_vips_open(vips, buffer.baseAddress, buffer.count, pages) else {
                return false
            }
            defer { unsafe vips.pointee.unref(image) }
            return unsafe bureau_vips_is_whole(vips, image)
        }
    }

    private func tells(_ image: UnsafeMutablePointer<VipsImage>) -> Bool {
        for field in ["exif-data", "xmp-data", "iptc-data"] {
            if unsafe bureau_vips_has(vips, image, field) { return true }
        }
        return false
    }

    /// The kind that the first bytes tell, whatever name and type a file was sent under.
    static func type(of bytes: [UInt8]) -> String? {
        func has(_ mark: [UInt8], at place: Int = 0) -> Bool {
            bytes.count >= place + mark.count && bytes[place...].starts(with: mark)
        }
        if has([0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if has(Array("GIF8".utf8)) { return "image/gif" }
        return has(Array("RIFF".utf8)) && has(Array("WEBP".utf8), at: 8) ? "image/webp" : nil
    }

    // MARK: Writing

    private func make(
        _ bytes: [UInt8], _ head: Head, _ shape: PictureRecipe.Shape, _ recipe: PictureRecipe
    ) -> MediaMessage {
        var shape = shape
        // Drawings stay drawings where that is taken, and as long as they are small enough.
        var writesPNG = recipe.types.contains("image/png") && (head.type != "image/jpeg")
        for _ in 0..<Self.roundsMax {
            guard let image = unsafe resized(bytes, to: shape, from: head.shape) else {
                return .refused(.damaged)
            }
            defer { unsafe vips.pointee.unref(image) }
            if writesPNG {
                if let file = unsafe png(image), file.count <= recipe.bytesMax {
                    return .made("image/png", shape, file)
                }
                writesPNG = !recipe.types.contains("image/jpeg")
            }
            if recipe.types.contains("image/jpeg"), let file = unsafe jpeg(image, head, recipe.bytesMax) {
                return .made("image/jpeg", shape, file)
            }
            shape = shape.scaled(by: 0.75)
        }
        return .refused(.heavy)
    }

    private func resized(
        _ bytes: [UInt8], to shape: PictureRecipe.Shape, from old: PictureRecipe.Shape
    ) -> UnsafeMutablePointer<VipsImage>? {
        // A point more or less by rounding is no other shape.
        let width = Double(old.width) * Double(shape.height) / Double(old.height)
        return unsafe bytes.withUnsafeBytes { buffer in
            unsafe bureau_vips_resize(
                vips, buffer.baseAddress, buffer.count, Int32(shape.width), Int32(shape.height),
                abs(width - Double(shape.width)) > 1.5)
        }
    }

    private func png(_ image: UnsafeMutablePointer<VipsImage>) -> [UInt8]? {
        var file: UnsafeMutableRawPointer?, count = 0
        guard unsafe bureau_vips_png(vips, image, &file, &count) else { return nil }
        return unsafe taken(file, count)
    }

    /// The best that is small enough.
    private func jpeg(_ image: UnsafeMutablePointer<VipsImage>, _ head: Head, _ most: Int) -> [UInt8]? {
        let flat = unsafe head.hasAlpha ? bureau_vips_flatten(vips, image) : nil
        defer { if let flat = unsafe flat { unsafe vips.pointee.unref(flat) } }
        for quality in Self.qualities {
            var file: UnsafeMutableRawPointer?, count = 0
            guard unsafe bureau_vips_jpeg(vips, flat ?? image, quality, &file, &count) else { return nil }
            let bytes = unsafe taken(file, count)
            if bytes.count <= most { return bytes }
        }
        return nil
    }

    private func taken(_ file: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8] {
        defer { unsafe vips.pointee.free(file) }
        return unsafe Array(UnsafeRawBufferPointer(start: file, count: count))
    }
}

extension MediaMessage {
    fileprivate static func made(
        _ type: String, _ shape: PictureRecipe.Shape, _ file: [UInt8]
    ) -> MediaMessage {
        MediaMessage(
            [
                "made": PictureFinding(
                    type: type, width: shape.width, height: shape.height, size: file.count
                ).json
            ], file)
    }
}
